"""The page's mode for numbers: shown where the service offers it, on a sheet that is wider."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.data.hand import Place, cover
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings

from .browser import Page
from .threaded import answering


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with answering(create_app(Settings(models=("cnn",)))) as started:
        yield started


@pytest.fixture
def wide(chromium: Page, address: str) -> Page:
    chromium.open(address)
    chromium.until(lambda: chromium.find("#modes").is_displayed(), "the choice")
    chromium.find("#modes label:last-child").click()
    return chromium


def test_a_number_is_read_digit_by_digit(wide: Page) -> None:
    pad = wide.place("#paper")
    assert pad["width"] / pad["height"] == pytest.approx(3, rel=0.02)
    for place, digit in enumerate("20473"):
        wide.draw(digit, 0.15 + 0.55 * place, top=0.2, height=0.6)
    wide.until(lambda: _read(wide) == "20473", "20473")
    assert wide.settle()[0] == "sure"
    texts = "return [...document.querySelectorAll('#digit small')].map((one) => one.textContent)"
    shares = wide.run(texts)
    assert len(shares) == 5
    assert all(share.endswith("%") for share in shares)
    boxes = wide.driver.find_elements("css selector", "#marks rect")
    assert len(boxes) == 5
    middle = boxes[2].rect["x"] + boxes[2].rect["width"] / 2
    assert 0.15 + 1.1 < (middle - pad["left"]) / pad["height"] < 0.15 + 1.1 + 0.6 * 0.8
    assert wide.driver.find_elements("css selector", "#readings li b")[0].text == "20473"
    assert "/numbers" in wide.text("#curl")
    assert not wide.find("#odds").is_displayed()
    assert not wide.find("#why").is_displayed()
    assert wide.complaints() == []


def _read(page: Page) -> str:
    spans = "return [...document.querySelectorAll('#digit span')].map((one) => one.firstChild.data)"
    return "".join(page.run(spans))


def test_a_picture_of_a_number_has_its_boxes_where_it_is_shown(wide: Page, tmp_path: Path) -> None:
    places = [(digit, Place(30 + 120 * at, 20, 100)) for at, digit in enumerate("8150")]
    covered = sum(cover(digit, (500, 140), place, 8) for digit, place in places)
    grey = np.rint(255 - 255 * np.clip(covered, 0, 1)).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "n.png")
    wide.find("#file").send_keys(str(tmp_path / "n.png"))
    wide.until(lambda: _read(wide) == "8150", "8150")
    wide.until(lambda: wide.find("#marks rect"), "boxes")
    boxes = [one.rect for one in wide.driver.find_elements("css selector", "#marks rect")]
    shown = wide.place("#pad")
    scale = min(shown["width"] / 500, shown["height"] / 140)
    left = shown["left"] + (shown["width"] - 500 * scale) / 2
    assert boxes[0]["x"] == pytest.approx(left + scale * (30 + 0.2 * 80), abs=12 * scale)


def test_going_back_to_one_digit_begins_anew(wide: Page) -> None:
    wide.draw("5", 0.2)
    wide.until(lambda: _read(wide) == "5", "5")
    wide.find("#modes label:first-of-type").click()
    wide.expect("idle")
    wide.draw("5")
    wide.expect("sure", "5")
    assert wide.find("#odds").is_displayed()
    assert wide.driver.find_elements("css selector", "#marks rect") == []


def test_where_numbers_are_not_offered_there_is_no_choice(page: Page) -> None:
    page.draw("1")
    page.settle()
    features = page.driver.execute_async_script(
        "fetch('models').then((sent) => sent.json()).then((body) => arguments[0](body.features))"
    )
    assert page.find("#modes").is_displayed() == ("numbers" in features)
