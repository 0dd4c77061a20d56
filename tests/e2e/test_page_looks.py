"""How the page looks, reads aloud and behaves: sizes, schemes, keys, axe, weight, no foreigner."""

import httpx
import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.keys import Keys

from inkdigits.service.routes.page import STATIC

from .browser import Page
from .conftest import Server

KB = 1000
SIZES = {
    "phone on its side": (740, 360),
    "phone": (360, 640),
    "tablet": (820, 1180),
    "laptop": (1280, 800),
    "projector": (1920, 1080),
}
COLOUR = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_axe_finds_nothing(chromium: Page, shipped: Server, scheme: str, size: str) -> None:
    chromium.open(shipped.address, *SIZES[size], scheme)
    found = _violations(chromium)
    chromium.find("#examples button:has([src$='letter.png'])").click()
    chromium.expect("none")
    chromium.run("document.getElementById('why').scrollIntoView()")
    chromium.until(lambda: chromium.find("#stages:not(.stale)"), "an explanation")
    assert found + _violations(chromium) == []


def _violations(page: Page) -> list[str]:
    page.run("document.getAnimations().forEach((one) => one.finish())")
    result = Axe().run(page.driver)
    assert len(result["passes"]) > 20
    return [
        f"{rule['impact']}: {rule['id']}: {node['html'][:120]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def test_dark_is_dark_when_wished_and_can_be_chosen(chromium: Page, shipped: Server) -> None:
    chromium.open(shipped.address, scheme="light")
    light = chromium.run(COLOUR, "body", "backgroundColor")
    chromium.prefer("dark")
    dark = chromium.run(COLOUR, "body", "backgroundColor")
    assert _brightness(dark) < 60
    assert _brightness(light) > 200
    chromium.prefer("light")
    chromium.find("#theme").click()
    assert chromium.run(COLOUR, "body", "backgroundColor") == dark
    chromium.driver.refresh()
    assert chromium.run(COLOUR, "body", "backgroundColor") == dark
    assert chromium.find("#theme").get_attribute("aria-pressed") == "true"
    chromium.find("#theme").click()
    assert chromium.run(COLOUR, "body", "backgroundColor") == light


def _brightness(colour: str) -> float:
    tones = colour.partition("(")[2].rstrip(")").split(",")[:3]
    return sum(float(tone) for tone in tones) / 3


@pytest.mark.parametrize("size", SIZES)
def test_it_fits_and_the_answer_is_seen_while_drawing(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.resize(width, height)
    page.draw("3")
    page.expect("sure", "3")
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert page.run("return scrollY") == 0
    for part in ("#pad", "#digit", "#verdict"):
        place = page.place(part)
        assert place["left"] >= 0, part
        assert place["right"] <= width, part
        assert place["bottom"] <= height, part
    if size in {"laptop", "projector"}:
        for part in ("#tools", "#examples", "#bars", "#time"):
            assert page.place(part)["bottom"] <= height, part


def test_all_of_it_can_be_done_with_keys(page: Page) -> None:
    reached = []
    for _ in range(20):
        page.press(Keys.TAB)
        reached.append(
            page.run("const e = document.activeElement; return e.id || e.className || e.tagName")
        )
        visible = page.run(
            "const e = document.activeElement, s = [e, e.nextElementSibling, e.closest('#pad')];"
            "return s.some((one) => one && getComputedStyle(one).outlineStyle !== 'none')"
        )
        assert visible, f"the focus on {reached[-1]} cannot be seen"
        if reached[-1] == "file":
            break
    assert [one for one in reached if one in {"theme", "paper", "brush"}] == [
        "theme",
        "paper",
        "brush",
    ]
    page.press(Keys.TAB, Keys.ENTER)  # the first example
    page.expect("sure", "3")
    page.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.SPACE)
    page.expect("none")


def test_nothing_foreign_is_asked_and_nothing_complained_of(page: Page) -> None:
    page.find("#examples button").click()
    page.expect("sure", "3")
    page.draw("4")
    page.expect("sure", "4")
    page.run("document.getElementById('why').scrollIntoView()")
    page.until(lambda: page.find("#stages:not(.stale)"), "an explanation")
    page.driver.refresh()
    page.draw("2")
    page.expect("sure", "2")
    sent = [one for one in page.requests() if one["method"] == "Network.requestWillBeSent"]
    addresses = {one["params"]["request"]["url"] for one in sent}
    assert len(addresses) >= 10
    own = (page.address + "/", f"blob:{page.address}/")
    assert [address for address in addresses if not address.startswith(own)] == []
    assert page.complaints() == []


def test_it_is_light_and_there_at_once(page: Page) -> None:
    page.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    page.requests()
    page.driver.refresh()
    page.until(
        lambda: page.run("return document.querySelectorAll('#examples img').length"), "images"
    )
    paint = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    page.until(lambda: page.run(paint), "a paint")
    ended = [one for one in page.requests() if one["method"] == "Network.loadingFinished"]
    weight = sum(one["params"]["encodedDataLength"] for one in ended)
    on_disk = sum(path.stat().st_size for path in STATIC.glob("**/*") if "docs" not in path.name)
    assert len(ended) >= 9
    assert weight <= 150 * KB
    assert on_disk <= 150 * KB
    assert page.run(paint) <= 3000  # of a busy machine much is forgiven; idle it is a tenth


def test_without_script_it_is_a_form(chromium: Page, shipped: Server) -> None:
    chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.driver.get(shipped.address)
        shown = {part: chromium.find(part).is_displayed() for part in ("#file", "#pad", "#answer")}
        assert shown == {"#file": True, "#pad": False, "#answer": False}
        chromium.find("#file").send_keys(str(STATIC / "examples" / "photo.jpg"))
        chromium.find("form button[type=submit]").click()
        chromium.until(lambda: chromium.driver.current_url.endswith("/predict"), "an answer")
        assert '"digit":"2"' in chromium.driver.page_source
    finally:
        chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_page_is_never_older_than_its_server(shipped: Server) -> None:
    """Browsers may keep it, but ask whether it is still the same."""
    for path in ("/", "/static/page.js", "/static/page.css"):
        assert httpx.head(shipped.address + path).headers["etag"]
