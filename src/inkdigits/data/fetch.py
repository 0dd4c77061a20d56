"""A source's addresses and sha256 in → the checked file on this disk out."""

import hashlib
import http.client
import secrets
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inkdigits.errors import DataError

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""

_CHUNK_BYTES = 1 << 16
_TIMEOUT_S = 30.0


def no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Source:
    """One public file: its name, its fingerprint, its terms and where it is kept.

    Attributes:
        file: file name, without a folder.
        sha256: hex digest; "" where the file is made here and has none published.
        size_bytes: exact size; 0 where unknown.
        licence: the terms, with who to credit.
        urls: addresses to try, best first; empty where the file cannot be downloaded.
    """

    file: str
    sha256: str
    size_bytes: int
    licence: str
    urls: tuple[str, ...] = ()


def fetch(source: Source, folder: Path, progress: Progress = no_progress) -> Path:
    """Download `source` into `folder`, unless the right file is there already.

    The file appears under its name only when it is complete and its sha256 is right.

    Raises:
        DataError: no address gave the right file; says what each one did.
    """
    target = folder / source.file
    if target.is_file() and matches(source, target):
        return target
    failures: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    for url in source.urls:
        try:
            return _download(url, source, target, progress)
        except (OSError, http.client.HTTPException, DataError) as error:
            failures.append(f"{url}: {error}")
    found = "; ".join(failures) or "not there, and it has no public address"
    raise DataError(str(target), found, f"the file with sha256 {source.sha256}")


def matches(source: Source, path: Path) -> bool:
    """Tell whether the file at `path` has the published sha256, or none is published."""
    return not source.sha256 or sha256_of(path) == source.sha256


def sha256_of(path: Path) -> str:
    """Give the hex sha256 of a file.

    Raises:
        DataError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(str(path), f"cannot be read ({error})", "a readable file") from error


def _download(url: str, source: Source, target: Path, progress: Progress) -> Path:
    scheme = urllib.parse.urlsplit(url).scheme
    if scheme not in ("http", "https"):
        raise DataError(url, f"the scheme {scheme!r}", "http or https")
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as out:
            digest = _stream(url, source, out.write, progress)
        if digest != source.sha256:
            raise DataError(url, f"a file with sha256 {digest}", source.sha256)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _stream(url: str, source: Source, write: Callable[[bytes], int], progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - scheme checked above
        while chunk := answer.read(_CHUNK_BYTES):
            done += len(chunk)
            if done > source.size_bytes:
                raise DataError(url, f"more than {source.size_bytes:,} bytes", "the published size")
            write(chunk)
            digest.update(chunk)
            progress(source.file, done, source.size_bytes)
    return digest.hexdigest()
