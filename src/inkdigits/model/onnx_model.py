"""The bytes of an ONNX file in → a network. The home of onnxruntime."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.base import NEEDED_SHAPE, find_layout, shorten
from inkdigits.model.onnx_file import check_onnx_file

_DTYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}
_QUIET = 4  # ONNX Runtime's severity "fatal": what goes wrong comes as an exception anyway


@dataclass(frozen=True, slots=True)
class OnnxNetwork:
    """A network that ONNX Runtime runs on one CPU thread."""

    input_shape: tuple[int, ...]
    session: Any
    input_name: str
    dtype: Any
    one_by_one: bool

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Answer a batch: (N, *input_shape) → whatever the file answers; N at least 1."""
        values = batch.astype(self.dtype, copy=False)
        if self.one_by_one:
            return np.concatenate([self._run(values[i : i + 1]) for i in range(len(values))])
        return self._run(values)

    def _run(self, values: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(self.session.run(None, {self.input_name: values})[0], dtype=np.float32)


def open_onnx(data: bytes, path: str) -> OnnxNetwork:
    """Open an ONNX model of samples; errors as `open_session` and `find_layout`."""
    session = open_session(data, path)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    layout = find_layout([one.shape for one in inputs], len(outputs), path)
    batch = inputs[0].shape[0]
    if isinstance(batch, int) and batch != 1:
        raise UnsupportedModel(path, f"an input of shape {tuple(inputs[0].shape)}", NEEDED_SHAPE)
    if inputs[0].type not in _DTYPES:
        needed = f"one of {', '.join(_DTYPES)}, 0 paper to 1 ink"
        raise UnsupportedModel(path, f"an input of type {inputs[0].type}", needed)
    return OnnxNetwork(layout, session, inputs[0].name, _DTYPES[inputs[0].type], batch == 1)


def open_session(data: bytes, path: str) -> Any:
    """Open an ONNX file of any inputs and outputs, for `session.run`; errors as `check_onnx_file`,
    and BrokenModel where ONNX Runtime refuses it.
    """
    check_onnx_file(data, path)
    try:
        return onnxruntime.InferenceSession(
            data, sess_options=_options(), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # noqa: BLE001 its errors share no other base
        raise BrokenModel(
            path, f"ONNX Runtime refuses it: {shorten(error)}", "a valid ONNX model"
        ) from None


def _options() -> Any:
    # One thread and no spinning: a sample takes well under 1 ms, processes scale better.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # Else bytes that say so are taken for its own format, which nobody has checked.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.log_severity_level = _QUIET
    return options
