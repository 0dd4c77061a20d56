"""Pictures that this project drew itself, read by the shipped model: right, and sure."""

from pathlib import Path

import pytest

from inkdigits import Reader, load_model
from inkdigits.errors import BlankImage

PICTURES = sorted((Path(__file__).parent / "pictures").iterdir())


@pytest.fixture(scope="module")
def reader():
    return Reader(load_model("cnn"))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_golden_picture_is_read_and_accepted(reader, path):
    prediction = reader.predict_digit(path.read_bytes())
    assert prediction.digit == path.name[0]
    assert prediction.accepted


def test_every_digit_is_there_in_every_style():
    names = {tuple(path.stem.split("_")) for path in PICTURES}
    digits, styles = ({name[i] for name in names} for i in (0, 1))
    assert digits == set("0123456789")
    assert len(names) == len(digits) * len(styles) == 70


def test_blank_paper_says_so(reader):
    # The smallest PNG of one colour, made by nobody's drawing code.
    blank = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a49444154789c63f80f0000010101001bb6ee560000000049454e44ae426082"
    )
    with pytest.raises(BlankImage):
        reader.predict_digit(blank)
