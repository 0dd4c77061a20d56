"""Requests of a client in, how long it must wait out: a token bucket of eight bytes a client.

The generic cell rate algorithm: of each client only the moment is kept at which its bucket
will be full again. One number can lie in memory that several workers share, without a
lock: two who write at once lose one request of the count, no more.

Source:
    ATM Forum, Traffic Management 4.0 (1996), the virtual scheduling algorithm.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

_MOMENT = struct.Struct("d")
_NOTHING_S = 1e-6
"""Sums of seconds are off by less."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a client may ask.

    Attributes:
        per_s: requests a second in the long run, above 0.
        burst: requests at once after a pause, from 1.
    """

    per_s: float
    burst: int


class Buckets:
    """One bucket a client, all of the same rate.

    Args:
        rate: of each.
        count: how many clients, from 1.
        path: a file that other processes count in, too; None: this one counts alone.
    """

    def __init__(self, rate: Rate, count: int, path: Path | None = None) -> None:
        self.rate = rate
        self._moments = _open(count * _MOMENT.size, path)

    def take(self, client: int, now_s: float) -> float:
        """Take one request out of a bucket.

        Args:
            client: its number, from 0.
            now_s: of a clock that no one sets, the same for all workers: `time.monotonic`.

        Returns:
            0.0 when the client may ask; else the seconds after which it may.
        """
        step_s = 1 / self.rate.per_s
        depth_s = (self.rate.burst - 1) * step_s
        start = client * _MOMENT.size
        # A moment beyond a full bucket is none that was written here.
        kept = _MOMENT.unpack_from(self._moments, start)[0]
        full_s = max(now_s, kept) if kept <= now_s + depth_s + step_s + _NOTHING_S else now_s
        if (wait_s := full_s - now_s - depth_s) > _NOTHING_S:
            return float(wait_s)
        # A slice is written in one piece; `pack_into` writes zeros first.
        self._moments[start : start + _MOMENT.size] = _MOMENT.pack(full_s + step_s)
        return 0.0


def _open(size: int, path: Path | None) -> mmap.mmap:
    if path is None:
        return mmap.mmap(-1, size)
    with path.open("a+b") as file:
        # Written, not only made longer: a hole has no room on a disk that gets full later.
        file.write(bytes(max(0, size - file.tell())))
        file.flush()
        return mmap.mmap(file.fileno(), size)
