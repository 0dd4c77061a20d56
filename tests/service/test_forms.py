import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.service.forms import MAX_PARTS, MAX_TEXT_BYTES, BrokenForm, Part, read_form

FORM = "multipart/form-data; boundary=cut"


def _written(parts: list[Part]) -> bytes:
    body = b""
    for part in parts:
        file = "" if part.file is None else f'; filename="{part.file}"'
        head = f'--cut\r\nContent-Disposition: form-data; name="{part.name}"{file}\r\n\r\n'
        body += head.encode() + bytes(part.data) + b"\r\n"
    return body + b"--cut--\r\n"


def _read(body: bytes, step: int = 7, content_type: str = FORM) -> list[Part]:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), step):
            yield body[start : start + step]

    return asyncio.run(read_form(content_type, chunks()))


HEADS = (
    'Content-Disposition: form-data; name="file"; filename="a.png"',
    'content-disposition: form-data; name="file"; filename="a;b (1)"\r\nContent-Type: image/png',
    'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: a; b="c"',
    'Content-Disposition: form-data; name="file"; filename="C:\\\\a.png"',
    'Content-Disposition: form-data; name="file"; filename="\u00e4"',
    'Content-Type: image/png\r\nContent-Disposition: form-data; name="file"; filename="a"',
    'Content-Disposition: form-data; name="file"',
    "Content-Disposition: form-data; name=file; filename=a",
    "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''a",
    "X: y",
)


@given(
    st.sampled_from(HEADS),
    st.lists(st.sampled_from([b"x", b"\r\n", b"--cut", b"--cu", b"--", b"\0"]), max_size=6),
    st.sampled_from(["--cut--", "--cut--\r\n", "--cut--\r\n\r\n", "--cut--more", "--cut", ""]),
)
def test_a_form_that_comes_whole_is_read_as_one_that_comes_in_pieces(
    head: str, data: list[bytes], end: str
) -> None:
    body = f"--cut\r\n{head}\r\n\r\n".encode() + b"".join(data) + f"\r\n{end}".encode()

    def outcome(step: int) -> object:
        try:
            return _read(body, step)
        except BrokenForm:  # which tells the place in its piece
            return BrokenForm

    assert outcome(len(body)) == outcome(1)


names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
parts = st.builds(
    Part,
    names,
    st.none() | names | st.just(""),
    st.binary(max_size=60).filter(lambda data: b"\r\n--cut" not in data).map(bytearray),
)


@given(st.lists(parts, min_size=1, max_size=MAX_PARTS), st.integers(1, 50))
def test_what_was_written_is_read_however_it_is_chunked(form: list[Part], step: int) -> None:
    assert _read(_written(form), step) == form


@given(st.binary(max_size=200), st.integers(1, 50))
def test_anything_is_read_or_refused(body: bytes, step: int) -> None:
    try:
        found = _read(b"--cut\r\n" + body, step)
    except BrokenForm:
        return
    assert len(found) <= MAX_PARTS


def test_a_form_that_is_cut_short_anywhere_is_refused() -> None:
    body = _written([Part("file", file="x", data=bytearray(b"1234"))])
    for length in range(len(body) - len(b"\r\n")):
        with pytest.raises(BrokenForm, match="cut short"):
            _read(body[:length])


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", FORM])
def test_without_a_boundary_nothing_is_found(kind: str) -> None:
    body = _written([Part("file", file="x")]).replace(b"cut", b"eut")
    with pytest.raises(BrokenForm):
        _read(body, content_type=kind)


def test_parts_are_counted() -> None:
    assert len(_read(_written([Part("a")] * MAX_PARTS))) == MAX_PARTS
    with pytest.raises(BrokenForm, match="more than 16 parts"):
        _read(_written([Part("a")] * (MAX_PARTS + 1)))


def test_a_text_is_bounded_and_a_file_is_not() -> None:
    data = bytearray(MAX_TEXT_BYTES + 1)
    assert _read(_written([Part("a", file="x", data=data)]), 9999)[0].data == data
    with pytest.raises(BrokenForm, match="16,384 bytes"):
        _read(_written([Part("a", data=data)]), 9999)


def test_a_name_that_is_no_text_is_replaced() -> None:
    body = _written([Part("NAME", file="x")]).replace(b"NAME", b"\xff\xed\xa0\x80")
    assert set(_read(body)[0].name) == {"�"}
