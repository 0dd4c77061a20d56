"""Nothing in → nothing out, but from then on the image line keeps to one core."""

import cv2


def use_one_thread() -> None:
    """Let OpenCV work in the thread that calls it, for a whole process.

    For processes that are as many as there are cores. What is read stays the same; threads gain
    little here, and each takes memory for itself: of a million specks a hundred megabytes.
    """
    cv2.setNumThreads(1)
