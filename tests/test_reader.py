"""The line, composed: a small real model that reads strokes, real pictures, real errors."""

import io
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

import inkdigits
from inkdigits.data.labelled import encode_png
from inkdigits.decision.expected import Expected
from inkdigits.decision.reject import Policy
from inkdigits.errors import BlankImage, BrokenImage, ImageTooLarge, Mismatch, SampleError
from inkdigits.files.decode import decode
from inkdigits.files.limits import ImageLimits
from inkdigits.image.classic import classic_sample
from inkdigits.image.stages import walk_line
from inkdigits.model.card import Card
from inkdigits.reader import Reader, StageTimes, predict_image
from inkdigits.sample import Box
from tests.tiny import blank_png
from tests.written import number_png, written

Array = NDArray[np.float32]
CARD = Card("ruler", "1", 11, (28, 28), "logits", "0" * 64, min_confidence=0.5, max_not_a_digit=0.5)


@dataclass
class Ruler:
    """A model that tells an upright bar (1) from a lying one (7), and full ink (no digit)."""

    card: Card = CARD
    seen: list[Array] = field(default_factory=list)

    def logits(self, samples: Array) -> Array:
        self.seen.append(samples)
        answer = np.zeros((len(samples), 11), np.float32)
        height = (samples.max(axis=2) > 0.5).sum(axis=1)
        width = (samples.max(axis=1) > 0.5).sum(axis=1)
        answer[:, 1], answer[:, 7] = height, width
        answer[:, 10] = np.where(samples.mean(axis=(1, 2)) > 0.9, 100, 0)
        return answer


