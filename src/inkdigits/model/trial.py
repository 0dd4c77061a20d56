"""The bytes of a stranger's model in → refused, where loading and asking it takes too much.

A file of 30 kB can ask for billions of steps or for 11 GB. So a process of its own tries it
first, under limits that the system keeps; only what passes is opened here.
"""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inkdigits import errors
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


LIMITS = TrialLimits()
# One thread each: more would count as memory and processor time that the file took. No GPU.
_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
# How the libraries say that no memory is left.
_NO_MEMORY = re.compile("bad_alloc|memory|exhausted|(fail|unable).{0,20}alloc", re.IGNORECASE)


def open_network(data: bytes, path: str, kind: Kind) -> Network:
    """Open a model file: errors as for `open_onnx` and `open_keras`."""
    if kind == "onnx":
        return open_onnx(data, path)
    return open_keras(data, path, hdf5=kind == "hdf5", max_bytes=MAX_BYTES)


def try_model(data: bytes, path: str, kind: Kind, limits: TrialLimits = LIMITS) -> None:
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
    told = json.dumps([path, kind, limits.cpu_s, _memory(data, limits)])
    command = [sys.executable, "-P", "-m", "inkdigits.model.trial", told]
    places = os.pathsep.join(os.path.abspath(place) for place in sys.path)  # noqa: PTH100 "" is here
    environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": places}
    try:
        ended = subprocess.run(  # noqa: S603 our own module
            command, input=data, env=environment, timeout=limits.wall_s,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _took(f"{limits.wall_s:g} s", path) from None
    except OSError as error:
        found = f"no process to try it in can be started ({error})"
        raise UnsupportedModel(path, found, "room for one more process") from None
    if ended.returncode == -getattr(signal, "SIGXCPU", 0):
        raise _took(f"{limits.cpu_s} s of processor time", path)
    try:
        name, values = json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        found = f"it ends the process that opens it (status {ended.returncode})"
        raise UnsupportedModel(path, found, "a model that loads") from None
    if name == "too much memory":
        raise _took(f"{_memory(data, limits) // 1_000_000:,} MB", path)
    if name:
        raise getattr(errors, name)(*values)


def _memory(data: bytes, limits: TrialLimits) -> int:
    return limits.memory_bytes + limits.memory_per_byte * len(data)


def _took(limit: str, path: str) -> UnsupportedModel:
    return UnsupportedModel(path, f"loading and asking it takes more than {limit}", "less")


def _try_here(path: str, kind: Kind, cpu_s: int, memory: int) -> tuple[str, tuple[object, ...]]:
    data = sys.stdin.buffer.read()
    try:
        if kind != "onnx":
            read_keras_config(data, path, hdf5=kind == "hdf5", max_bytes=MAX_BYTES)
            import_for_keras("keras")
        _limit(cpu_s, memory)
        network = open_network(data, path, kind)
        find_input(network, probe(network, path), path)
    except InkdigitsError as error:
        said = error.__context__  # by the library; our own errors keep a line of it
        short = said is not None and _NO_MEMORY.search(f"{type(said).__name__}: {said}")
        return ("too much memory", ()) if short else (type(error).__name__, error.__reduce__()[1])
    return "", ()


def _limit(cpu_s: int, memory: int) -> None:
    """Let this process take so much more than it has now."""
    try:
        import resource  # noqa: PLC0415 Windows has none; there, only the clock counts
    except ImportError:
        return
    has = {resource.RLIMIT_CPU: math.ceil(time.process_time())}
    with suppress(OSError):  # only Linux tells how much address space is in use
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        has[resource.RLIMIT_AS] = pages * resource.getpagesize()
    for kind, more in ((resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_AS, memory)):
        hardest = resource.getrlimit(kind)[1]
        if kind in has and (hardest == resource.RLIM_INFINITY or has[kind] + more < hardest):
            resource.setrlimit(kind, (has[kind] + more, hardest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(_try_here(*json.loads(sys.argv[1]))) + "\n")
