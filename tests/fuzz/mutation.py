"""Valid files and a random generator in, one hostile file out. The same generator, the same file.

Half of it knows nothing of formats: cuts, flips, splices. The other half keeps the checksums
right and lies behind them, which is how the inner parts of a decoder are reached.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from .seeds import SIGNATURE, chunk

Random = np.random.Generator
Change = Callable[[bytes, Random], bytes]

_SIZES = (0, 1, 2, 27, 28, 300, 5_000, 12_000, 12_001, 65_535, 2**31 - 1, 2**31, 2**32 - 1)
_BYTES = (0x00, 0x01, 0x7F, 0x80, 0xC2, 0xD9, 0xDA, 0xFE, 0xFF)
_BOMB_BYTES = 48 * 1024 * 1024


def mutate(files: Sequence[bytes], rng: Random) -> bytes:
    """Make one hostile file.

    Args:
        files: valid ones, to start from and to splice in.
        rng: decides everything.

    Returns:
        One of `files` after one to five changes.
    """
    data = files[rng.integers(len(files))]
    for _ in range(min(5, int(rng.geometric(0.6)))):
        if rng.random() < 0.1:
            data = splice(data, files[rng.integers(len(files))], rng)
            continue
        data = _changes_for(data, rng)(data, rng)
    if data.startswith(SIGNATURE) and rng.random() < 0.5:  # else a checksum ends most of them
        data = join_png(split_png(data))
    return data


def splice(data: bytes, other: bytes, rng: Random) -> bytes:
    """The head of one file and the tail of another."""
    return data[: rng.integers(len(data) + 1)] + other[rng.integers(len(other) + 1) :]


def cut(data: bytes, rng: Random) -> bytes:
    """End somewhere."""
    return data[: rng.integers(len(data) + 1)]


def flip_bits(data: bytes, rng: Random) -> bytes:
    """Turn over up to 16 bits."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 17) if data else 0):
        changed[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def set_bytes(data: bytes, rng: Random) -> bytes:
    """Write bytes that mean something to decoders, mostly near the head."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 9) if data else 0):
        changed[int(len(data) * rng.random() ** 3)] = _BYTES[rng.integers(len(_BYTES))]
    return bytes(changed)


def drop(data: bytes, rng: Random) -> bytes:
    """Leave a piece out."""
    start, length = rng.integers(len(data) + 1), rng.integers(1, 400)
    return data[:start] + data[start + length :]


def repeat(data: bytes, rng: Random) -> bytes:
    """Write a piece twice."""
    start = rng.integers(len(data) + 1)
    return data[: start + rng.integers(1, 2_000)] + data[start:]


def fill_in(data: bytes, rng: Random) -> bytes:
    """Put rubbish somewhere."""
    start = rng.integers(len(data) + 1)
    return data[:start] + rng.bytes(int(rng.integers(1, 300))) + data[start:]


def add_tail(data: bytes, rng: Random) -> bytes:
    """Make a file that is something else, too: an archive, a page, a program."""
    tails = (
        b"PK\x05\x06" + bytes(18),
        b"<script>alert(1)</script>",
        b"%PDF-1.4\n",
        b"MZ" + bytes(90),
    )
    return data + tails[rng.integers(len(tails))]


def split_png(data: bytes) -> list[tuple[bytes, bytes]]:
    """Take the chunks of a PNG apart, as far as they go."""
    found, at = [], len(SIGNATURE)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    return found


def join_png(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Put chunks together, with checksums that are right."""
    return SIGNATURE + b"".join(chunk(kind, content) for kind, content in chunks)


def lie_in_ihdr(data: bytes, rng: Random) -> bytes:
    """Give a PNG another size or another kind of pixels."""
    chunks = split_png(data)
    if not chunks or len(chunks[0][1]) != 13:
        return data
    fields = list(struct.unpack(">IIBBBBB", chunks[0][1]))
    if rng.random() < 0.5:
        fields[rng.integers(2)] = _SIZES[rng.integers(len(_SIZES))]
    else:
        fields[rng.integers(2, 7)] = int(rng.integers(17))
    return join_png([(b"IHDR", struct.pack(">IIBBBBB", *fields)), *chunks[1:]])


def change_chunk(data: bytes, rng: Random) -> bytes:
    """Change what one chunk holds, or drop, repeat or move it; the checksums stay right."""
    chunks = split_png(data)
    if not chunks:
        return data
    at = int(rng.integers(len(chunks)))
    kind, content = chunks.pop(at)
    what = rng.integers(4)
    if what == 0:
        content = set_bytes(content, rng) if content else rng.bytes(4)
    places = {0: [at], 1: [], 2: [at, at], 3: [int(rng.integers(len(chunks) + 1))]}[int(what)]
    for place in places:
        chunks.insert(place, (kind, content))
    return join_png(chunks)


def spoil_checksum(data: bytes, rng: Random) -> bytes:
    """Let one checksum be wrong."""
    chunks = split_png(data)
    lost = rng.integers(len(chunks)) if chunks else 0
    written = [bytearray(chunk(*one)) for one in chunks]
    if written:
        written[lost][-1] ^= 0xFF
    return SIGNATURE + b"".join(written)


def change_rows(data: bytes, rng: Random) -> bytes:
    """Change a PNG's scan lines under the compression: filters that are none, too few, too many."""
    chunks = split_png(data)
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    try:
        raw = zlib.decompressobj().decompress(packed, 1_000_000)
    except zlib.error:
        return data
    change = (set_bytes, cut, repeat, flip_bits)[rng.integers(4)]
    rows = (b"IDAT", zlib.compress(change(raw, rng), 1))
    kept = [one for one in chunks if one[0] != b"IDAT"]
    return join_png([*kept[:-1], rows, *kept[-1:]])


def add_chunk(data: bytes, rng: Random) -> bytes:
    """Add a chunk of rubbish, of no palette, or one that grows a thousandfold when unpacked."""
    extra = (
        (b"iCCP", b"icc\0\0" + bomb()),
        (b"zTXt", b"text\0\0" + bomb()),
        (b"iTXt", b"text\0\1\0\0\0" + bomb()),
        (b"IDAT", bomb()),
        (b"tRNS", rng.bytes(int(rng.integers(300)))),
        (b"PLTE", rng.bytes(int(rng.integers(900)))),
        (b"eXIf", exif_rubbish(rng)),
        (b"acTL", rng.bytes(8)),
        (b"fdAT", rng.bytes(40)),
    )
    chunks = split_png(data)
    chunks.insert(int(rng.integers(1, 4)), extra[rng.integers(len(extra))])
    return join_png(chunks)


@cache
def bomb() -> bytes:
    """48 MiB of zeros, packed into 48 kB."""
    return zlib.compress(bytes(_BOMB_BYTES), 9)


def exif_rubbish(rng: Random) -> bytes:
    """A directory that begins well."""
    return (b"II*\0" if rng.random() < 0.5 else b"MM\0*") + b"\x08\0\0\0" + rng.bytes(60)


def split_jpeg(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Take a JPEG apart: its segments, and all from the first scan on."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        size = int.from_bytes(data[at + 2 : at + 4])
        found.append((data[at + 1], data[at + 4 : at + 2 + size]))
        at += 2 + max(2, size)
    return found, data[at:]


def join_jpeg(segments: Sequence[tuple[int, bytes]], scans: bytes) -> bytes:
    """Put segments and scans together, with lengths that are right."""
    heads = [
        struct.pack(">BBH", 0xFF, code, len(content) + 2) + content for code, content in segments
    ]
    return b"\xff\xd8" + b"".join(heads) + scans


def lie_in_frame(data: bytes, rng: Random) -> bytes:
    """Give a JPEG another size, kind, number of channels or sampling."""
    segments, scans = split_jpeg(data)
    for at, (code, content) in enumerate(segments):
        if 0xC0 <= code <= 0xC2 and len(content) > 8:
            changed = bytearray(content)
            if rng.random() < 0.5:
                size = _SIZES[rng.integers(len(_SIZES))] & 0xFFFF
                place = 1 + 2 * int(rng.integers(2))
                changed[place : place + 2] = size.to_bytes(2)
            else:
                changed[rng.integers(len(changed))] = int(rng.integers(256))
            kind = code if rng.random() < 0.8 else 0xC0 + int(rng.integers(16))
            segments[at] = (kind, bytes(changed))
    return join_jpeg(segments, scans)


def change_segment(data: bytes, rng: Random) -> bytes:
    """Change what one segment holds, or drop, repeat or move it; the lengths stay right."""
    segments, scans = split_jpeg(data)
    if not segments:
        return data
    at = int(rng.integers(len(segments)))
    code, content = segments.pop(at)
    what = rng.integers(4)
    if what == 0:
        content = set_bytes(content, rng)
    places = {0: [at], 1: [], 2: [at, at], 3: [int(rng.integers(len(segments) + 1))]}[int(what)]
    for place in places:
        segments.insert(place, (code, content))
    return join_jpeg(segments, scans)


def add_segment(data: bytes, rng: Random) -> bytes:
    """Add rubbish where cameras write, a restart interval, or Adobe's word on the colours."""
    extra = (
        (0xE1, b"Exif\0\0" + exif_rubbish(rng)),
        (0xE2, b"ICC_PROFILE\0\1\1" + rng.bytes(400)),
        (0xE2, b"MPF\0" + exif_rubbish(rng)),
        (0xEE, b"Adobe\0\x64" + bytes(4) + bytes([int(rng.integers(4))])),
        (0xFE, rng.bytes(60_000)),
        (0xDD, rng.bytes(2)),
        (0xC4, rng.bytes(int(rng.integers(60)))),
        (0xDB, rng.bytes(65)),
    )
    segments, scans = split_jpeg(data)
    segments.insert(int(rng.integers(len(segments) + 1)), extra[rng.integers(len(extra))])
    return join_jpeg(segments, scans)


def repeat_scans(data: bytes, rng: Random) -> bytes:
    """Let the decoder walk the pixels again and again."""
    segments, scans = split_jpeg(data)
    last = scans.rfind(b"\xff\xda")
    if last < 0:
        return data
    end = scans.rfind(b"\xff\xd9")
    scan = scans[last : end if end > last else len(scans)]
    times = min(int(rng.choice((2, 10, 90, 101, 300))), 4_000_000 // len(scan))
    return join_jpeg(segments, scans[:last] + times * scan + b"\xff\xd9")


ANYWHERE: tuple[Change, ...] = (cut, flip_bits, set_bytes, drop, repeat, fill_in, add_tail)
IN_PNG: tuple[Change, ...] = (
    lie_in_ihdr,
    change_chunk,
    spoil_checksum,
    change_rows,
    change_rows,
    add_chunk,
)
IN_JPEG: tuple[Change, ...] = (lie_in_frame, change_segment, add_segment, repeat_scans)


def _changes_for(data: bytes, rng: Random) -> Change:
    changes = ANYWHERE
    if rng.random() < 0.6:
        inner = {SIGNATURE[:4]: IN_PNG, b"\xff\xd8\xff\xe0": IN_JPEG, b"\xff\xd8\xff\xe1": IN_JPEG}
        changes = inner.get(data[:4], ANYWHERE)
    return changes[rng.integers(len(changes))]
