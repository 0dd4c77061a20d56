import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from inkdigits.service.settings import PREFIX, Settings, read_settings
from inkdigits.service.settings_table import settings_page


def test_the_page_is_current(repo: Path) -> None:
    written = (repo / "docs" / "settings.md").read_text(encoding="utf-8")
    mend = "python -m inkdigits.service.settings_table > docs/settings.md"
    assert written == settings_page(), f"a setting has changed; write the page anew with: {mend}"


def test_every_setting_is_described_with_its_default() -> None:
    lines = [line for line in settings_page().splitlines() if line.startswith(f"| `{PREFIX}")]
    rows = [re.fullmatch(r"\| `(\w+)` \| `?(.*?)`? \| (.+) \| (.+) \|", line) for line in lines]
    given = {row[1]: row[2] for row in rows if row}
    assert list(given) == [f"{PREFIX}{field.name.upper()}" for field in fields(Settings)]
    assert read_settings(given) == Settings()


def test_the_page_shows_defaults_ranges_and_choices() -> None:
    page = settings_page()
    assert "| `INKDIGITS_PORT` | `8000` | 0 to 65,535 | TCP port to listen on. |" in page
    assert "| `INKDIGITS_LOG_FORMAT` | `text` | `text`, `json` |" in page
    assert "INKDIGITS_DATA" in page


def test_the_command_that_the_page_names_writes_it() -> None:
    words = [sys.executable, "-m", "inkdigits.service.settings_table"]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    assert run.stdout == settings_page()
