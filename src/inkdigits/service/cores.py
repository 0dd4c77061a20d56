"""This machine in, how many cores and how much memory a server may use out."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from inkdigits.files.limits import MIB

CPU_MAX = Path("/sys/fs/cgroup/cpu.max")
"""A container's share: "quota period", in microseconds, or "max period" (Linux, cgroup v2)."""
MEMORY = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""A container's memory, in bytes, or "max" (Linux, cgroup v2 and v1)."""
WORKER_BYTES = 256 * MIB
"""Of a worker that reads small pictures and holds bodies: measured 140, and bodies of up to 128."""
THREAD_BYTES = 224 * MIB
"""Of a large picture that is read: measured 188 for a PNG of 25 million px with transparency, 210
for a progressive JPEG of 33 million, beside its body."""
MOST_THREADS = 2


def count_cores(cpu_max: Path = CPU_MAX) -> int:
    """Count the cores that this process is bound to, or a container's share of them.

    Args:
        cpu_max: the file with that share; it need not be there.

    Returns:
        At least 1.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    try:
        quota, period = cpu_max.read_text(encoding="ascii").split()
        return max(1, min(cores, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no such file, or no limit
        return cores


def choose_threads(workers: int, limits: Iterable[Path] = MEMORY) -> int:
    """Choose how many large pictures a worker reads at a time, by the memory there is.

    Args:
        workers: that share the memory.
        limits: files with a container's share; they need not be there.

    Returns:
        1 or 2; 2 where the system does not tell of its memory.
    """
    known = []
    if hasattr(os, "sysconf"):  # not on Windows
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for path in limits:
        with suppress(OSError, ValueError):  # no such file, or no limit
            known.append(int(path.read_text(encoding="ascii")))
    fitting = [(memory // workers - WORKER_BYTES) // THREAD_BYTES for memory in known]
    return max(1, min([MOST_THREADS, *fitting]))
