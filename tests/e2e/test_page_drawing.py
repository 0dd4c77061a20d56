"""The page, drawn on with mouse, pen, finger and keys: what it says is read off the screen."""

import re

import pytest
from selenium.webdriver.common.keys import Keys

from .browser import Page

DIGITS = "0123456789"
BRUSHES = {"hairline": 1, "pen": 16, "marker": 44}
LATENCY = """
const times = window.times = {end: 0, shown: []};
paper.addEventListener("pointerup", () => { times.end = performance.now(); });
new MutationObserver(() => requestAnimationFrame(() => times.shown.push(performance.now())))
  .observe(document.getElementById("time"), {childList: true, subtree: true});
"""


@pytest.mark.parametrize("brush", BRUSHES)
def test_ten_digits_are_read_right_whatever_the_brush(page: Page, brush: str) -> None:
    page.set_brush(BRUSHES[brush])
    read = {}
    for digit in DIGITS:
        page.draw(digit)
        state, read[digit] = page.settle()
        assert state in {"sure", "unsure"}, digit
        page.find("#clear").click()
    assert read == {digit: digit for digit in DIGITS}
    assert page.complaints() == []


def test_the_answer_follows_while_the_pen_is_down(page: Page) -> None:
    (ring,) = page.lines("0", 0.26, 0.18, 0.62)
    page.stroke(ring, lifts=False)
    page.expect("sure", "0")
    assert page.text("#time").startswith("Answered in ")
    page.lift()


def test_the_last_point_is_answered_at_once(page: Page) -> None:
    page.run(LATENCY)
    took_ms = []
    for digit in "2357":
        page.draw(digit)
        page.settle()
        page.until(lambda: page.run("return times.shown.at(-1) > times.end"), "an answer")
        took_ms.append(page.run("return times.shown.at(-1) - times.end"))
        page.find("#clear").click()
    assert min(took_ms) < 150
    assert max(took_ms) < 2000  # of a busy machine much is forgiven


def test_a_pen_draws_as_it_is_pressed(page: Page) -> None:
    pad = page.place("#paper")
    inked = """
    const c = document.getElementById("paper");
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const p = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
      let dark = 0;
      for (let i = 0; i < p.length; i += 4) dark += p[i] < 128;
      done(dark);
    })))"""
    dark = []
    for force in (0.2, 0.9):
        x = pad["left"] + 200
        line = [(x, pad["top"] + 100 + 5 * step) for step in range(40)]
        page.stroke(line, "pen", pressure=force)
        assert page.settle()[1] == "1"
        dark.append(page.run(inked))
        page.find("#clear").click()
    assert dark[1] > 1.5 * dark[0]


def test_a_finger_draws_and_the_page_stays_where_it_is(page: Page) -> None:
    page.resize(360, 640)
    for line in page.lines("3", 0.26, 0.18, 0.62):
        page.stroke(line, "touch")
    assert page.settle() == ("sure", "3")
    assert page.run("return scrollY") == 0


def test_undo_takes_back_stroke_by_stroke_and_even_what_was_cleared(page: Page) -> None:
    page.draw("0")
    assert page.settle()[1] == "0"
    page.find("#clear").click()
    assert page.settle()[0] == "idle"
    page.find("#undo").click()
    assert page.settle()[1] == "0"
    page.find("#paper").send_keys(Keys.CONTROL, "z")
    assert page.settle()[0] == "idle"
    assert not page.find("#undo").is_enabled()


def test_colours_change_nothing(page: Page) -> None:
    page.draw("5")
    for choice in page.driver.find_elements("css selector", "#colours label"):
        choice.click()
        assert page.settle() == ("sure", "5")


def test_something_else_is_no_digit_and_not_by_colour_alone(page: Page) -> None:
    pad = page.place("#paper")
    for line in (
        [(60, 60), (60, 400)],
        [(60, 60), (230, 330)],
        [(230, 330), (400, 60)],
        [(400, 60), (400, 400)],
    ):
        page.stroke([(pad["left"] + x, pad["top"] + y) for x, y in line])
    page.expect("none")
    assert page.text("#verdict") == "Not a digit"
    assert "none of 0 to 9" in page.text("#remark")


def test_what_is_between_two_digits_is_unsure_and_names_both(page: Page) -> None:
    pad = page.place("#paper")  # the roof of a 7, but as short as the flag of a 1
    points = [(0.395, 0.26), (0.53, 0.2), (0.5, 0.78)]
    page.stroke(
        [(pad["left"] + pad["height"] * x, pad["top"] + pad["height"] * y) for x, y in points]
    )
    page.settle()
    page.expect("unsure")
    assert page.text("#verdict") == "Not sure"
    assert re.fullmatch(r"Perhaps [17] \([\d.]+%\), or [17] \([\d.]+%\)\.", page.text("#remark"))
    assert page.run("return getComputedStyle(digit).webkitTextStrokeWidth") != "0px"  # hollow


def test_keys_draw_too(page: Page) -> None:
    page.press(*[Keys.TAB] * 5)  # past the links, the theme, and digit or number
    focused = page.run("return document.activeElement.id")
    assert focused == "paper"
    # A 1 from above the middle to below it, then away.
    page.press(*[Keys.ARROW_UP] * 8, Keys.SPACE, *[Keys.ARROW_DOWN] * 16, Keys.SPACE)
    assert page.settle()[1] == "1"
    assert page.run("return !!document.querySelector('#marks circle.up')")
    page.press(Keys.DELETE)
    assert page.settle()[0] == "idle"


def test_a_screen_reader_is_told_what_stays_and_not_each_step(page: Page) -> None:
    spoken = """
    window.spoken = [];
    new MutationObserver(() => spoken.push(document.getElementById("spoken").textContent))
      .observe(document.getElementById("spoken"), {childList: true});"""
    page.until(lambda: "Nothing drawn yet" in page.text("#spoken"), "the first words")
    page.run(spoken)
    page.draw("8")
    page.until(lambda: page.run("return spoken.length > 0"), "words")
    assert page.run("return spoken") == [f"8. Sure. {page.text('#remark')}"]
