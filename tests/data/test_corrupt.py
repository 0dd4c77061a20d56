import numpy as np
import pytest

from inkdigits.data.corrupt import CORRUPTIONS, corrupt
from inkdigits.errors import SettingError

NAMES = ["shot_noise", "impulse_noise", "glass_blur", "motion_blur", "shear", "scale", "rotate"]
NAMES += ["brightness", "translate", "stripe", "fog", "spatter", "dotted_line", "zigzag"]
NAMES += ["canny_edges"]
EMPTY = np.zeros((28, 28), np.uint8)


def bar() -> np.ndarray:
    """An upright bar, rows 6 to 21, columns 12 to 15."""
    image = EMPTY.copy()
    image[6:22, 12:16] = 255
    return image


def middle(image: np.ndarray) -> np.ndarray:
    """Row and column of the centre of mass."""
    weight = image.astype(float)
    return np.array([(np.indices(image.shape)[axis] * weight).sum() for axis in (0, 1)]) / (
        weight.sum()
    )


def corrupted(name: str, seed: int = 0, image: np.ndarray | None = None) -> np.ndarray:
    return corrupt(bar() if image is None else image, name, np.random.default_rng(seed))


def test_they_are_the_fifteen() -> None:
    assert list(CORRUPTIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_image_becomes_another_image(name: str) -> None:
    image = bar()
    changed = corrupt(image, name, np.random.default_rng(3))
    assert changed.dtype == np.uint8
    assert changed.shape == (28, 28)
    np.testing.assert_array_equal(image, bar())
    assert (changed != image).any()
    np.testing.assert_array_equal(changed, corrupted(name, 3))


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n not in ("scale", "brightness", "stripe", "canny_edges")]
)
def test_chance_decides(name: str) -> None:
    assert any((corrupted(name, 0) != corrupted(name, seed)).any() for seed in range(1, 8))


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(SettingError, match=r"frost.*fog"):
        corrupt(EMPTY, "frost", np.random.default_rng(0))


def test_shot_noise_has_levels_of_a_third_and_leaves_paper_alone() -> None:
    noisy = corrupted("shot_noise")
    assert set(np.unique(noisy)) <= {0, 85, 170, 255}
    assert not noisy[bar() == 0].any()


def test_impulse_noise_hits_one_px_in_six_half_white() -> None:
    hit = np.mean([corrupted("impulse_noise", seed, EMPTY) == 255 for seed in range(60)])
    assert hit == pytest.approx(0.085, abs=0.01)


def test_glass_blur_smears_along_columns_and_keeps_the_ink() -> None:
    smeared = np.mean([corrupted("glass_blur", seed) for seed in range(40)], axis=0)
    assert smeared.sum() == pytest.approx(bar().sum(), rel=0.03)
    # What is swapped goes on to the left, and its partner one px to the right, in each pass.
    assert smeared[:, 18:].max() == 0
    assert smeared[:, :10].max() > 0
    # The blur is along the column alone.
    assert smeared[22, 12:16].max() > 0


def test_motion_blur_drags_to_the_left_by_half_a_gaussian() -> None:
    shift = np.array([middle(corrupted("motion_blur", seed)) - middle(bar()) for seed in range(60)])
    assert (shift[:, 1] < 0).all()
    length = np.hypot(*shift.T)
    along = np.arange(21)
    weight = np.exp(-((along / 3) ** 2) / 2)
    np.testing.assert_allclose(length, (along * weight).sum() / weight.sum(), atol=0.5)
    assert shift[:, 0].min() < -0.5
    assert shift[:, 0].max() > 0.5


@pytest.mark.parametrize("name", ["shear", "scale", "rotate"])
def test_geometry_keeps_the_middle(name: str) -> None:
    assert middle(bar()) == pytest.approx([13.5, 13.5])
    assert middle(corrupted(name)) == pytest.approx([13.5, 13.5], abs=0.1)


def test_scale_shrinks_to_seven_tenths() -> None:
    assert corrupted("scale").sum() == pytest.approx(bar().sum() * 0.49, rel=0.05)


def test_rotate_turns_both_ways_by_the_same_angle() -> None:
    both = {corrupted("rotate", seed).tobytes() for seed in range(10)}
    assert len(both) == 2
    one, other = (np.frombuffer(image, np.uint8).reshape(28, 28) for image in both)
    assert np.abs(one.astype(int) - other[:, ::-1]).max() <= 8
    rows, columns = np.nonzero(one > 127)
    slope = np.polyfit(rows, columns, 1)[0]
    assert abs(np.arctan(slope)) == pytest.approx(0.4, abs=0.06)


def test_brightness_lifts_by_a_half() -> None:
    bright = corrupted("brightness")
    assert set(bright[bar() == 0]) <= {127, 128}
    assert set(bright[bar() == 255]) == {255}


def test_translate_goes_to_the_four_corners_by_three() -> None:
    shifts = {
        tuple(np.rint(middle(corrupted("translate", seed)) - 13.5).astype(int))
        for seed in range(30)
    }
    assert shifts == {(-3, -3), (-3, 3), (3, -3), (3, 3)}


def test_stripe_inverts_seven_columns_on_both_sides() -> None:
    striped = corrupted("stripe")
    assert (striped[:, :7] == 255).all()
    assert (striped[:, 21:] == 255).all()
    np.testing.assert_array_equal(striped[:, 7:21], bar()[:, 7:21])


def test_fog_leaves_a_quarter_of_the_contrast() -> None:
    foggy = corrupted("fog").astype(float)
    inside, outside = foggy[6:22, 12:16].mean(), foggy[6:22, 10:12].mean()
    assert inside - outside == pytest.approx(255 / 4, abs=12)
    assert not corrupted("fog", image=EMPTY).any()


def test_spatter_is_mud_of_one_grey() -> None:
    levels = np.concatenate([corrupted("spatter", seed, EMPTY).ravel() for seed in range(20)])
    assert levels.max() <= 63
    muddy = levels[levels > 0]
    assert muddy.min() >= 50
    assert 0.05 < len(muddy) / len(levels) < 0.5


def test_dotted_line_is_on_two_px_off_two() -> None:
    drawn = np.mean([corrupted("dotted_line", seed, EMPTY) for seed in range(20)], axis=0)
    columns = np.flatnonzero(drawn.any(axis=0))
    assert set(columns) == {c for c in range(27) if c // 2 % 2}


def test_zigzag_crosses_from_column_2_to_25() -> None:
    for seed in range(10):
        drawn = corrupted("zigzag", seed, EMPTY)
        columns = np.flatnonzero(drawn.any(axis=0))
        assert columns.min() == 2
        assert columns.max() <= 25
        assert len(columns) >= 22
        assert np.ptp(np.flatnonzero(drawn.any(axis=1))) <= 13


def test_canny_edges_are_black_and_white_around_the_ink() -> None:
    edges = corrupted("canny_edges")
    assert set(np.unique(edges)) == {0, 255}
    assert not edges[9:19, 13:15].any()
