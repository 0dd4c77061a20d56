import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.pool import Pool, hold_back


def test_some_of_a_pool_can_be_taken() -> None:
    pool = Pool(
        np.arange(2 * 784).reshape(2, 28, 28).astype(np.uint8),
        np.array([7, 10], np.int8),
        np.array(["mnist", "composed"]),
        np.array(["mnist/3", ""]),
        np.array([True, False]),
        np.array([False, True]),
        np.array([["mnist-train-images", "44"]]),
        np.empty((0, 2), "U1"),
    )
    taken = pool.take(pool.labels == 10)
    assert (len(pool), len(taken)) == (2, 1)
    assert taken.source.tolist() == ["composed"]
    assert taken.validation.all()
    assert taken.hashes == {"mnist-train-images": "44"}


writer_lists = st.lists(st.sampled_from([f"w{n}" for n in range(30)]), min_size=1, max_size=300)


@given(writer_lists, st.floats(0, 0.5))
def test_whole_writers_are_held_back(writers: list[str], share: float) -> None:
    held = hold_back(writers, share)
    assert held <= set(writers)
    assert held != set(writers)
    assert held or share == 0 or len(set(writers)) == 1
    largest = max(writers.count(name) for name in set(writers))
    count = sum(name in held for name in writers)
    assert count <= share * len(writers) + largest


def test_the_share_is_met_closely() -> None:
    writers = [f"writer {n % 200}" for n in range(10_000)]
    held = hold_back(writers, 0.1)
    assert len(held) == 20


def test_a_writer_keeps_to_a_side_when_others_come() -> None:
    before = hold_back([f"writer {n}" for n in range(200)], 0.2)
    after = hold_back([f"writer {n}" for n in range(220)], 0.2)
    assert len(before & after) > 30
