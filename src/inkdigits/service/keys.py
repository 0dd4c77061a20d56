"""API keys in, their SHA-256 digests out; a key that a client shows in, which one it is out.

No key is kept: the settings hold digests only, so that nothing that prints or logs
settings can tell one.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from inkdigits.errors import SettingError

SETTING = "INKDIGITS_API_KEYS"
MARK = "sha256:"
MIN_LETTERS = 16
"""Shorter keys can be guessed; `openssl rand -hex 24` makes a good one."""
_DIGEST = re.compile(MARK + "[0-9a-f]{64}")
_KEY = re.compile(rf"[!-+\--~]{{{MIN_LETTERS},256}}")  # printable ASCII, no blank, no comma


def digest_key(text: str, number: int = 1) -> str:
    """Turn a key of the settings into its digest.

    Args:
        text: a key, or `sha256:` and the 64 hexadecimal digits of its digest.
        number: which key of the settings it is, from 1, to be named by.

    Returns:
        `sha256:` and the digest.

    Raises:
        SettingError: too short, too long, or with letters that no header carries. Does
            not say the key.
    """
    if _DIGEST.fullmatch(text):
        return text
    needed = f"{MIN_LETTERS} to 256 letters, or {MARK} and 64 digits of 0-9a-f"
    if text.startswith(MARK):
        raise SettingError(SETTING, f"key {number} is no SHA-256 digest", needed)
    if not _KEY.fullmatch(text):
        found = f"key {number} has {len(text)} letters, or some that are not printable ASCII"
        raise SettingError(SETTING, found, needed)
    return MARK + _hash(text.encode("ascii"))


def find_key(shown: bytes, digests: Sequence[str]) -> int | None:
    """Find out which key a client shows, in a time that tells nothing of the keys.

    Args:
        shown: what the client sent.
        digests: from `digest_key`.

    Returns:
        Its place in `digests`; None when it is none of them.
    """
    digest = MARK + _hash(shown)
    found = None
    for place, known in enumerate(digests):
        if hmac.compare_digest(digest, known):
            found = place  # and go on: each request compares with every key
    return found


def _hash(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()
