"""The bytes of a stranger's model in → refused, where loading and asking it takes too much.

A file of 30 kB can ask for billions of steps or for 11 GB. So a process of its own tries it
first, under limits that the system keeps; only what passes is opened here.
"""

import re
from contextlib import closing
from dataclasses import dataclass

from inkdigits.child import OVERWORKED, Child, ChildDied, bound, memory_in_use
from inkdigits.errors import InkdigitsError, UnsupportedModel
from inkdigits.model.base import Network
from inkdigits.model.content import Kind
from inkdigits.model.keras_file import import_for_keras, read_keras_config
from inkdigits.model.keras_model import open_keras
from inkdigits.model.onnx_model import open_onnx
from inkdigits.model.probe import find_input, probe

MAX_BYTES = 512 * 1024 * 1024  # a thousand times the shipped models; what is larger reads no digits


@dataclass(frozen=True, slots=True)
class TrialLimits:
    """What a file may take, once the libraries that read it are loaded.

    Attributes:
        cpu_s: processor time, s. The shipped `cnn` as a Keras file takes 0.8 on a slow core.
        memory_bytes: of which a network of MNIST's size needs a tenth. TensorFlow itself takes
            600 MB, and the two together shall stay under 1 GB.
        memory_per_byte: bytes more for each byte of the file: weights are copied while they load.
        wall_s: for all of it, s. TensorFlow's import took over 60 on a machine that had much else
            to do, so this is only for what waits without end; what works is stopped by `cpu_s`.
    """

    cpu_s: int = 3
    memory_bytes: int = 350_000_000
    memory_per_byte: int = 4
    wall_s: float = 300.0


# How the libraries say that no memory is left.
_NO_MEMORY = re.compile("bad_alloc|memory|exhausted|(fail|unable).{0,20}alloc", re.IGNORECASE)


def open_network(data: bytes, path: str, kind: Kind) -> Network:
    """Open a model file: errors as for `open_onnx` and `open_keras`."""
    if kind == "onnx":
        return open_onnx(data, path)
    return open_keras(data, path, hdf5=kind == "hdf5", max_bytes=MAX_BYTES)


def try_model(data: bytes, path: str, kind: Kind, limits: TrialLimits = TrialLimits()) -> None:
    """Open and ask a model in a process of its own.

    Args:
        data: the whole file.
        path: only for the errors.
        kind: of `find_kind`.
        limits: what it may take.

    Raises:
        UnsupportedModel: it takes more than that, or ends the process.
        InkdigitsError: what opening or asking it raises.
    """
    memory_bytes = limits.memory_bytes + limits.memory_per_byte * len(data)
    try:
        with closing(Child(f"{__name__}:answer", limits.wall_s)) as child:
            child.ask(data, path=path, kind=kind, cpu_s=limits.cpu_s, memory_bytes=memory_bytes)
    except ChildDied as died:
        times = {None: f"{limits.wall_s:g} s", OVERWORKED: f"{limits.cpu_s} s of processor time"}
        if died.status in times:
            raise _took(times[died.status], path) from None
        found = f"it ends the process that opens it (status {died.status})"
        raise UnsupportedModel(path, found, "a model that loads") from None
    except OSError as error:
        found = f"no process to try it in can be started ({error})"
        raise UnsupportedModel(path, found, "room for one more process") from None


def answer(data: bytes, path: str, kind: Kind, cpu_s: int, memory_bytes: int) -> tuple[None, bytes]:
    """In the other process: open and ask it."""
    try:
        if kind != "onnx":
            read_keras_config(data, path, hdf5=kind == "hdf5", max_bytes=MAX_BYTES)
            import_for_keras("keras")
        bound(cpu_s, memory_in_use() + memory_bytes)
        network = open_network(data, path, kind)
        find_input(network, probe(network, path), path)
    except InkdigitsError as error:
        said = error.__context__  # by the library; our own errors keep a line of it
        if said is not None and _NO_MEMORY.search(f"{type(said).__name__}: {said}"):
            raise _took(f"{memory_bytes // 1_000_000:,} MB", path) from None
        raise
    return None, b""


def _took(limit: str, path: str) -> UnsupportedModel:
    return UnsupportedModel(path, f"loading and asking it takes more than {limit}", "less")
