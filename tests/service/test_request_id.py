import pytest

from inkdigits.service.request_id import choose_id


@pytest.mark.parametrize("given", [b"a", b"4bf92f35-77b3", b"!~/+=", b"x" * 128])
def test_a_given_id_is_taken(given: bytes) -> None:
    assert choose_id([(b"accept", b"*/*"), (b"x-request-id", given)]) == given.decode()


@pytest.mark.parametrize(
    "given", [b"", b"x" * 129, b"a b", b"a\n", b"\x1b[31m", b"\xc3\xa4", b" a"]
)
def test_an_id_that_could_break_a_log_is_replaced(given: bytes) -> None:
    found = choose_id([(b"x-request-id", given)])
    assert len(found) == 32
    assert int(found, 16) >= 0


def test_of_two_ids_the_first_counts() -> None:
    assert choose_id([(b"x-request-id", b"one"), (b"x-request-id", b"two")]) == "one"


def test_new_ids_differ() -> None:
    assert len({choose_id([]) for _ in range(1000)}) == 1000
