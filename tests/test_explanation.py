"""An explanation shows what the reader used: the same arrays, for every kind of picture."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.decision.expected import Expected
from inkdigits.errors import BlankImage, UnsupportedImage
from inkdigits.explanation import explain
from inkdigits.files.decode import decode
from inkdigits.image.classic import classic_sample
from inkdigits.image.stages import walk_line
from inkdigits.model.loading import load_model
from inkdigits.model.occlusion import map_occlusion
from inkdigits.reader import Reader
from inkdigits.sample import Box
from tests.tiny import blank_png, encoded, picture, png, write_model
from tests.written import number_png

GOLDEN = sorted((Path(__file__).parent / "golden" / "pictures").iterdir())
LARGE = encoded(picture("5", side=2400).convert("RGB"), "JPEG")  # is decoded at half its size
PICTURES = {path.stem: path.read_bytes() for path in GOLDEN if path.stem[0] in "38"}
PICTURES["large"] = LARGE


@pytest.fixture(scope="module")
def cnn():
    return Reader(load_model("cnn"))


@pytest.fixture(scope="module")
def mlp():
    return Reader(load_model("mlp"))


@pytest.mark.parametrize("name", PICTURES)
def test_the_stages_are_the_arrays_that_the_reader_used(cnn, name):
    data = PICTURES[name]
    found = explain(data, cnn)
    assert found.reading.prediction == cnn.predict_digit(data)
    assert np.array_equal(found.reading.sample, cnn.find_sample(data)[0])
    again = walk_line(decode(data, cnn.limits))
    assert found.stages.image is found.image
    assert found.stages.sample is found.reading.sample
    for stage in ("image", "ink", "matched", "sample"):
        assert np.array_equal(getattr(found.stages, stage), getattr(again, stage)), stage
    assert np.array_equal(found.stages.glyph.ink, again.glyph.ink)
    assert found.stages.glyph.box == again.glyph.box


def test_the_map_is_of_the_digit_that_was_answered(cnn):
    found = explain(PICTURES["3_marker"], cnn)
    assert np.array_equal(found.occlusion, map_occlusion(cnn.model, found.reading.sample, chosen=3))


def test_where_ten_classes_see_none_that_is_allowed_the_map_is_of_the_best_that_is(mlp):
    found = explain(PICTURES["3_marker"], mlp, expected=Expected(allowed="01"))
    said = found.reading.prediction
    assert (said.digit, said.reason) == (None, "not_as_expected")
    best = int(said.alternatives[0].digit)
    assert np.array_equal(found.occlusion, map_occlusion(mlp.model, found.reading.sample, best))


def test_of_several_digits_it_says_so_as_the_reader_does(cnn):
    data = number_png("2858")
    said = explain(data, cnn).reading.prediction
    assert said == cnn.predict_digit(data)
    assert (said.digit, said.hint) == (None, "several_digits")


def test_where_there_is_no_digit_the_map_says_why_not(cnn):
    data = encoded(picture("R"))
    found = explain(data, cnn)
    assert found.reading.prediction.digit is None
    expected = map_occlusion(cnn.model, found.reading.sample, chosen=10)
    assert np.array_equal(found.occlusion, expected)


def test_the_classic_reading_resizes_the_whole_picture(cnn, mlp):
    data = PICTURES["8_hairline"]
    classic = explain(data, cnn, mlp).classic
    assert np.array_equal(classic.sample, classic_sample(decode(data)))
    assert classic.prediction == mlp.predict_sample(classic_sample(decode(data)))
    assert classic.prediction.model.name == "mlp"
    assert explain(data, cnn).classic is None


def test_of_a_classic_model_there_are_no_stages(tmp_path):
    model = load_model(write_model(tmp_path / "tiny.onnx"))
    classic = replace(model, card=replace(model.card, preprocessing="classic"))
    reader = Reader(classic)
    found = explain(png("7"), reader)
    assert found.stages is None
    assert found.reading.prediction == reader.predict_digit(png("7"))
    assert np.array_equal(found.reading.sample, reader.find_sample(png("7"))[0])


@pytest.mark.parametrize(("data", "error"), [(blank_png(), BlankImage), (b"x", UnsupportedImage)])
def test_what_cannot_be_read_cannot_be_explained(cnn, data, error):
    with pytest.raises(error):
        explain(data, cnn)


def test_a_part_is_explained_as_it_is_read(cnn, mlp):
    page = np.full((400, 600), 255, np.uint8)
    page[200:360, 300:460] = np.asarray(picture("3"))
    data, part = encoded(Image.fromarray(page)), Box(300, 200, 160, 160)
    expected = Expected(allowed="358", box=part)
    found = explain(data, cnn, mlp, expected=expected)
    assert found.reading.prediction == cnn.predict_digit(data, expected=expected)
    assert found.image.shape == (160, 160)
    assert found.classic.prediction == mlp.predict_sample(classic_sample(decode(png("3"))))
