"""What the page says when something fails, in plain words; and how it goes on by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from selenium.common.exceptions import ElementNotInteractableException

from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings, read_settings
from tests.patience import PATIENCE_S
from tests.tiny import encoded, picture

from .browser import Page
from .conftest import free_port
from .threaded import Held, answering

LARGE = encoded(picture("3", side=1200))  # is read in a thread


@pytest.fixture
def readers(tiny_model: Path) -> dict[str, Reader]:
    return {"tiny": Reader(load_model(tiny_model))}


@pytest.fixture
def large(tmp_path: Path) -> str:
    (tmp_path / "large.png").write_bytes(LARGE)
    return str(tmp_path / "large.png")


@pytest.fixture
def _online_after(chromium: Page) -> Iterator[None]:
    yield
    _connect(chromium, offline=False)


def _connect(page: Page, *, offline: bool) -> None:
    page.driver.execute_cdp_cmd("Network.enable", {})
    conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    command = "Network.emulateNetworkConditions"
    page.driver.execute_cdp_cmd(command, {"offline": offline, **conditions})


def test_a_full_server_is_asked_again_by_itself(
    chromium: Page, readers: dict[str, Reader], large: str
) -> None:
    held = Held(readers["tiny"].model)
    app = create_app(Settings(threads=1, max_waiting=4, request_s=60), {"tiny": Reader(held)})
    with answering(app) as address, ThreadPoolExecutor(2) as others:
        chromium.open(address)

        def ask() -> str:
            answer = httpx.post(f"{address}/predict", content=LARGE, timeout=PATIENCE_S)
            return str(answer.json()["digit"])

        asked = [others.submit(ask) for _ in range(2)]  # one is read, one waits: it is full
        chromium.until(lambda: app.state.engine.waiting == 1, "a full server")
        chromium.find("#file").send_keys(large)
        chromium.expect("wait", "…")
        assert chromium.text("#verdict") == "The server is full"
        assert "Trying again in " in chromium.text("#remark")
        held.go.set()
        chromium.expect("sure", "3")
        assert [one.result(PATIENCE_S) for one in asked] == ["3", "3"]


def test_a_server_that_was_stopped_is_found_again(
    chromium: Page, readers: dict[str, Reader], large: str
) -> None:
    port = free_port()
    with answering(create_app(Settings(), readers), port) as address:
        chromium.open(address)
        chromium.find("#file").send_keys(large)
        chromium.expect("sure", "3")
    chromium.draw("7")
    chromium.until(lambda: chromium.text("#verdict") == "The server does not answer", "words")
    assert chromium.said() == ("wait", "…")
    assert "Trying again in " in chromium.text("#remark")
    with answering(create_app(Settings(), readers), port):
        chromium.expect("sure", "7")


@pytest.mark.usefixtures("_online_after")
def test_who_is_offline_is_told_and_goes_on_once_online(page: Page) -> None:
    _connect(page, offline=True)
    page.draw("2")
    page.until(lambda: page.text("#verdict") == "You are offline", "words")
    _connect(page, offline=False)
    page.expect("sure", "2")


def test_nobody_has_to_wait_for_the_next_try(
    chromium: Page, readers: dict[str, Reader], large: str
) -> None:
    port = free_port()
    with answering(create_app(Settings(), readers), port) as address:
        chromium.open(address)
    chromium.find("#file").send_keys(large)
    chromium.until(lambda: _asked_again(chromium) > 4, "a longer wait")  # after each failure
    with answering(create_app(Settings(), readers), port):
        chromium.find("#again").click()
        chromium.expect("sure", "3")


def _asked_again(page: Page) -> int:
    """Press the button, and give the seconds that it would else have taken."""
    words = page.text("#remark")
    with suppress(ElementNotInteractableException):  # it is asking
        page.find("#again").click()
    return int(words.rpartition(" in ")[2].removesuffix(" s.")) if " in " in words else 0


def test_a_server_that_wants_keys_says_what_to_do(
    chromium: Page, readers: dict[str, Reader]
) -> None:
    settings = read_settings({"INKDIGITS_API_KEYS": "sha256:" + "0" * 64})
    with answering(create_app(settings, readers)) as address:
        chromium.open(address)
        chromium.draw("7")
        chromium.expect("fault", "!")
        assert chromium.text("#verdict") == "A key is needed"


def test_a_server_without_the_classic_model_shows_the_rest(
    chromium: Page, readers: dict[str, Reader], large: str
) -> None:
    with answering(create_app(Settings(), readers)) as address:
        chromium.open(address)
        chromium.find("#file").send_keys(large)
        chromium.expect("sure", "3")
        chromium.run("document.getElementById('why').scrollIntoView()")
        chromium.until(lambda: chromium.find("#stage-sample[src]"), "the sample")
        assert not chromium.find("#classic").is_displayed()
