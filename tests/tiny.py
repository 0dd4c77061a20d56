"""A tiny real model and pictures for it: templates of printed digits, matched by a dot product."""

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw, ImageFont

from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line
from inkdigits.model.card import Card, card_path, write_card
from inkdigits.service.readers import golden_picture

SHARPNESS = 40.0


def picture(digit: str, side: int = 160) -> Image.Image:
    """One printed digit, black on white."""
    image = Image.new("L", (side, side), 255)
    font = ImageFont.load_default(size=side * 0.7)
    ImageDraw.Draw(image).text((side / 2, side / 2), digit, fill=0, font=font, anchor="mm")
    return image


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    stream = BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


@cache
def png(digit: str) -> bytes:
    return encoded(picture(digit))


def blank_png() -> bytes:
    return encoded(Image.new("L", (64, 64), 255))


def write_model(path: Path, name: str = "tiny", classes: int = 10) -> Path:
    """Write an ONNX file and its card; it reads `picture(d)` as d, for sure."""
    templates = np.zeros((784, classes), np.float32)
    for digit in range(10):
        values = walk_line(np.asarray(picture(str(digit)))).sample.reshape(-1)
        if digit == 7:  # so that the golden picture, which is drawn, is read as well
            values = values + walk_line(decode(golden_picture())).sample.reshape(-1)
        templates[:, digit] = SHARPNESS * values / np.linalg.norm(values) / 10
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["samples", "templates"], ["logits"])],
        "templates",
        [helper.make_tensor_value_info("samples", TensorProto.FLOAT, ("N", 784))],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ("N", classes))],
        [numpy_helper.from_array(templates, "templates")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = Card(
        name,
        "1",
        classes,
        (784,),
        "logits",
        digest,
        min_confidence=0.5,
        max_not_a_digit=0.5,
        scores={"printed digits": 1.0},
        licence="Apache-2.0",
    )
    write_card(card, card_path(path))
    return path
