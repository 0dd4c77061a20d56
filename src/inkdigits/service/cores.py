"""This machine in, how many cores this process may use out."""

import os
from pathlib import Path

CPU_MAX = Path("/sys/fs/cgroup/cpu.max")
"""A container's share: "quota period", in microseconds, or "max period" (Linux, cgroup v2)."""


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
