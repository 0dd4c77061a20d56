"""Strip in → log probabilities of each frame out: the reader of whole lines."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, ModelNotFound, SampleError
from inkdigits.model.base import check_answer
from inkdigits.model.card import LineCard, card_path, read_line_card
from inkdigits.model.loading import LINE_NAME
from inkdigits.model.onnx_model import open_session
from inkdigits.sample import FRAME, STRIP_HEIGHT, SYMBOLS, Strip

LINE_CLASSES = len(SYMBOLS) + 1
"""Every symbol, and last the blank: nothing new in this frame."""
PAPER = 8
"""px of paper to the right of each strip that a network sees: in the batches that it learned from,
there always was some, and without it the last symbols are read worse."""
_COLUMN = 4  # px: a strip's width is a multiple
_BUILTIN = Path(__file__).parent / "builtin"


@dataclass(frozen=True, slots=True)
class LineReader:
    """A loaded network and its card. Safe to call from several threads."""

    card: LineCard
    session: Any
    path: str

    def log_probabilities(self, strip: Strip) -> NDArray[np.float32]:
        """Read one strip.

        Args:
            strip: float32 (32, W), 0 paper to 1 ink; W a multiple of 4, as `to_strip` makes it.

        Returns:
            float32 (W / 2, 20): of each frame of 2 px the natural logarithms of how likely each
            of `SYMBOLS` and, last, the blank is, at the card's temperature.

        Raises:
            SampleError: this is no strip.
            BrokenModel: the answer has another shape, or is not finite.
        """
        logits = self.logits(strip) / np.float32(self.card.temperature)
        shifted = logits - logits.max(axis=1, keepdims=True)
        total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return np.asarray(shifted - total, np.float32)

    def logits(self, strip: Strip) -> NDArray[np.float32]:
        """Give what the network itself says; errors as for `log_probabilities`."""
        if strip.ndim != 2 or strip.shape[0] != STRIP_HEIGHT or strip.shape[1] % _COLUMN:
            raise SampleError(f"a strip of shape {strip.shape}", "(32, W), W a multiple of 4")
        values = np.pad(np.asarray(strip, np.float32), ((0, 0), (0, PAPER)))[None]
        name = self.session.get_inputs()[0].name
        answer = np.asarray(self.session.run(None, {name: values})[0], np.float32)
        check_answer(answer, (1, values.shape[2] // FRAME, LINE_CLASSES), self.path)
        return np.asarray(answer[0, : strip.shape[1] // FRAME], np.float32)


def load_line_reader(path: Path | None = None) -> LineReader:
    """Load a line reader, warmed up and ready.

    Args:
        path: of its ONNX file, with its card beside it; the shipped one where None.

    Raises:
        ModelNotFound: there is no such file.
        BrokenModel: no model, damaged, or not what its card says.
        UnsupportedModel: weights in other files, or foreign operators.
    """
    file = path or _BUILTIN / f"{LINE_NAME}.onnx"
    if not file.is_file():
        raise ModelNotFound(str(file), "no file", "a line reader made by `train --recipe line`")
    data = file.read_bytes()
    card = read_line_card(card_path(file))
    digest = hashlib.sha256(data).hexdigest()
    if card.sha256 != digest:
        raise BrokenModel(str(file), f"the sha256 is {digest}", f"{card.sha256}, as its card says")
    reader = LineReader(card, open_session(data, str(file)), str(file))
    shape = reader.session.get_inputs()[0].shape
    if len(shape) != 3 or shape[1] != STRIP_HEIGHT:
        raise BrokenModel(str(file), f"an input of shape {shape}", "(N, 32, W)")
    reader.logits(np.zeros((STRIP_HEIGHT, 64), np.float32))
    return reader