def picture(box: tuple[int, int, int, int], mode: str = "RGB", kind: str = "PNG") -> bytes:
    image = Pillow.new(mode, (200, 160), "white")
    ImageDraw.Draw(image).rectangle(box, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


UPRIGHT = picture((95, 30, 104, 129))
LYING = picture((40, 70, 159, 79))


def bar(*, upright: bool) -> Array:
    sample = np.zeros((28, 28), np.float32)
    sample[4:24, 12:16] = 1
    return sample if upright else np.ascontiguousarray(sample.T)


@pytest.mark.parametrize(("data", "digit"), [(UPRIGHT, "1"), (LYING, "7")])
def test_a_picture_in_a_digit_out(data: bytes, digit: str) -> None:
    answer = Reader(Ruler()).predict_digit(data)
    assert (answer.digit, answer.accepted, answer.reason) == (digit, True, None)
    assert answer.confidence > 0.99


def test_the_box_is_where_the_glyph_lies() -> None:
    box = Reader(Ruler()).predict_digit(UPRIGHT).box
    assert box is not None
    found = np.array([box.left, box.top, box.left + box.width, box.top + box.height])
    assert np.abs(found - [95, 30, 105, 130]).max() <= 3


def test_the_model_sees_what_the_line_makes() -> None:
    model = Ruler()
    Reader(model).predict_digit(picture((95, 30, 104, 129), kind="JPEG"))
    expected = walk_line(decode(picture((95, 30, 104, 129), kind="JPEG"), ImageLimits())).sample
    assert np.array_equal(model.seen[0], expected[np.newaxis])


def test_the_stages_are_timed_as_far_as_a_picture_gets() -> None:
    whole, blank, broken = StageTimes(), StageTimes(), StageTimes()
    Reader(Ruler()).predict_digit(UPRIGHT, whole)
    assert min(whole.decode_s, whole.line_s, whole.model_s) > 0
    with pytest.raises(BlankImage):
        Reader(Ruler()).predict_digit(picture((0, 0, 199, 159)), blank)
    assert (blank.decode_s > 0, blank.line_s, blank.model_s) == (True, 0, 0)
    with pytest.raises(BrokenImage):
        Reader(Ruler()).predict_digit(b"", broken)
    assert broken == StageTimes()


def test_a_classic_card_makes_the_reader_resize_plainly() -> None:
    model = Ruler(replace(CARD, preprocessing="classic"))
    answer = Reader(model).predict_digit(UPRIGHT)
    assert np.array_equal(model.seen[0][0], classic_sample(decode(UPRIGHT, ImageLimits())))
    assert answer.box is None


def test_a_batch_reads_as_its_samples_one_by_one() -> None:
    reader = Reader(Ruler())
    samples = np.stack([bar(upright=True), bar(upright=False), np.ones((28, 28), np.float32)])
    answers = reader.predict_samples(samples)
    assert [answer.digit for answer in answers] == ["1", "7", None]
    assert answers == [reader.predict_sample(sample) for sample in samples]
    assert reader.predict_samples(samples[:0]) == []


def test_the_policy_comes_from_the_card_unless_given() -> None:
    card = replace(CARD, temperature=2.0, min_confidence=0.9, max_not_a_digit=0.7)
    assert Reader(Ruler(card)).policy == Policy(2.0, 0.9, 0.7)
    strict = Policy(temperature=100.0, min_confidence=0.9)
    answer = Reader(Ruler(card), strict).predict_sample(bar(upright=True))
    assert (answer.digit, answer.reason) == ("1", "unsure")


def test_the_limits_are_the_readers() -> None:
    with pytest.raises(ImageTooLarge):
        Reader(Ruler(), limits=ImageLimits(max_side=100)).predict_digit(UPRIGHT)


def test_the_errors_of_the_line_come_through() -> None:
    reader = Reader(Ruler())
    with pytest.raises(BrokenImage):
        reader.predict_digit(b"")
    with pytest.raises(BlankImage):
        reader.predict_digit(picture((0, 0, 199, 159)))


@pytest.mark.parametrize("upright", [True, False])
def test_predict_image_takes_samples_rows_and_bytes(upright: bool) -> None:  # noqa: FBT001 a parameter
    sample, data = bar(upright=upright), UPRIGHT if upright else LYING
    row = sample.reshape(784)
    for image in (sample, row, row.tolist(), row.reshape(1, 784), data, bytearray(data)):
        assert predict_image(Ruler(), image) == ("1" if upright else "7")


def test_predict_image_answers_even_when_it_is_no_digit() -> None:
    assert predict_image(Ruler(), np.ones((28, 28))) == "1"  # a tie: the first


@pytest.mark.parametrize("image", [np.zeros((2, 28, 28)), np.zeros(783), np.full((28, 28), 255)])
def test_what_is_not_one_sample_is_refused(image: Array) -> None:
    with pytest.raises(SampleError):
        predict_image(Ruler(), image)
    with pytest.raises(SampleError):
        Reader(Ruler()).predict_sample(image)


def test_the_public_names_are_these() -> None:
    assert inkdigits.Reader is Reader
    assert inkdigits.predict_image is predict_image


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return Reader(inkdigits.load_model("cnn"))


@pytest.mark.parametrize("text", ["7", "2858", "1.204,50", "58\n907"])
def test_a_number_is_read_with_its_places(shipped: Reader, text: str) -> None:
    times = StageTimes()
    read = shipped.predict_number(number_png(text), times=times)
    assert read.text == text
    assert read.number == "".join(symbol for symbol in text if symbol.isdigit())
    assert [line.text for line in read.lines] == text.split("\n")
    height, width = written(text).shape
    for digit in read.digits:
        assert digit.box is not None
        assert 0 <= digit.box.left < digit.box.left + digit.box.width <= width
        assert 0 <= digit.box.top < digit.box.top + digit.box.height <= height
    assert times.decode_s > 0
    assert times.model_s > 0


def test_boxes_are_of_the_whole_picture_however_small_it_was_decoded(shipped: Reader) -> None:
    image = Pillow.fromarray(written("2858"))
    large = image.resize((image.width * 20, image.height * 20))
    stream = io.BytesIO()
    large.save(stream, "JPEG")
    read = shipped.predict_number(stream.getvalue())
    small = shipped.predict_number(number_png("2858"))
    assert read.number == small.number == "2858"
    for one, other in zip(read.digits, small.digits, strict=True):
        assert one.box is not None
        assert other.box is not None
        assert abs(one.box.left - 20 * other.box.left) <= 60


def test_several_digits_are_no_digit_and_told(shipped: Reader) -> None:
    several = shipped.predict_digit(number_png("2858"))
    assert (several.digit, several.accepted) == (None, False)
    assert (several.reason, several.hint) == ("not_a_digit", "several_digits")
    one = shipped.predict_digit(number_png("7"))
    assert (one.digit, one.hint) == ("7", None)


@pytest.mark.parametrize("text", ["3\n5", "70\n42\n35", "0123456789\n" * 7 + "42"])
@pytest.mark.parametrize("height", [9, 24, 120])
def test_several_digits_are_not_accepted_as_one_however_they_stand(
    shipped: Reader, text: str, height: int
) -> None:
    """A column, a grid, and a page that is too much to be read in passing."""
    several = shipped.predict_digit(encode_png(written(text, height, gap=height // 3)))
    assert (several.digit, several.accepted) == (None, False)
    assert several.hint == "several_digits"


@pytest.mark.parametrize("where", ["beside", "below", "above"])
def test_a_large_digit_does_not_hide_a_small_one(shipped: Reader, where: str) -> None:
    large, small = written("3", 90), written("5", 36)
    if where == "beside":
        height = [(0, len(large) - len(small)), (0, 0)]
        small = np.pad(small, height, constant_values=255)
    else:
        width = [(0, 0), (0, large.shape[1] - small.shape[1])]
        small = np.pad(small, width, constant_values=255)
    pictures = [small, large] if where == "above" else [large, small]
    both = np.concatenate(pictures, axis=int(where == "beside"))
    said = shipped.predict_digit(encode_png(both))
    assert (said.accepted, said.hint) == (False, "several_digits")


def test_dust_frames_lines_and_captions_leave_one_digit(shipped: Reader) -> None:
    paper = np.full((300, 260), 255, np.uint8)
    three = written("3", 75)
    paper[60 : 60 + three.shape[0], 60 : 60 + three.shape[1]] = three
    clean = paper.copy()
    rng = np.random.default_rng(0)
    for left, top in rng.integers(20, 230, (30, 2)):
        if (paper[top - 12 : top + 14, left - 12 : left + 14] == 255).all():
            paper[top : top + 2, left : left + 2] = 0
    paper[280:282, 30:240] = 0  # a line to write on
    paper[8:290, 6:8] = 0  # what is left of a frame
    cv2.putText(paper, "draw a digit here", (40, 255), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    for image in (clean, paper):
        said = shipped.predict_digit(encode_png(image))
        assert (said.digit, said.accepted, said.hint) == ("3", True, None)


def test_a_blank_picture_has_no_number(shipped: Reader) -> None:
    with pytest.raises(BlankImage):
        shipped.predict_number(blank_png())


def test_a_part_is_read_alone_and_placed_in_the_whole(shipped: Reader) -> None:
    page = np.full((300, 500), 255, np.uint8)
    seven = written("7", height=80)
    page[140 : 140 + seven.shape[0], 300 : 300 + seven.shape[1]] = seven[:160]
    page[20:120, 20:240] = cv2.resize(written("58"), (220, 100))
    data = encode_png(page)
    part = Box(290, 140, 200, 160)
    alone = shipped.predict_digit(encode_png(page[140:300, 290:490]))
    found = shipped.predict_digit(data, expected=Expected(box=part))
    assert found.digit == "7"
    assert alone.box
    assert found == replace(alone, box=alone.box.scaled(1, part))
    number = shipped.predict_number(data, Expected(box=part))
    assert number.number == "7"
    box = number.digits[0].box
    assert box
    assert box.left >= 300
    assert box.top >= 140
    assert number.lines[0].box == box
    assert shipped.predict_number(data, Expected(box=Box(0, 0, 260, 140))).number == "58"


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_the_place_in_the_whole_does_not_depend_on_the_scale(scale: int, shipped: Reader) -> None:
    side = 990 * scale
    page = np.full((side // 2, side * 2), 255, np.uint8)
    page[side // 4 : side // 4 + 80 * scale, side : side + 20 * scale] = 0
    part = Box(side // 2 + 1, side // 8 + 1, side, side // 4)
    box = shipped.predict_digit(encode_png(page), expected=Expected(box=part)).box
    assert box
    assert (box.left, box.top) == pytest.approx((side, side // 4), abs=scale)
    assert (box.width, box.height) == pytest.approx((20 * scale, 80 * scale), abs=2 * scale)


def test_only_what_is_allowed_is_answered(shipped: Reader) -> None:
    data = number_png("7")
    assert shipped.predict_digit(data, expected=Expected(allowed="17")).digit == "7"
    others = shipped.predict_digit(data, expected=Expected(allowed="0123"))
    assert others.digit in (None, *"0123")
    assert {other.digit for other in others.alternatives} <= set("0123")
    assert not others.accepted
    number = shipped.predict_number(number_png("58"), Expected(allowed="58"))
    assert (number.number, number.accepted) == ("58", True)
    number = shipped.predict_number(number_png("58"), Expected(allowed="01234"))
    assert set(number.number or "") <= set("01234")
    assert not number.accepted


def test_a_part_beyond_the_picture_is_refused(shipped: Reader) -> None:
    with pytest.raises(Mismatch, match="which is 200x160 px"):
        shipped.predict_digit(UPRIGHT, expected=Expected(box=Box(0, 0, 201, 10)))
    with pytest.raises(Mismatch, match="which is 200x160 px"):
        shipped.predict_number(UPRIGHT, Expected(box=Box(0, 0, 201, 10)))
