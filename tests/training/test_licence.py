"""Terms of weights: of the data, of the user's pictures, and of what they began from."""

import pytest

from inkdigits.errors import BrokenModel
from inkdigits.training.licence import licence_of
from inkdigits.training.own import OWN


def test_data_of_any_terms_are_told_once() -> None:
    assert licence_of([], "") == "Apache-2.0"
    once = licence_of(["unipen_upper"], "")
    assert once == licence_of(["unipen_upper", "unipen_lower"], "")
    assert once.startswith("Apache-2.0. Trained on data under: ")
    assert licence_of([OWN], "").endswith("pictures of the user's own")


@pytest.mark.parametrize(("start", "begun"), [("cnn", 1), ("line", 2)])
def test_a_shipped_start_brings_its_own_terms(start: str, begun: int) -> None:
    licence = licence_of([], start)
    assert f"Begun from {start}: Apache-2.0. Trained on data under" in licence
    assert licence.count("Begun from") == begun  # line itself from cnn


def test_a_start_without_a_card_is_named_and_a_damaged_card_refused(tmp_path) -> None:
    start = tmp_path / "mine.keras"
    start.write_bytes(b"weights")
    assert licence_of([], str(start)) == f"Apache-2.0. Begun from {start}: see its card"
    for damaged in ("{}", "[]", '{"symbols": 3}'):
        (tmp_path / "mine.json").write_text(damaged)
        with pytest.raises(BrokenModel):
            licence_of([], str(start))
