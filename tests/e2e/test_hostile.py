"""Bytes that no honest client sends: the server refuses them, stays up, and logs no fault."""

from collections.abc import Callable

import httpx
import pytest

from tests.tiny import png

from .conftest import Server

POST = b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
SEVEN = png("7")
FORM = b"Content-Type: multipart/form-data; boundary=cut\r\n"
PART = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


HOSTILE = {
    "not HTTP": b"\x16\x03\x01" + bytes(200),
    "no version": b"GET /\r\n\r\n",
    "a method of our own": b"BREW /predict HTTP/1.1\r\nHost: x\r\n\r\n",
    "no content at all": POST + b"\r\n",
    "length of letters": POST + b"Content-Length: many\r\n\r\n" + SEVEN,
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + SEVEN,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "huge length": POST + b"Content-Length: 99999999999\r\n\r\n",
    "length beyond 64 bits": POST + b"Content-Length: " + b"9" * 50 + b"\r\n\r\n",
    "length too small": POST + b"Content-Length: 20\r\n\r\n" + SEVEN,
    "length too large": POST + b"Content-Length: 5000\r\n\r\n" + SEVEN,
    "form cut by hanging up": POST + FORM + b"Content-Length: 5000\r\n\r\n" + PART + SEVEN,
    "chunks cut short": POST + b"Transfer-Encoding: chunked\r\n\r\n" + _chunk(SEVEN)[:-9],
    "chunks of letters": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SEVEN,
    "an unknown coding": POST + b"Transfer-Encoding: rot13\r\n\r\n" + SEVEN,
    "a header of 1 MB": POST + b"X-Big: " + b"y" * 1_000_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "10,000 headers": POST + b"X-Many: y\r\n" * 10_000 + b"Content-Length: 0\r\n\r\n",
    "a header of bytes": POST + b"X: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
    "a content type of bytes": POST + b"Content-Type: \xff\xfe;\xff\r\nContent-Length: 0\r\n\r\n",
    "an address of bytes": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an address of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a query of bytes": b"POST /predict?model=%ff%00 HTTP/1.1\r\nConnection: close\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "a full address": b"GET http://other/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_and_nothing_breaks(
    server: Server, talk: Callable[[bytes], bytes], name: str
) -> None:
    answer = talk(HOSTILE[name])
    assert not answer.startswith(b"HTTP/1.1 5"), answer
    after = httpx.post(f"{server.address}/predict", content=SEVEN)
    assert after.json()["digit"] == "7"
    assert "Traceback" not in server.written()


def test_an_announced_giant_is_refused_before_it_is_sent(talk: Callable[[bytes], bytes]) -> None:
    answer = talk(HOSTILE["huge length"])
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code": "image-too-large"' in answer


def test_chunks_without_any_length_are_read(talk: Callable[[bytes], bytes]) -> None:
    body = _chunk(SEVEN[:100]) + _chunk(SEVEN[100:]) + _chunk(b"")
    answer = talk(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"digit":"7"' in answer
