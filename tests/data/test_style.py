import dataclasses
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.style import Style, sample_style


@given(st.integers(0, 2**32))
def test_a_style_can_be_drawn_with(seed: int) -> None:
    style = sample_style(np.random.default_rng(seed))
    frame, hand = style.frame, style.hand
    assert min(frame.height, frame.width) >= 20
    assert max(frame.height, frame.width) <= 1_700
    assert frame.share * min(frame.height, frame.width) >= 9
    assert abs(hand.rotation_deg) <= 20
    assert abs(hand.shear) <= 0.35
    assert 0 <= style.tool.width <= 0.25
    assert math.dist(style.ground.paper, style.ground.ink) >= 40
    assert all(0 <= part <= 255 for part in (*style.ground.paper, *style.ground.ink))
    assert style == sample_style(np.random.default_rng(seed))


def test_all_kinds_of_picture_come_up() -> None:
    rng = np.random.default_rng(0)
    styles = [sample_style(rng) for _ in range(1_000)]
    inked = [(style.ground.paper, style.ground.ink) for style in styles]
    assert inked.count(((255,) * 3, (0,) * 3)) > 200
    assert inked.count(((0,) * 3, (255,) * 3)) > 100
    small = [s for s in styles if 0 < (s.camera.side or max(s.frame.height, s.frame.width)) <= 40]
    assert 0.2 < len(small) / 1_000 < 0.3
    for field in dataclasses.fields(Style):
        values = {getattr(style, field.name) for style in styles}
        assert len(values) > 100
    assert {style.tool.brush for style in styles} == {"round", "pressure", "nib", "marker"}
    assert {style.ground.rules for style in styles} == {"none", "lines", "squares"}
