"""Nothing in, a folder out that the workers of one server share: counts and buckets lie there.

`prometheus_client` decides when it is imported whether it counts in memory or in that
folder. So whoever starts workers enters `sharing()` first, and imports the service after.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from inkdigits.errors import SettingError

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
ROOM_BYTES = 512 * 1024
"""Of each file; all series together take a fifth of it."""
_PREFIX, _LOCK = "inkdigits-", "lock"
_HAS_LOCKS = sys.platform != "win32"
_KINDS = ("counter", "gauge_livesum", "histogram")
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  # `mkdtemp` makes a folder there that is ours alone


@contextmanager
def sharing() -> Iterator[Path]:
    """Make the folder and name it to the workers through the environment; remove it at the end.

    It lies in memory where the system has a place for that: what workers write there
    with every request would else go to the disk, and a full disk would stop them.

    Yields:
        The folder, empty but for its lock.
    """
    place = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK | os.X_OK) else tempfile.gettempdir()
    remove_left(Path(place))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        with (folder / "new").open("wb") as file:
            _lock(file)
            (folder / "new").rename(folder / _LOCK)  # not there before it is locked
            yield folder
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)


def remove_left(place: Path) -> None:
    """Remove the folders of servers that were killed: nobody holds their locks any more.

    Args:
        place: where they lie, perhaps with those of servers that run.
    """
    for path in place.glob(f"{_PREFIX}*/{_LOCK}") if _HAS_LOCKS else ():
        with suppress(OSError), path.open("rb") as file:
            _lock(file)
            shutil.rmtree(path.parent, ignore_errors=True)


def shared_folder() -> Path | None:
    """Find the folder that this process shares with others.

    Returns:
        The folder; None when this process works alone.

    Raises:
        SettingError: the environment names one that is not there.
    """
    if not (name := os.environ.get(VARIABLE)):
        return None
    if not (folder := Path(name)).is_dir():
        raise SettingError(VARIABLE, "there is no such folder", "a folder, or not to be set")
    return folder


def reserve_room(folder: Path) -> None:
    """Make the files in which this worker is going to count, with all the room they need.

    `prometheus_client` makes them with holes and writes through the memory: where a hole
    finds no room any more, the system kills the worker in the middle of a request.

    Args:
        folder: from `shared_folder`.

    Raises:
        SettingError: there is no room.
    """
    try:
        for kind in _KINDS:
            with (folder / f"{kind}_{os.getpid()}.db").open("ab") as file:
                file.write(bytes(max(0, ROOM_BYTES - file.tell())))
    except OSError as error:
        needed = f"{len(_KINDS) * ROOM_BYTES:,} bytes a worker"
        raise SettingError(VARIABLE, (error.strerror or "no room").lower(), needed) from None


def forget_dead(folder: Path) -> None:
    """Remove what workers that have died said of themselves while they lived; counts stay.

    Any worker may do this at any time, so that it needs no help of who started them.

    Args:
        folder: from `shared_folder`. Files of the living are named
            `gauge_live<mode>_<pid>.db` by `prometheus_client`.
    """
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not _lives(int(pid)):
            path.unlink(missing_ok=True)


def _lock(file: BinaryIO) -> None:
    """Lock a file until it is closed, or the process ends; OSError when it is locked already."""
    if _HAS_LOCKS:
        import fcntl  # noqa: PLC0415  # not on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it lives, and is another user's
        return True
    return True
