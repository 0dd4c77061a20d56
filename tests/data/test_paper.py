import numpy as np
import pytest

from inkdigits.data.paper import paint, photograph
from inkdigits.data.style import BLACK, WHITE, Camera, Ground


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def ink() -> np.ndarray:
    ink = np.zeros((90, 120), np.float32)
    ink[30:60, 50:60] = 1
    ink[30:60, 60] = 0.5
    return ink


def test_grey_pairs_give_grey_pictures(ink: np.ndarray) -> None:
    picture = paint(ink, Ground(WHITE, BLACK), rng())
    assert picture.shape == ink.shape
    np.testing.assert_allclose(picture, 255 * (1 - ink))
    np.testing.assert_allclose(paint(ink, Ground(BLACK, WHITE), rng()), 255 * ink)


def test_colours_are_mixed_by_cover(ink: np.ndarray) -> None:
    picture = paint(ink, Ground((250, 240, 100), (10, 20, 200)), rng())
    assert picture[0, 0].tolist() == [250, 240, 100]
    assert picture[40, 55].tolist() == [10, 20, 200]
    assert picture[40, 60].tolist() == [130, 130, 150]


@pytest.mark.parametrize("rules", ["lines", "squares"])
def test_rules_are_paler_than_ink(ink: np.ndarray, rules: str) -> None:
    ground = Ground(rules=rules, rule_strength=0.4)  # type: ignore[arg-type]
    picture = paint(ink, ground, rng())
    blank = picture[ink == 0]
    assert blank.min() == pytest.approx(255 * 0.6, abs=12)
    assert 0.01 < (blank < 254).mean() < 0.6
    assert picture[40, 55] == 0


def test_dirt_and_texture_leave_the_digit(ink: np.ndarray) -> None:
    dirty = paint(ink, Ground(specks=4, neighbour=True), rng())
    assert (dirty < 128).sum() > (ink > 0.5).sum() + 4
    assert (dirty[ink == 1] == 0).all()
    rough = paint(ink, Ground(texture=0.03), rng())
    assert 1 < rough[ink == 0].std() < 40


def test_a_switched_off_camera_only_rounds(ink: np.ndarray) -> None:
    picture = paint(ink, Ground(), rng())
    image = photograph(picture, Camera(), rng())
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, np.rint(picture))


@pytest.mark.parametrize("colour", [WHITE, (200, 240, 250)])
@pytest.mark.parametrize(
    "camera",
    [
        Camera(slope=0.3),
        Camera(vignette=0.4),
        Camera(shadow=0.5),
        Camera(blur=1.5),
        Camera(noise=0.05),
        Camera(jpeg_quality=20),
    ],
)
def test_each_effect_changes_the_picture_a_little(
    ink: np.ndarray, camera: Camera, colour: tuple[int, int, int]
) -> None:
    picture = paint(ink, Ground(colour, (60, 0, 0)), rng())
    image = photograph(picture, camera, rng())
    assert image.shape == picture.shape
    difference = np.abs(image - picture)
    assert difference.max() > 5
    assert difference.mean() < 100
    # The ink stays darker than the paper around it.
    assert image[35:55, 53:57].mean() + 40 < image[35:55, 30:40].mean()


def test_light_never_brightens(ink: np.ndarray) -> None:
    picture = paint(ink, Ground(), rng())
    image = photograph(picture, Camera(slope=0.3, vignette=0.4, shadow=0.5), rng())
    assert (image <= np.rint(picture)).all()


def test_a_side_reduces(ink: np.ndarray) -> None:
    image = photograph(paint(ink, Ground(), rng()), Camera(side=28), rng())
    assert image.shape == (21, 28)
    assert image.min() < 100
