"""A float32 ONNX file and what it will read, samples or strips → its network in 8 bit.

Convolutions in whole numbers take a third of the time and of the space. The first one, which
sees the sample itself, and what makes the logits stay in float32: they cost little and lose most.

Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference" (2018); `onnxruntime.quantization`.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from inkdigits.sample import Samples

_PERCENTILE = 99.999  # of the values of a layer are told apart; the few above saturate
_BATCH = 50


def quantize(path: Path, samples: Samples) -> None:
    """Write a network anew, into its file, with weights and values of 8 bit.

    Weights use 7 of their bits only. With all 8, processors without instructions for just this
    (AVX2 before VNNI) saturate between two products, and would read other digits than ours.

    Args:
        path: of the file.
        samples: float32 (N, 28, 28), or strips (N, 32, W): their values set each layer's range;
            N at least 1.
    """
    from onnxruntime import quantization  # noqa: PLC0415 training alone needs it, and onnx with it
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    prepared, batches = path.with_name(f"{path.name}.prepared"), _batches(samples)
    with quiet():
        quant_pre_process(path, prepared, skip_symbolic_shape=True)
        quantization.quantize_static(
            prepared,
            path,
            SimpleNamespace(get_next=lambda: next(batches, None)),
            quant_format=quantization.QuantFormat.QDQ,
            activation_type=quantization.QuantType.QUInt8,  # what x86 multiplies with int8
            weight_type=quantization.QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            calibrate_method=quantization.CalibrationMethod.Percentile,
            extra_options={"CalibPercentile": _PERCENTILE},
            nodes_to_exclude=_kept_exact(prepared),
        )
    prepared.unlink()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what exporters say of their own work out of the progress bars."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _kept_exact(path: Path) -> list[str]:
    """Name the first convolution and the dense layers; where there are none, the last one, too."""
    import onnx  # noqa: PLC0415 training alone has it

    nodes = onnx.load(path).graph.node
    first, *others = [node.name for node in nodes if node.op_type == "Conv"]
    dense = [node.name for node in nodes if node.op_type in ("MatMul", "Gemm")]
    return [first, *(dense or others[-1:])]


def _batches(samples: Samples) -> Iterator[dict[str, NDArray[np.float32]]]:
    from inkdigits.training.architectures import INPUT_NAME  # noqa: PLC0415 loads Keras

    size = min(_BATCH, len(samples))
    for at in range(0, len(samples) - size + 1, size):  # all of one size, as is asked for
        yield {INPUT_NAME: samples[at : at + size]}
