"""Pictures that come to the page: chosen, dropped, pasted, photographed, or of its examples."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys

from inkdigits.service.routes.page import STATIC

from .browser import Page

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "pictures"
COPY = """
const done = arguments[1];
fetch(arguments[0]).then((answer) => answer.blob())
  .then((blob) => navigator.clipboard.write([new ClipboardItem({"image/png": blob})]))
  .then(() => done("copied"), (error) => done(String(error)));
"""
EXAMPLES = {
    "mnist.png": ("sure", "3"),
    "paint.png": ("sure", "5"),
    "photo.jpg": ("sure", "2"),
    "letter.png": ("none", "–"),
    "blank.png": ("blank", "○"),
}


@pytest.mark.parametrize("name", ["7_photo.jpg", "4_transparent.png"])
def test_a_chosen_picture_is_read_and_shown_with_its_box(page: Page, name: str) -> None:
    page.find("#file").send_keys(str(GOLDEN / name))
    page.expect("sure", name[0])
    assert page.find("#picture").is_displayed()
    page.until(lambda: page.find("#marks rect"), "a box")
    assert name in page.text("#curl")


def test_the_box_lies_around_the_digit(page: Page) -> None:
    """A small digit in the lower right corner of a large sheet."""
    page.find("#file").send_keys(str(GOLDEN / "6_corner.png"))
    page.expect("sure", "6")
    page.until(lambda: page.find("#marks rect"), "a box")
    box, pad = page.place("#marks rect"), page.place("#pad")
    assert box["left"] - pad["left"] > 0.85 * pad["width"]
    assert box["right"] < pad["right"]
    assert 0.03 < box["width"] / pad["width"] < 0.12


def test_a_dropped_picture_is_read(page: Page) -> None:
    pad = page.place("#pad")
    place = {"x": pad["left"] + 50, "y": pad["top"] + 50}
    files = [str(GOLDEN / "8_colours.png")]
    data = {"items": [], "files": files, "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver"):
        event = {"type": kind, **place, "data": data}
        page.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)
    page.until(lambda: "over" in str(page.find("#pad").get_attribute("class")), "a sign")
    page.driver.execute_cdp_cmd("Input.dispatchDragEvent", {**event, "type": "drop"})
    page.expect("sure", "8")
    assert "over" not in str(page.find("#pad").get_attribute("class"))


def test_a_pasted_picture_is_read(page: Page) -> None:
    grant = {
        "origin": page.address,
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
    }
    page.driver.execute_cdp_cmd("Browser.grantPermissions", grant)
    copied = page.driver.execute_async_script(COPY, "static/examples/paint.png")
    assert copied == "copied"
    page.find("body").send_keys(Keys.CONTROL, "v")
    page.expect("sure", "5")
    assert page.find("#picture").is_displayed()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_what_it_is_for(page: Page, name: str) -> None:
    page.find(f"#examples button:has([src$='{name}'])").click()
    page.expect(*EXAMPLES[name])


def test_all_examples_are_shown(page: Page) -> None:
    assert {path.name for path in (STATIC / "examples").iterdir()} == set(EXAMPLES)
    sizes = page.run(
        "return [...document.querySelectorAll('#examples img')].map((i) => i.naturalWidth)"
    )
    assert len(sizes) == len(EXAMPLES)
    assert all(sizes)


def test_drawing_puts_a_picture_away_and_undo_brings_it_back(page: Page) -> None:
    page.find("#examples button").click()
    page.expect("sure", "3")
    page.draw("7")
    page.expect("sure", "7")
    assert not page.find("#picture").is_displayed()
    for _ in range(2):
        page.find("#undo").click()
    page.expect("sure", "3")


def test_what_only_the_browser_reads_is_turned_into_png(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "five.webp"
    Image.open(GOLDEN / "5_marker.png").save(picture, "WEBP", lossless=True)
    page.find("#file").send_keys(str(picture))
    page.expect("sure", "5")
    assert "picture.png" in page.text("#curl")


def test_a_file_that_is_too_large_is_told_the_limit(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes((GOLDEN / "3_small.png").read_bytes() + bytes(9 * 1024 * 1024))
    page.find("#file").send_keys(str(large))
    page.expect("fault", "!")
    assert page.text("#verdict") == "Too large"
    assert page.text("#remark") == "This file has 9.0 MB; up to 8.0 MB can be read."


def test_a_picture_with_too_many_pixels_is_told_so(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    Image.new("1", (13_000, 400)).save(large)
    page.find("#file").send_keys(str(large))
    page.expect("fault", "!")
    assert "12,000" in page.text("#remark")


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        ("notes.txt", b"no picture at all", "Not a picture that can be read"),
        ("cut.png", (GOLDEN / "3_small.png").read_bytes()[:90], "Damaged picture"),
        ("empty.png", b"", "Damaged picture"),
    ],
)
def test_what_is_no_picture_is_told_in_plain_words(
    page: Page, tmp_path: Path, name: str, content: bytes, verdict: str
) -> None:
    (tmp_path / name).write_bytes(content)
    page.find("#file").send_keys(str(tmp_path / name))
    page.expect("fault", "!")
    assert page.text("#verdict") == verdict
    page.find("#examples button").click()  # and it goes on
    page.expect("sure", "3")


def test_a_photograph_comes_through_the_camera_of_a_phone(page: Page) -> None:
    assert page.find("#camera").get_attribute("capture") == "environment"
    assert not page.find("label[for=camera]").is_displayed()  # a laptop has a mouse
    photo = BytesIO()
    Image.open(GOLDEN / "9_photo.jpg").save(photo, "JPEG")
    page.find("#camera").send_keys(str(GOLDEN / "9_photo.jpg"))
    page.expect("sure", "9")
