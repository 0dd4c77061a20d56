"""Requests that two servers in a row could read differently: refused, and nothing behind them.

Where a proxy and this server disagree on where a request ends, a stranger writes the beginning
of somebody else's next one.
"""

from collections.abc import Callable

import pytest

from .conftest import Server

Talk = Callable[[bytes], bytes]
POST = b"POST /predict HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
HIDDEN = b"GET /health/ready HTTP/1.1\r\nHost: hidden\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
NONE = b"0\r\n\r\n"

AMBIGUOUS = {
    "a length and chunks": POST + b"Content-Length: 6\r\n" + CHUNKED + NONE,
    "chunks and a length": POST + CHUNKED[:-2] + b"Content-Length: 6\r\n\r\n" + NONE,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n" + NONE,
    "chunks inside another coding": POST + CHUNKED[:-4] + b", identity\r\n\r\n" + NONE,
    "two codings": POST + CHUNKED[:-2] + b"Transfer-Encoding: identity\r\n\r\n" + NONE,
    "a coding of no name": POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
    "a tab as a letter": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + NONE,
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nabcde",
    "a list of lengths": POST + b"Content-Length: 5, 5\r\n\r\nabcde",
    "the length twice": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
    "a length in another base": POST + b"Content-Length: 0x5\r\n\r\nabcde",
    "lines that end early": b"GET /health/live HTTP/1.1\nHost: x\n\n",
    "a folded line": GET + b"X-A: a\r\n Content-Length: 5\r\n\r\n",
    "a return within a line": GET + b"X-A: a\rContent-Length: 5\r\n\r\n",
    "a zero byte": GET + b"X-A: a\0b\r\n\r\n",
    "a line without a colon": GET + b"nothing\r\n\r\n",
}
BROKEN_CHUNKS = {
    "a size beyond 64 bits": b"ffffffffffffffffff\r\nabc\r\n" + NONE,
    "a size in another base": b"0x3\r\nabc\r\n" + NONE,
    "lines that end early": b"3\nabc\n0\n\n",
    "a negative size": b"-3\r\nabc\r\n" + NONE,
    "more than was said": b"3\r\nabcdef\r\n" + NONE,
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused(server: Server, talk: Talk, name: str) -> None:
    answer = talk(AMBIGUOUS[name] + HIDDEN)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert "Traceback" not in server.written()


@pytest.mark.parametrize("name", BROKEN_CHUNKS)
def test_behind_broken_chunks_nothing_is_read(server: Server, talk: Talk, name: str) -> None:
    answer = talk(POST + CHUNKED + BROKEN_CHUNKS[name] + HIDDEN)
    assert b'"ready"' not in answer
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert "Traceback" not in server.written()


def test_requests_in_a_row_are_answered_in_a_row(talk: Talk) -> None:
    """So that what the others show is no accident of this way of talking."""
    body = b"Content-Length: 3\r\n\r\nabc"
    for first in (POST + body, POST + CHUNKED + b"3;x=y\r\nabc\r\n" + NONE, GET + body):
        answer = talk(first + HIDDEN)
        assert answer.count(b"HTTP/1.1 ") == 2
        assert answer.endswith(b'{"status":"ready"}')


@pytest.mark.parametrize("sent", [b"a\tb", b"a b", b"x" * 129, b"\x7f", b"\xe9", b"", b"\x0b"])
def test_an_id_cannot_carry_a_header(talk: Talk, sent: bytes) -> None:
    answer = talk(GET + b"X-Request-ID: " + sent + b"\r\nConnection: close\r\n\r\n")
    [line] = [line for line in answer.split(b"\r\n") if line.startswith(b"x-request-id: ")] or [b""]
    assert len(line.partition(b": ")[2]) == 32 or answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "lines", [b"", b"Host: a\r\nHost: b\r\n", b"Host: a@b\r\n", b"Host: [::\r\n", b"Host: \xff\r\n"]
)
def test_odd_hosts_lead_nowhere(talk: Talk, lines: bytes) -> None:
    head = b"GET /models/ HTTP/1.1\r\n" + lines + b"Connection: close\r\n\r\n"
    answer = talk(head)
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"\r\nlocation:" not in answer.lower()
