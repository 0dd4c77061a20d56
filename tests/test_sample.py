import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import Mismatch, SampleError
from inkdigits.sample import Box, check_samples, read_box


@pytest.mark.parametrize(
    "shape", [(28, 28), (784,), (3, 28, 28), (3, 784), (3, 28, 28, 1), (0, 28, 28)]
)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "uint8", "bool"])
def test_every_usual_shape_becomes_a_batch(shape, dtype):
    batch = check_samples(np.ones(shape, dtype))
    assert batch.shape == (shape[0] if shape[1:] and shape != (28, 28) else 1, 28, 28)
    assert batch.dtype == np.float32
    assert batch.flags.c_contiguous


def test_values_keep_their_places():
    flat = np.arange(784) / 784
    assert check_samples(flat)[0, 1, 3] == np.float32(31 / 784)


def test_a_list_of_numbers_will_do():
    assert check_samples([0.5] * 784).shape == (1, 28, 28)


@given(st.lists(st.integers(0, 30), max_size=4).map(tuple))
def test_other_shapes_are_refused(shape):
    usual = {(28, 28), (784,)}
    if shape in usual or shape[1:] in usual | {(28, 28, 1)}:
        return
    with pytest.raises(SampleError, match="shape"):
        check_samples(np.zeros(shape))


@pytest.mark.parametrize("value", [255, -0.1, np.nan, np.inf])
def test_other_values_are_refused(value):
    with pytest.raises(SampleError, match="values"):
        check_samples(np.full((28, 28), value))


@pytest.mark.parametrize("values", [["a"] * 784, np.full(784, None), np.ones(784, complex)])
def test_other_types_are_refused(values):
    with pytest.raises(SampleError, match="type"):
        check_samples(values)


def test_a_scaled_box_keeps_its_edges():
    assert Box(10, 20, 31, 40).scaled(2) == Box(20, 40, 62, 80)
    assert Box(1, 1, 1, 1).scaled(1.5) == Box(2, 2, 1, 1)


def test_a_scaled_box_goes_where_its_picture_begins():
    assert Box(10, 20, 31, 40).scaled(2, Box(7, 100, 90, 90)) == Box(27, 140, 62, 80)


@given(st.tuples(*[st.integers(0, 999_999)] * 2, *[st.integers(1, 999_999)] * 2))
def test_a_box_is_read_as_people_write_it(numbers):
    assert read_box(",".join(map(str, numbers))) == Box(*numbers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,x",
        "-1,2,3,4",
        "1.5,2,3,4",
        "1,2,0,4",
        "1,2,3,0",
        "1,2,3,9999999",
        "1;2;3;4",
        "\u0661,2,3,4",
        "1,2,3,4\n5",
    ],
)
def test_what_is_no_box_is_refused_and_shown(text):
    with pytest.raises(Mismatch, match="left,top,width,height") as caught:
        read_box(text)
    assert repr(text[:40]) in str(caught.value)
