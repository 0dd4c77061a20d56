"""A real headless Chromium in, the page in it out: drawn on by pointer events, read off."""

import json
import math
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webelement import WebElement

from inkdigits.data.hand import DRAWINGS
from tests.patience import PATIENCE_S

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
NARROW = 0.8
"""As the project's hand draws: so much narrower than high."""
NEAR = 0.1
"""Of a drawing's height."""


def start_chromium(profile: Path) -> webdriver.Chrome:
    """Start Debian's Chromium with an empty profile. Without one: fail in CI, else skip."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        why = "chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    options = webdriver.ChromeOptions()
    options.binary_location = str(programs[0])
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(programs[1])
    return webdriver.Chrome(options=options, service=service)


class Page:
    """The page in a browser.

    Args:
        driver: of a Chromium.
    """

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.address = ""

    def open(
        self, address: str, width: int = 1280, height: int = 800, scheme: str = "light"
    ) -> None:
        """Load the page anew, as a visitor who was never here."""
        self.address = address
        self.resize(width, height)
        self.prefer(scheme)
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        self.driver.get(address)
        self.run("localStorage.clear()")
        self.requests(), self.complaints()  # of the page before

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def run(self, script: str, *words: Any) -> Any:
        return self.driver.execute_script(script, *words)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.find(selector).get_attribute("textContent"))

    def until(self, condition: Callable[[], object], what: str = "it") -> None:
        """Wait for what is to be seen soon."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                if condition():
                    return
            except NoSuchElementException:
                pass
            time.sleep(0.01)
        pytest.fail(f"{what} did not happen; the page says {self.said()}: {self.text('#remark')}")

    def said(self) -> tuple[str, str]:
        """What it says in large: its state and the digit."""
        state = str(self.find("#answer").get_attribute("data-state"))
        return state, self.text("#digit")

    def expect(self, state: str, digit: str | None = None) -> None:
        """Wait until it says this."""
        self.until(lambda: self.said()[0] == state and digit in (None, self.said()[1]), state)

    def settle(self) -> tuple[str, str]:
        """Wait until all that was drawn is answered, and give what is said."""
        busy = "return document.getElementById('answer').ariaBusy"
        self.until(lambda: self.run(busy) == "false", "an answer")
        return self.said()

    def place(self, selector: str) -> dict[str, float]:
        script = "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
        place: dict[str, float] = self.run(f"{script} return b.toJSON()", selector)
        return place

    def draw(
        self, name: str, left: float = 0.26, *, top: float = 0.18, height: float = 0.62
    ) -> None:
        """Draw with the mouse, as the project's own hand does. Places are in heights of the pad."""
        for line in self.lines(name, left, top, height):
            self.stroke(line)

    def lines(
        self, name: str, left: float, top: float, height: float
    ) -> list[list[tuple[float, float]]]:
        """Give a drawing's strokes in px of the window, with fewer points in its curves."""
        pad = self.place("#paper")
        unit = pad["height"]
        x0, y0 = pad["left"] + unit * left, pad["top"] + unit * top
        return [
            [(x0 + x * unit * height * NARROW, y0 + y * unit * height) for x, y in _thinned(line)]
            for line in DRAWINGS[name]
        ]

    def stroke(
        self,
        points: list[tuple[float, float]],
        kind: str = "mouse",
        *,
        lifts: bool = True,
        **more: Any,
    ) -> None:
        """Press, move and lift a mouse, pen or touch: the page cannot tell it from a hand."""
        moves = [
            {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y), **more}
            for x, y in points
        ]
        actions = [moves[0], {"type": "pointerDown", "button": 0, **more}, *moves[1:]]
        if lifts:
            actions.append({"type": "pointerUp", "button": 0})
        pointer = {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}}
        self.driver.execute(Command.W3C_ACTIONS, {"actions": [{**pointer, "actions": actions}]})

    def lift(self) -> None:
        self.driver.execute(Command.W3C_CLEAR_ACTIONS)

    def press(self, *keys: str) -> None:
        """Press keys one by one; `Keys` names those that write nothing."""
        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def set_brush(self, value: int) -> None:
        self.run(
            "const b = document.getElementById('brush'); b.value = arguments[0];"
            "b.dispatchEvent(new Event('input', {bubbles: true}))",
            value,
        )

    def complaints(self) -> list[str]:
        """What the browser's console has said since this was asked last."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def requests(self) -> list[dict[str, Any]]:
        """The network's events since this was asked last."""
        lines = self.driver.get_log("performance")
        messages = [json.loads(line["message"])["message"] for line in lines]
        return [message for message in messages if message["method"].startswith("Network.")]


def _thinned(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points that are near the one before: each costs the browser a frame."""
    kept = line[:1]
    for point in line[1:-1]:
        if math.dist(point, kept[-1]) >= NEAR:
            kept.append(point)
    return [*kept, line[-1]]
