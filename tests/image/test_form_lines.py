"""Printed lines of a form: gone, whatever they touch; strokes stay, however straight."""

import cv2
import numpy as np
import pytest

from inkdigits.image.form_lines import remove_form_lines
from inkdigits.sample import Ink

from . import drawing


def number(width: int = 240, height: int = 64) -> drawing.Picture:
    picture = np.zeros((height, width), np.uint8)
    for left in range(10, width - 30, 40):
        drawing.draw(picture, drawing.FIVE_BODY, (left, 10, 26, height - 22), ((255,), 4))
    return picture


def to_ink(picture: drawing.Picture) -> Ink:
    return (picture / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("slope", [-0.12, 0.0, 0.05])
def test_an_underline_goes_and_the_number_stays(slope: float) -> None:
    picture = number(height=84)
    lined, rise = picture.copy(), round(slope * 119)
    cv2.line(lined, (0, 72 - rise), (239, 72 + rise), 255, 2)
    cleaned = remove_form_lines(to_ink(lined)) > 0
    drawn = picture > 128
    assert cleaned[drawn].mean() > 0.95
    assert cleaned[~cv2.dilate(drawn.astype(np.uint8), np.ones((7, 7))).astype(bool)].mean() < 0.01


def test_a_line_through_the_strokes_leaves_them_whole() -> None:
    picture = number()
    lined = picture.copy()
    cv2.line(lined, (0, 45), (239, 45), 255, 1)
    cleaned = remove_form_lines(to_ink(lined))
    count = cv2.connectedComponents((cleaned > 0).astype(np.uint8))[0] - 1
    assert count == cv2.connectedComponents((picture > 0).astype(np.uint8))[0] - 1


def test_the_boxes_of_a_form_go() -> None:
    picture = number()
    boxed = picture.copy()
    for left in range(3, 240, 40):
        cv2.rectangle(boxed, (left, 1), (left + 40, 62), 255, 1)
    cleaned = remove_form_lines(to_ink(boxed)) > 0
    assert cleaned[picture > 128].mean() > 0.95
    assert cleaned[:, [3, 43, 83]].mean() < 0.05


def test_upright_and_level_strokes_of_digits_stay() -> None:
    ones = np.zeros((60, 200), np.uint8)
    for left in (20, 60, 100, 140):
        cv2.line(ones, (left, 5), (left, 55), 255, 3)
    seven = np.zeros((120, 90), np.uint8)
    drawing.draw(seven, drawing.SEVEN, (2, 2, 86, 110), ((255,), 5))
    for picture in (ones, seven, number()):
        ink = to_ink(picture)
        assert remove_form_lines(ink) is ink


def test_a_line_alone_is_left_as_it_is() -> None:
    line = np.zeros((40, 200), np.float32)
    line[20:22, 5:195] = 1
    assert remove_form_lines(line) is line


def test_the_roof_of_a_lone_seven_is_no_line() -> None:
    picture = np.zeros((300, 320), np.uint8)
    cv2.line(picture, (30, 60), (290, 70), 255, 34)
    cv2.line(picture, (280, 70), (90, 270), 255, 34)
    ink = to_ink(picture)
    assert remove_form_lines(ink) is ink


@pytest.mark.parametrize("pen", [9, 11, 13])
def test_roofs_and_round_tops_in_one_height_are_no_line(pen: int) -> None:
    picture = np.zeros((90, 240), np.uint8)
    for place, digit in enumerate("7077"):
        left = 14 + 50 * place
        if digit == "7":
            cv2.line(picture, (left, 18), (left + 42, 18), 255, pen)
            cv2.line(picture, (left + 42, 18), (left + 21, 80), 255, pen)
        else:
            cv2.ellipse(picture, (left + 21, 49), (21, 31), 0, 0, 360, 255, pen)
    ink = to_ink(picture)
    assert remove_form_lines(ink) is ink
