"""Nothing in, memory out: what large pictures have left behind goes back to the system.

glibc keeps freed memory for the next one who asks. Of an image of 25 megapixels that is a
hundred megabytes, which a server that mostly reads small drawings needs seldom.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's numbers of its options
_KEPT_BYTES, _MAPPED_BYTES = 256 * 1024 * 1024, 32 * 1024 * 1024


def keep() -> None:
    """Let free memory stay until `give_back`, so that one large picture reuses what another had.

    Else glibc returns what is free at the end of the heap at once, and each picture pays for
    thousands of pages anew: a quarter of its decoding. And each thread would keep a heap of its
    own, that no other thread's picture can have. For a whole process, once, before any thread.
    """
    if sys.platform.startswith("linux") and (choose := getattr(ctypes.CDLL(None), "mallopt", None)):
        choose(_TRIM_THRESHOLD, _KEPT_BYTES)
        choose(_MMAP_THRESHOLD, _MAPPED_BYTES)
        choose(_ARENA_MAX, 1)


def give_back() -> bool:
    """Return free memory to the system.

    Takes some milliseconds, so it should be called from a thread, when little is to do.

    Returns:
        Whether there was any to return; False, too, where the system knows no such call
        (macOS and Windows return it by themselves).
    """
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    return bool(trim(0)) if trim else False
