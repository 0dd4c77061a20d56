"""What the page says of an answer is all of it; an old one never passes for a new one."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.data.hand import Place, cover
from inkdigits.decision.reject import Policy
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings, read_settings
from tests.tiny import encoded, picture

from .browser import Page
from .threaded import Held, answering

LARGE = encoded(picture("3", side=1200))  # is read in a thread
CHOOSE = """
const file = document.getElementById("file"), chosen = new DataTransfer();
const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
chosen.items.add(new File([bytes], "large.png", { type: "image/png" }));
file.files = chosen.files;
file.dispatchEvent(new Event("change"));
return document.body.className;
"""
KEY = "a key that only this test knows"


def _is_old(page: Page) -> bool:
    return bool(page.run("return document.body.classList.contains('old')"))


def _opacity(page: Page, selector: str) -> float:
    return float(page.find(selector).value_of_css_property("opacity"))


def test_an_old_answer_fades_at_once_and_reading_is_announced(
    chromium: Page, tiny_model: Path
) -> None:
    held = Held(load_model(tiny_model))
    app = create_app(Settings(threads=1, request_s=60), {"tiny": Reader(held)})
    with answering(app) as address:
        chromium.open(address)
        chromium.draw("7")
        chromium.expect("sure", "7")
        chromium.settle()
        assert not _is_old(chromium)
        assert chromium.run(CHOOSE, b64encode(LARGE).decode()) == "old"
        chromium.expect("reading", "…")
        assert (chromium.text("#verdict"), chromium.text("#spoken")) == ("Reading…", "Reading…")
        assert not chromium.find("#digit").is_displayed()
        assert _opacity(chromium, "#odds") < 0.5
        assert _opacity(chromium, "#said") == 1
        held.go.set()
        chromium.expect("sure", "3")
        assert not _is_old(chromium)
        assert _opacity(chromium, "#odds") == 1


def test_undo_and_a_new_stroke_are_no_new_picture_for_long(page: Page) -> None:
    page.draw("7")
    page.expect("sure", "7")
    page.find("#undo").click()
    page.expect("idle")
    assert not _is_old(page)


@pytest.mark.parametrize("name", ["mnist.png", "letter.png"])
def test_eleven_bars_are_one_distribution_and_nothing_is_certain(page: Page, name: str) -> None:
    page.find(f"#examples button:has([src$='{name}'])").click()
    page.expect("sure" if name == "mnist.png" else "none")
    body = json.loads(page.text("#json"))
    assert sum(body["probabilities"]) + body["not_a_digit"] == pytest.approx(1, abs=1e-6)
    bars = page.run("return [...document.querySelectorAll('#bars li')].map((b) => b.textContent)")
    assert len(bars) == 11
    best = page.text("#bars .best")
    assert best.startswith(body["digit"] or "no digit")
    assert best.endswith((f"{100 * body['confidence']:.1f}%", ">99.9%"))
    assert not any("100" in text for text in (*bars, page.text("#remark")))


def test_several_digits_are_offered_as_a_number(page: Page, tmp_path: Path) -> None:
    places = [(digit, Place(30 + 120 * at, 20, 100)) for at, digit in enumerate("8150")]
    covered = sum(cover(digit, (500, 140), place, 8) for digit, place in places)
    grey = np.rint(255 - 255 * np.clip(covered, 0, 1)).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "n.png")
    page.until(lambda: page.find("#modes").is_displayed(), "the choice")
    page.find("#file").send_keys(str(tmp_path / "n.png"))
    page.until(lambda: page.text("#verdict") == "Several digits", "words")
    page.find("#as-number").click()
    page.expect("sure")
    assert page.find("#modes [value=number]").is_selected()
    assert json.loads(page.text("#json"))["number"] == "8150"
    assert not page.find("#as-number").is_displayed()
    assert "n.png" in page.text("#curl")


def test_a_model_that_nobody_has_calibrated_is_not_called_sure(
    chromium: Page, tiny_model: Path
) -> None:
    reader = Reader(load_model(tiny_model), Policy(1.0, None, None))
    with answering(create_app(Settings(), {"tiny": reader})) as address:
        chromium.open(address)
        chromium.draw("7")
        chromium.expect("unsure", "7")
        assert chromium.text("#verdict") == "Not calibrated"
        assert chromium.text("#remark").startswith("Perhaps 7 (")
        assert not chromium.find("#calibrated").is_displayed()


def test_a_key_is_asked_for_and_kept_in_this_tab_alone(chromium: Page, tiny_model: Path) -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    settings = read_settings({"INKDIGITS_API_KEYS": f"sha256:{digest}"})
    with answering(create_app(settings, {"tiny": Reader(load_model(tiny_model))})) as address:
        chromium.open(address)
        assert not chromium.find("#key-form").is_displayed()
        chromium.draw("7")
        chromium.expect("fault", "!")
        assert chromium.find("#key").get_attribute("type") == "password"
        chromium.find("#key").send_keys("another key, and a wrong one\n")
        chromium.until(lambda: "not known here" in chromium.text("#remark"), "words")
        chromium.find("#key").send_keys(f"{KEY}\n")
        chromium.expect("sure", "7")
        assert not chromium.find("#key-form").is_displayed()
        assert "$KEY" in chromium.text("#curl")
        assert KEY not in str(chromium.find("body").get_attribute("innerHTML"))
        assert KEY not in chromium.run("return JSON.stringify(localStorage) + document.cookie")
        chromium.driver.refresh()
        chromium.draw("7")
        chromium.expect("sure", "7")
        chromium.run("sessionStorage.clear()")
