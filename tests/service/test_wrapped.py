"""Pictures as text: every way that a client may write one gives its bytes back, or says why not."""

import base64
import contextlib
import json
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import UploadError
from inkdigits.service.wrapped import unwrap
from tests.tiny import encoded, picture, png

PICTURES = [png("7"), encoded(picture("7"), "JPEG")]
URL = "data:image/png;base64,"


def _lines(text: str) -> str:
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\r\n"


WAYS: dict[str, Callable[[bytes], str]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "lines": lambda data: _lines(base64.b64encode(data).decode()),
    "url-safe": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "data-url": lambda data: URL + base64.b64encode(data).decode(),
    "other-kind": lambda data: "DATA:;charset=x;BASE64," + base64.b64encode(data).decode(),
    "blanks": lambda data: f"  \n{URL}{base64.b64encode(data).decode()} \n",
}


@pytest.mark.parametrize("data", PICTURES, ids=["png", "jpeg"])
@pytest.mark.parametrize("way", WAYS)
def test_a_picture_comes_out_of_every_way(way: str, data: bytes) -> None:
    text = WAYS[way](data)
    assert unwrap(text.encode()) == data
    assert unwrap(json.dumps({"image": text}).encode()) == data
    assert unwrap(json.dumps(text).encode()) == data
    escaped = json.dumps({"image": text}).replace("/", r"\/")
    assert unwrap(f" \n{escaped}\n".encode()) == data


@given(st.binary(min_size=1, max_size=300_000))
def test_base64_of_any_length_is_decoded(data: bytes) -> None:
    body = json.dumps({"image": base64.b64encode(data).decode()})
    assert unwrap(body.encode()) == data


@pytest.mark.parametrize(
    "body",
    [
        *PICTURES,
        b"",
        b"GIF89a" + bytes(80),
        b"BM" + bytes(80),
        b"RIFF",
        b"%PDF-1.7 " * 20,
        b"hello",
        b"a picture, or so I was told. " * 9,
        b"\0" * 100,
        "äöü".encode() * 50,
    ],
)
def test_what_wraps_nothing_stays_as_it_is(body: bytes) -> None:
    assert unwrap(body) is body


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"{", "JSON cannot be read"),
        (b'"', "JSON cannot be read"),
        (b'{"image": "' + b"\xff" + b'"}', "JSON cannot be read"),
        (b"{}", "no text in 'image'"),
        (b'{"image": null}', "no text in 'image'"),
        (b'{"image": ["a"]}', "no text in 'image'"),
        (b'{"img": "QUJD"}', "member 'img'"),
        (b'{"image": "QUJD", "length": 5}', "member 'length'"),
        (b'{"instances": [{"b64": "QUJD"}]}', "member 'instances'"),
        (b'{"image": [' + b"[]," * 1000 + b"[]]}", "many values"),
        (b'{"image": "data:image/png,QUJD"}', "data URL that is not Base64"),
        (b'{"image": "data:image/png;base64"}', "data URL that is not Base64"),
        (b'{"image": "QU JD"}', "Base64 is damaged"),  # a plus that became a space on its way
        (b'{"image": "QUJ=D"}', "Base64 is damaged"),
        (b'{"image": "Q"}', "Base64 is damaged"),
        (b'{"image": "\\u00e4\\u00f6"}', "Base64 is damaged"),
        (b"data:image/png;base64,!!", "Base64 is damaged"),
        (b"iVBORw0KGgo" * 9 + b"?", "Base64 is damaged"),
    ],
)
def test_what_is_damaged_or_something_else_says_what_is_needed(body: bytes, found: str) -> None:
    with pytest.raises(UploadError, match=found) as caught:
        unwrap(body)
    assert '{"image": "data:image/png;base64,..."}' in str(caught.value)


@pytest.mark.parametrize("begin", [b"{", b'"', b"data:", b"iVBORw0KGgoAAAANSUhEUgAAABwAAA"])
@given(st.binary(max_size=80))
def test_any_text_is_unwrapped_or_refused(begin: bytes, rest: bytes) -> None:
    with contextlib.suppress(UploadError):
        assert isinstance(unwrap(begin + rest), bytes)


def test_values_that_nobody_asked_for_take_no_memory() -> None:
    body = b'{"image": [' + b"{}," * 300_000 + b"1]}"
    tracemalloc.start()
    with pytest.raises(UploadError, match="many values"):
        unwrap(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000
