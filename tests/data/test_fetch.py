import hashlib
import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from inkdigits.data.fetch import Source, fetch, matches, sha256_of
from inkdigits.errors import DataError

CONTENT = b"ink and digits " * 10_000


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "data.bin").write_bytes(CONTENT)
    (folder / "wrong.bin").write_bytes(CONTENT[::-1])
    (folder / "long.bin").write_bytes(CONTENT * 2)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def source(*urls: str) -> Source:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return Source("data.bin", digest, len(CONTENT), "public domain", urls)


def test_a_file_is_downloaded_with_progress(mirror: str, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    folder = tmp_path / "new" / "cache"
    path = fetch(source(mirror + "data.bin"), folder, lambda *step: told.append(step))
    assert path.read_bytes() == CONTENT
    assert told[-1] == ("data.bin", len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
    assert list(folder.iterdir()) == [path]


def test_the_next_mirror_is_tried(mirror: str, tmp_path: Path) -> None:
    urls = (mirror + "gone.bin", mirror + "wrong.bin", mirror + "long.bin", mirror + "data.bin")
    assert fetch(source(*urls), tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(CONTENT)
    assert fetch(source(), tmp_path) == tmp_path / "data.bin"


@pytest.mark.parametrize(
    ("name", "word"), [("gone.bin", "404"), ("wrong.bin", "sha256"), ("long.bin", "more than")]
)
def test_a_wrong_file_never_gets_the_name(
    mirror: str, tmp_path: Path, name: str, word: str
) -> None:
    folder = tmp_path / "cache"
    with pytest.raises(DataError, match=word):
        fetch(source(mirror + name), folder)
    assert list(folder.iterdir()) == []


def test_other_schemes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(CONTENT)
    with pytest.raises(DataError, match="scheme"):
        fetch(source((tmp_path / "data.bin").as_uri()), tmp_path / "cache")


def test_no_address_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no public address"):
        fetch(source(), tmp_path)


def test_matches_compares_the_content(tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT)
    assert matches(source(), path)
    assert sha256_of(path) == source().sha256
    path.write_bytes(CONTENT[:-1])
    assert not matches(source(), path)
    with pytest.raises(DataError, match="gone"):
        sha256_of(tmp_path / "gone")
