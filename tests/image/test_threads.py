"""OpenCV keeps to one thread when told to."""

import cv2

from inkdigits.image.threads import use_one_thread


def test_opencv_takes_one_thread() -> None:
    before = cv2.getNumThreads()
    try:
        use_one_thread()
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)
