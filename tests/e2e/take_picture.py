"""Take the README's picture of the page anew: `python -m tests.e2e.take_picture`."""

import io
import tempfile
from base64 import b64decode
from pathlib import Path

from PIL import Image

from .browser import Page, start_chromium
from .conftest import serving

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "page.png"


def main() -> None:
    """Draw a 4 as it is seldom written, and keep what the page shows of it."""
    with serving() as server, tempfile.TemporaryDirectory() as profile:
        driver = start_chromium(Path(profile))
        try:
            PICTURE.write_bytes(_take(Page(driver), server.address))
        finally:
            driver.quit()
    print(f"{PICTURE.stat().st_size} bytes in {PICTURE.name}")  # noqa: T201


def _take(page: Page, address: str) -> bytes:
    page.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    page.open(address)
    page.draw("4b")
    for swatch in page.driver.find_elements("css selector", "#colours label")[::-1]:
        swatch.click()  # the first answers of a new server take longer
        page.settle()
    page.run("document.getElementById('why').scrollIntoView()")
    page.until(lambda: page.find("#stages:not(.stale)"), "an explanation")
    page.run("scrollTo(0, 0); document.getAnimations().forEach((one) => one.finish())")
    part = {"x": 0, "y": 0, "width": 1280, "height": page.place("#why")["bottom"] + 24, "scale": 1}
    wanted = {"format": "png", "captureBeyondViewport": True, "clip": part}
    shown = page.driver.execute_cdp_cmd("Page.captureScreenshot", wanted)
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(b64decode(shown["data"]))).convert("RGB")
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
