"""A trained Keras network in → the model file out, and proof that the two agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from inkdigits.errors import BrokenModel, TrainingError, require
from inkdigits.model.loading import load_model
from inkdigits.model.onnx_model import open_session
from inkdigits.sample import SIDE, Logits, Samples, Strip
from inkdigits.training.architectures import INPUT_NAME, OUTPUT_NAME
from inkdigits.training.fit import read_logits
from inkdigits.training.folder import write_whole
from inkdigits.training.line_batches import stack_strips
from inkdigits.training.line_onnx import build_onnx
from inkdigits.training.quantize import quantize, quiet

MAX_DIFFERENCE = 1e-5
"""Between the logits of Keras and of the file, of the largest one; float32 sums in another order
differ by a tenth of it."""

MAX_ROUNDING = 0.25
"""Mean difference of the logits of an 8-bit file; 0.07 is usual, and moves no probability by 1%."""

MAX_LINE_ROUNDING = 0.6
"""The same for a line reader, whose logits are larger; 0.25 is usual, and costs no loss at all."""

_PURPOSE = "writing the ONNX file"
_WRITERS = {"tensorflow": "tf2onnx", "torch": "onnxscript"}
"""Keras's backend → what it needs to write ONNX."""


def export(
    model: keras.Model, path: Path, samples: Samples, calibration: Samples | None = None
) -> None:
    """Write a network as ONNX, and read samples with both.

    Args:
        model: from `sample` (N, 28, 28) to `logits` (N, classes).
        path: of the file; it appears only once it agrees.
        samples: float32 (N, 28, 28), 0 paper to 1 ink; N at least 1.
        calibration: as `samples`, others than these, for a file in 8 bit; None for float32.

    Raises:
        TrainingError: Keras runs on a backend that cannot write ONNX.
        MissingExtra: what the backend needs for it is not installed.
        BrokenModel: file and network disagree by more than `MAX_DIFFERENCE`, or in 8 bit by more
            than `MAX_ROUNDING` in the mean.
    """
    _check_backend()
    needed = [read_logits(model, samples)]
    check = _Check(lambda place: [load_model(place).logits(samples)], needed, MAX_ROUNDING)
    _write_checked(path, partial(_write_onnx, model), check, calibration)


def export_line(
    model: keras.Model, path: Path, strips: Sequence[Strip], calibration: Sequence[Strip] = ()
) -> None:
    """Write a line reader as ONNX, and read strips of several widths with both.

    Args:
        model: of `build_line`.
        path: as for `export`.
        strips: float32 (32, W) each; at least one.
        calibration: as `strips`, others than these, for a file in 8 bit; none for float32.

    Raises:
        MissingExtra: onnx is not installed.
        BrokenModel: as for `export`, with `MAX_LINE_ROUNDING`.
    """
    require(_PURPOSE, "train", "onnx")
    needed = [ops.convert_to_numpy(model.predict_on_batch(strip[None]))[0] for strip in strips]
    check = _Check(partial(_read_strips, strips=strips), needed, MAX_LINE_ROUNDING)
    stacked = None
    if calibration:
        stacked = stack_strips(calibration, max(strip.shape[1] for strip in calibration))
    graph = build_onnx(model).SerializeToString()
    _write_checked(path, lambda place: place.write_bytes(graph), check, stacked)


@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    """What a file must say.

    Attributes:
        read: asks a file.
        needed: what the network says of the same.
        most_rounding: mean difference of the logits that 8 bit may make.
    """

    read: Callable[[Path], Sequence[Logits]]
    needed: Sequence[Logits]
    most_rounding: float


def _write_checked(
    path: Path, write: Callable[[Path], object], check: _Check, calibration: Samples | None
) -> None:
    """Write a file, in 8 bit where there is a calibration."""

    def write_here(place: Path) -> None:
        write(place)
        found = check.read(place)
        _check_difference(found, check.needed, place)
        if calibration is not None:
            quantize(place, calibration)
            _check_rounding(check.read(place), found, check.most_rounding, place)

    write_whole(path, write_here)


def _read_strips(path: Path, strips: Sequence[Strip]) -> Sequence[Logits]:
    session = open_session(path.read_bytes(), str(path))
    return [session.run(None, {INPUT_NAME: strip[None]})[0][0] for strip in strips]


def _check_difference(found: Sequence[Logits], needed: Sequence[Logits], place: Path) -> None:
    apart = max(float(np.abs(a - b).max()) for a, b in zip(found, needed, strict=True))
    difference = apart / max(1.0, *(float(np.abs(logits).max()) for logits in needed))
    if not difference <= MAX_DIFFERENCE:
        told = f"its logits differ by {difference:.2g} of the largest from the network's"
        raise BrokenModel(str(place), told, f"at most {MAX_DIFFERENCE:g}")


def _check_rounding(
    found: Sequence[Logits], needed: Sequence[Logits], most: float, place: Path
) -> None:
    apart = [np.abs(a - b).ravel() for a, b in zip(found, needed, strict=True)]
    rounding = float(np.concatenate(apart).mean())
    if not rounding <= most:
        told = f"in 8 bit its logits differ by {rounding:.2g} in the mean"
        raise BrokenModel(str(place), told, f"at most {most:g}")


def _check_backend() -> None:
    backend = keras.backend.backend()
    if backend not in _WRITERS:
        raise TrainingError(
            "export",
            f"Keras runs on {backend}, which cannot write ONNX; the training itself is done",
            "the same command again with --backend tensorflow: it only does what is left",
        )
    require(_PURPOSE, "train", _WRITERS[backend])


def _write_onnx(model: keras.Model, path: Path) -> None:
    """Write the file; samples come in as `sample`, logits go out as `logits`. N is free."""
    import onnx  # noqa: PLC0415 only training has it

    signature = [keras.InputSpec(dtype="float32", shape=(None, SIDE, SIDE), name=INPUT_NAME)]
    model(np.zeros((2, SIDE, SIDE), np.float32))  # Keras exports only what was called once
    with quiet():
        model.export(path, format="onnx", verbose=False, input_signature=signature)
    written = onnx.load(path)
    _rename(written.graph, written.graph.input[0].name, INPUT_NAME)
    _rename(written.graph, written.graph.output[0].name, OUTPUT_NAME)
    for value in (written.graph.input[0], written.graph.output[0]):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    onnx.checker.check_model(written)
    onnx.save(written, path)


def _rename(graph: Any, old: str, new: str) -> None:
    """Rename a value everywhere; a value inside that has the new name makes way."""
    if old == new:
        return
    swap = {old: new, new: f"{new}_inside"}
    for value in (*graph.input, *graph.output, *graph.value_info):
        value.name = swap.get(value.name, value.name)
    for node in graph.node:
        node.input[:] = [swap.get(name, name) for name in node.input]
        node.output[:] = [swap.get(name, name) for name in node.output]
