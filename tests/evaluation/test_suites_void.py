import numpy as np
import pytest

from inkdigits.errors import BlankImage
from inkdigits.evaluation.suite import build
from inkdigits.evaluation.suites_void import VOID
from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line

ENTRIES = {entry.name.removeprefix("not-a-digit/"): entry for entry in VOID}


def images(name: str, limit: int = 24) -> list[np.ndarray]:
    pictures = build(ENTRIES[name], None, limit).pictures()
    return [decode(bytes(picture.picture)) for picture in pictures]


@pytest.mark.parametrize("name", ENTRIES)
def test_they_are_no_digits_and_the_same_each_time(name: str) -> None:
    suite = build(ENTRIES[name], None, 12)
    assert (suite.kind, suite.group, suite.count) == ("not-a-digit", "not-a-digit", 12)
    once, again = list(suite.pictures()), list(suite.pictures())
    assert {picture.label for picture in once} == {10}
    assert [picture.picture for picture in once] == [picture.picture for picture in again]
    assert len({picture.picture for picture in once}) > 9


def test_no_stripe_stands_upright() -> None:
    """One alone would be a 1."""
    found = images("textures", 300)
    assert not [image for image in found if (image == image[0]).all() and np.ptp(image) > 0]
    assert [image for image in found if (image == image[:, :1]).all()]


def test_blank_is_blank() -> None:
    blank = 0
    for image in images("blank", 40):
        try:
            walk_line(image)
        except BlankImage:
            blank += 1
    assert blank >= 39


def test_noise_is_of_three_kinds() -> None:
    levels = [len(np.unique(image)) for image in images("noise", 30)]
    assert 2 in levels
    assert max(levels) > 200
