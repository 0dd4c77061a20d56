import json
from base64 import b64decode

import numpy as np

from inkdigits.explanation import explain
from inkdigits.files.decode import decode
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.explain_answer import PICTURE_SIDE, explanation_fields, picture_fields
from tests.tiny import png


def test_a_picture_says_its_own_size_and_is_shown_small() -> None:
    found = picture_fields(np.zeros((2 * PICTURE_SIDE, 40), np.float32))
    assert (found["width"], found["height"]) == (40, 2 * PICTURE_SIDE)
    head, data = found["png"].split(",")
    assert head == "data:image/png;base64"
    shown = decode(b64decode(data))
    assert shown.shape == (PICTURE_SIDE, 20)
    assert shown.min() == 255


def test_all_of_it_is_json_and_not_large(tiny_model) -> None:
    reader = Reader(load_model(tiny_model))
    text = json.dumps(explanation_fields(explain(png("8"), reader, reader)), allow_nan=False)
    assert len(text) < 50_000
