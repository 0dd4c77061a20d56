"""Nothing in, memory out: what large pictures have left behind goes back to the system.

glibc keeps freed memory for the next one who asks. Of an image of 25 megapixels that is a
hundred megabytes, which a server that mostly reads small drawings needs seldom.
"""

import ctypes
import sys


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
