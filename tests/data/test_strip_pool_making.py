from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.number_stock import NumberStock
from inkdigits.data.strip_pool import KINDS, frames_needed, make_strip
from inkdigits.sample import FRAME, STRIP_HEIGHT, SYMBOLS

NOBODY = NumberStock((), (), {}, {})


@pytest.mark.parametrize("kind", KINDS)
def test_strips_hold_what_was_written(kind: str) -> None:
    rng = np.random.default_rng(0)
    made = [make_strip(NOBODY, kind, rng) for _ in range(24)]
    found = [one for one in made if one is not None]
    assert len(found) > 12
    for strip, text in found:
        assert strip.shape[0] == STRIP_HEIGHT
        assert strip.shape[1] // FRAME >= frames_needed(text)
        assert set(text) <= set(SYMBOLS)
        if kind != "any":
            assert text.isdigit()
            assert 2 <= len(text) <= 8


def test_repeats_need_a_frame_between() -> None:
    assert [frames_needed(text) for text in ("1", "12", "11", "1001")] == [1, 2, 3, 5]


def test_what_is_not_found_gives_no_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkdigits.data.strip_pool.find_rows", lambda _: [])
    assert make_strip(NOBODY, "spaced", np.random.default_rng(0)) is None


def test_a_part_of_the_line_gives_no_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    from inkdigits.data import strip_pool  # noqa: PLC0415

    whole = strip_pool.find_number_ink

    def right_half(image):
        ink = whole(image)
        ink[:, : ink.shape[1] // 2] = 0
        return ink

    monkeypatch.setattr(strip_pool, "find_number_ink", right_half)
    rng = np.random.default_rng(1)
    found = [make_strip(NOBODY, "spaced", rng) for _ in range(12)]
    assert found.count(None) >= 10


def test_real_writers_too(small_data: Path) -> None:
    from inkdigits.data.number_stock import load_number_stock  # noqa: PLC0415

    stock = load_number_stock(small_data, held=True)
    rng = np.random.default_rng(2)
    assert sum(make_strip(stock, "any", rng) is not None for _ in range(12)) > 5
