import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import DataError
from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line
from inkdigits.training.own import ONE_IN, OWN, add_own, count_own, divide, read_own
from tests.tiny import blank_png, encoded, picture, png
from tests.training.conftest import make_pool


@pytest.fixture
def folder(tmp_path):
    """Six pictures of a 3, five of a 7, four of what is no digit, all different."""
    for label, count in (("3", 6), ("7", 5), ("x", 4)):
        (tmp_path / label).mkdir()
        for number in range(count):
            drawn = picture("+" if label == "x" else label, 100 + 10 * number)
            (tmp_path / label / f"{number}.png").write_bytes(encoded(drawn))
    return tmp_path


def test_pictures_go_through_the_line(folder) -> None:
    told = []
    own = read_own(folder, lambda *step: told.append(step))
    assert own.labels.tolist() == [3] * 6 + [7] * 5 + [10] * 4
    first = walk_line(decode((folder / "3" / "0.png").read_bytes())).sample
    np.testing.assert_array_equal(own.samples[0], np.rint(first * 255))
    assert told[0] == ("reading", 0, 15)
    assert told[-1] == ("reading", 15, 15)
    assert own.skipped == ()
    assert count_own(own) == {"learned": 13, "held_back": 2, "held_back_digits": 2, "not_used": 0}


def test_what_they_are_called_changes_nothing(folder) -> None:
    before = read_own(folder)
    for path in list(folder.glob("*/*.png")):
        path.rename(path.with_name(f"{path.parent.name}_{9 - int(path.stem)}.png"))
    after = read_own(folder)
    assert after.sha256 == before.sha256

    def held(own):
        return {sample.tobytes() for sample in own.samples[own.held]}

    assert held(after) == held(before)


def test_what_cannot_be_used_is_named_and_left_out(folder) -> None:
    (folder / "3" / "blank.png").write_bytes(blank_png())
    (folder / "3" / "cut.png").write_bytes(png("3")[:40])
    (folder / "3" / "copy.png").write_bytes((folder / "3" / "0.png").read_bytes())
    (folder / "7" / "wrong.png").write_bytes((folder / "3" / "1.png").read_bytes())
    own = read_own(folder)
    assert len(own) == 15
    found = {path.rsplit("/", 1)[1]: why for path, why in own.skipped}
    assert set(found) == {"blank.png", "cut.png", "copy.png", "wrong.png"}
    assert found["blank.png"] == "nothing is drawn in this picture"
    assert "not a readable picture" in found["cut.png"]
    assert found["wrong.png"].endswith("1.png, which is labelled 3, not 7")
    assert count_own(own)["not_used"] == 4


def test_nothing_to_learn_from_is_one_clear_error(tmp_path) -> None:
    (tmp_path / "3_blank.png").write_bytes(blank_png())
    with pytest.raises(DataError, match=r"no picture that can be used \(.*3_blank\.png: nothing"):
        read_own(tmp_path)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_a_fifth_of_each_label_is_held_back(labels) -> None:
    labels = np.array(labels, np.int8)
    digests = np.array([f"{number * 7919 % 101:03}" for number in range(len(labels))])
    held = divide(labels, digests)
    for label in np.unique(labels):
        of = labels == label
        assert held[of].sum() == of.sum() // ONE_IN
    order = np.random.default_rng(1).permutation(len(labels))
    np.testing.assert_array_equal(divide(labels[order], digests[order]), held[order])


def test_they_stand_behind_the_pool(folder) -> None:
    pool, own = make_pool(), read_own(folder)
    both = add_own(pool, own)
    assert len(both) == len(pool) + 15
    here = both.source == OWN
    assert here[len(pool) :].all()
    assert here.sum() == 15
    assert both.hashes == pool.hashes | {OWN: own.sha256}
    assert (both.train != both.validation).all()
    np.testing.assert_array_equal(both.validation[here], own.held)
    np.testing.assert_array_equal(both.samples[: len(pool)], pool.samples)
