import hashlib
import hmac
from typing import Any

import pytest

from inkdigits.errors import SettingError
from inkdigits.service import keys
from inkdigits.service.keys import digest_key, find_key

KEY = "correct-horse-battery"
DIGEST = "sha256:" + hashlib.sha256(KEY.encode()).hexdigest()


def test_a_key_becomes_its_digest_and_a_digest_stays() -> None:
    assert digest_key(KEY) == DIGEST == digest_key(DIGEST)


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 257, "with a blank inside it", "schlüssel-schlüssel", "a,b" * 9]
)
def test_a_key_that_is_weak_or_fits_no_header_is_refused_without_saying_it(text: str) -> None:
    with pytest.raises(SettingError, match="key 3 has") as caught:
        digest_key(text, 3)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("text", ["sha256:" + "0" * 63, "sha256:" + "G" * 64, "sha256:"])
def test_a_digest_that_is_none_is_not_taken_for_a_key(text: str) -> None:
    with pytest.raises(SettingError, match="no SHA-256 digest"):
        digest_key(text)


def test_a_key_is_found_by_its_place() -> None:
    digests = [digest_key(f"a-key-of-number-{number}") for number in range(3)]
    assert find_key(b"a-key-of-number-1", digests) == 1
    assert find_key(b"a-key-of-number-3", digests) is None
    assert find_key(b"\xff", digests) is None
    # Who has read a digest has no key.
    assert find_key(digests[0].encode(), digests) is None


def test_every_key_is_compared_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Any] = []
    whole = hmac.compare_digest
    monkeypatch.setattr(
        keys.hmac, "compare_digest", lambda one, two: compared.append(two) or whole(one, two)
    )
    digests = [digest_key(f"a-key-of-number-{number}") for number in range(3)]
    find_key(b"a-key-of-number-0", digests)
    assert compared == digests
