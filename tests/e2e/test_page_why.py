"""Why the page says so, and the calls that it gives to copy."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line

from .browser import Page

PIXELS = """
const done = arguments[1], image = document.querySelector(arguments[0]);
image.decode().then(() => {
  const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
  [sheet.width, sheet.height] = [image.naturalWidth, image.naturalHeight];
  pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, sheet.width, sheet.height).data;
  done([sheet.height, sheet.width, [...pixels].filter((_, i) => i % 4 === 0)]);
});
"""


def _explained(page: Page) -> None:
    page.run("document.getElementById('why').scrollIntoView()")
    page.until(lambda: page.find("#stages:not(.stale)"), "an explanation")


def _saved(page: Page, folder: Path) -> bytes:
    """Follow the link that saves the picture."""
    behaviour = {"behavior": "allow", "downloadPath": str(folder)}
    page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)
    page.find("#save").click()
    page.until((folder / "digit.png").exists, "a download")
    return (folder / "digit.png").read_bytes()


def test_the_stages_shown_are_those_of_what_was_drawn(page: Page, tmp_path: Path) -> None:
    page.draw("2b")
    page.expect("sure", "2")
    _explained(page)
    stages = walk_line(decode(_saved(page, tmp_path)))
    height, width, pixels = page.driver.execute_async_script(PIXELS, "#stage-sample")
    shown = np.array(pixels).reshape(height, width)
    assert np.abs(shown - np.rint(255 - 255 * stages.sample)).max() <= 1
    box = page.find("#stage-box rect")
    assert int(str(box.get_attribute("width"))) == stages.glyph.box.width


def test_what_carried_the_decision_is_seen_in_colour(page: Page) -> None:
    page.draw("4")
    page.expect("sure", "4")
    _explained(page)
    orange = page.run(
        "const p = occlusion.getContext('2d').getImageData(0, 0, 28, 28).data;"
        "let n = 0; for (let i = 0; i < p.length; i += 4) n += p[i] - p[i + 2] > 60; return n"
    )
    assert orange > 10


def test_the_classic_reading_stands_beside_it(page: Page) -> None:
    page.find("#examples button:has([src$='paint.png'])").click()
    page.expect("sure", "5")
    _explained(page)
    assert page.find("#classic").is_displayed()
    assert len(page.text("#classic-digit")) == 1
    assert "shrunk to 28×28" in page.text("#classic-said")
    assert "mlp" in page.text("#classic-said")


def test_it_follows_the_drawing_and_leaves_with_it(page: Page) -> None:
    page.draw("3")
    page.expect("sure", "3")
    _explained(page)
    page.run("scrollTo(0, 0)")
    page.find("#clear").click()
    page.expect("idle")
    assert page.driver.find_elements("css selector", "#stages img[src]") == []
    assert page.text("#classic-digit") == ""


def test_nothing_is_explained_that_nobody_sees(page: Page) -> None:
    page.resize(1280, 500)
    page.run("scrollTo(0, 0)")
    page.draw("6")
    page.settle()
    page.until(lambda: page.text("#spoken").startswith("6"), "rest")
    asked = [one for one in page.requests() if one["method"] == "Network.requestWillBeSent"]
    assert not any(one["params"]["request"]["url"].endswith("/explain") for one in asked)


def test_the_answer_and_both_calls_are_what_they_say(page: Page, tmp_path: Path) -> None:
    page.draw("9")
    page.expect("sure", "9")
    picture = Image.open(BytesIO(_saved(page, tmp_path)))
    assert picture.size == (320, 320)
    shown = json.loads(page.text("#json"))
    curl = ["bash", "-c", page.text("#curl")]
    answer = subprocess.run(curl, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == shown
    python = [sys.executable, "-W", "error", "-c", page.text("#python")]
    printed = subprocess.run(python, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed.stdout == "9\n"


@pytest.mark.parametrize("may", [True, False])
def test_they_can_be_copied(page: Page, *, may: bool) -> None:
    """Where the browser keeps its clipboard, as it does without TLS, they are selected at least."""
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"] if may else []
    grant = {"origin": page.address, "permissions": allowed}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", grant)
    page.draw("1")
    page.settle()
    page.find("button[data-copies=curl]").click()
    said = "Copied" if may else "Selected: press Ctrl+C"
    page.until(lambda: page.text("button[data-copies=curl]") == said, "a copy")
    read = "navigator.clipboard.readText().then(arguments[0])"
    copied = (
        page.driver.execute_async_script(read) if may else page.run("return `${getSelection()}`")
    )
    assert copied == page.text("#curl")
