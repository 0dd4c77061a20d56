"""Pictures, one by one, by the list or by the folder → what they say: the shortest way in.

One reader, of the default model, is loaded at the first call and shared by all.
"""

import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from queue import SimpleQueue
from typing import Any, overload

from inkdigits.child import Child, ChildDied
from inkdigits.decision.expected import Expected, expect
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.errors import BrokenImage, InkdigitsError, Mismatch
from inkdigits.files.decode import count_pages
from inkdigits.files.folder import list_pictures
from inkdigits.files.picture import Page, Picture, take
from inkdigits.image.threads import use_one_thread
from inkdigits.outcome import or_raise
from inkdigits.reader import Reader

_ANSWER = "inkdigits.reading:answer"
_AHEAD = 4  # files a worker that are asked for before the first answer is taken: bounds memory

Outcome = Prediction | NumberPrediction | InkdigitsError


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one page of one file.

    Attributes:
        file: its name, as given.
        result: what it says, or why it cannot be read.
        page: from 1; None where the file has but one.
    """

    file: str
    result: Outcome
    page: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the file, the page where there are several, and the answer or the error."""
        if isinstance(self.result, InkdigitsError):
            said: dict[str, Any] = {"error": {"code": self.result.code, "detail": str(self.result)}}
        else:
            said = self.result.to_dict()
        return {"file": self.file, **said} | ({"page": self.page} if self.page else {})

    def to_row(self) -> dict[str, Any]:
        """Give what a table has of it, one value a column, as for `pandas.DataFrame`."""
        place = {"file": self.file, "page": self.page}
        if isinstance(self.result, InkdigitsError):
            return {**place, "error": str(self.result)}
        return {**place, **self.result.to_row(), "error": None}


@overload
def read(
    picture: list[Any], *, page: int | None = None, **expected: Any
) -> list[Prediction | InkdigitsError]: ...
@overload
def read(picture: Picture, *, page: int | None = None, **expected: Any) -> Prediction: ...
def read(picture: Picture, *, page: int | None = None, **expected: Any) -> Any:
    """Read the one digit of a picture, or of each of a list of them.

    Args:
        picture: a path, bytes, an open file, a Pillow image or an array (`files.picture.TAKEN`);
            or a list of such.
        page: of a TIFF or PDF with several, from 1; `read_pages` reads all.
        expected: `allowed="0123"`, the digits that there may be; `box="10,20,80,60"`, the part
            of the picture that is read.

    Returns:
        The prediction; of a list a list, with the error in the place of what cannot be read.

    Raises:
        InkdigitsError: a single picture cannot be read, or has several pages and none is named.
    """
    return _read(_Job(expect(**expected)), picture, page)


def read_number(picture: Picture, *, page: int | None = None, **expected: Any) -> Any:
    """Read all digits of a picture, or of each of a list of them.

    Args, returns and errors are those of `read`, but for NumberPrediction; and what is expected
    of each line may be a `length`, `min_length`, `max_length` or `pattern="99-99-9999"`, too.
    """
    return _read(_Job(expect(**expected), numbers=True), picture, page)


def read_pages(picture: Picture, *, numbers: bool = False, **expected: Any) -> list[Reading]:
    """Read every page of a picture: the digit, or the number, that each of them shows."""
    name = os.fspath(picture) if isinstance(picture, str | os.PathLike) else ""
    return list(_read_pages(_Job(expect(**expected), numbers), str(name), picture))


def read_folder(
    folder: "str | os.PathLike[str]", expected: Expected = Expected(), **options: Any
) -> Iterator[Reading]:
    """Read all pictures of a folder and below, sorted by name, as `read_files` does."""
    return read_files(list_pictures([os.fspath(folder)]).files, expected, **options)


def read_files(
    files: Iterable[Any],
    expected: Expected = Expected(),
    *,
    model: str = "cnn",
    numbers: bool = False,
    workers: int | None = None,
) -> Iterator[Reading]:
    """Read many files, each page of each, with several processes.

    Args:
        files: paths; or pairs of a name and a picture. Taken as they are needed.
        expected: of each page; `Expected(max_length=5)`, `Expected(allowed="0123")`.
        model: a shipped name or a path.
        numbers: read all digits of a page, not one.
        workers: processes; as many as there are cores where None; 1: none but this one.

    Returns:
        An iterator in the order of `files`; what cannot be read is an item, too. No more than
        some files a worker are held at a time.

    Raises:
        ModelError: there is no such model, or it cannot be used.
    """
    job = _Job(expected, numbers, model)
    _reader(model)
    pairs = ((one[0], one[1]) if isinstance(one, tuple) else (str(one), one) for one in files)
    if workers is None:
        mine = getattr(os, "sched_getaffinity", None)
        workers = len(mine(0)) if mine else os.cpu_count() or 1
    if workers == 1:
        return (found for pair in pairs for found in _read_pages(job, *pair))
    return _read_with(job, pairs, workers)


def answer(question: bytes) -> tuple[None, bytes]:
    """In a worker: read one file."""
    use_one_thread()
    return None, pickle.dumps(list(_read_pages(*pickle.loads(question))))  # noqa: S301  # our parent's


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be done with each page."""

    expected: Expected
    numbers: bool = False
    model: str = "cnn"


@cache
def _reader(model: str) -> Reader:
    return Reader(model)


def _read(job: _Job, picture: Picture, page: int | None) -> Any:
    if isinstance(picture, list | tuple):
        return [_outcome(job, one, page) for one in picture]
    return or_raise(_outcome(job, picture, page))


def _outcome(job: _Job, picture: Picture, page: int | None, *, is_counted: bool = False) -> Outcome:
    """Read one page; None: the only one, which `is_counted` says is known."""
    try:
        reader = _reader(job.model)
        if page is not None and not isinstance(picture, Page):
            picture = Page(picture, page)
        elif not is_counted and not isinstance(picture, Page):
            picture = picture if isinstance(picture, bytes) else take(picture, reader.limits)
            if (pages := count_pages(picture, reader.limits)) > 1:
                return Mismatch(f"a file of {pages} pages", "the number of one: page=1")
        if job.numbers:
            return reader.predict_number(picture, job.expected)
        return reader.predict_digit(picture, expected=job.expected)
    except InkdigitsError as error:
        return error.with_traceback(None)
    except Exception as error:  # noqa: BLE001  # one bad picture must not cost the others
        return InkdigitsError(f"{type(error).__name__}: {error}")


def _read_pages(job: _Job, name: str, picture: Picture) -> Iterator[Reading]:
    limits = _reader(job.model).limits
    try:
        picture = picture if isinstance(picture, bytes) else take(picture, limits)
        pages = count_pages(picture, limits)
    except InkdigitsError as error:
        yield Reading(name, error.with_traceback(None))
        return
    for page in range(1, pages + 1):
        number = page if pages > 1 else None
        yield Reading(name, _outcome(job, picture, number, is_counted=True), number)


def _read_with(job: _Job, pairs: Iterator[tuple[str, Picture]], workers: int) -> Iterator[Reading]:
    free, asked = SimpleQueue[Child](), deque[Future[list[Reading]]]()

    def ask(name: str, picture: Picture) -> Any:
        child = free.get()
        try:
            _, found = child.ask(pickle.dumps((job, name, picture)))
            return pickle.loads(found)  # noqa: S301  # of our own process
        except ChildDied:
            return [Reading(name, BrokenImage("the process that read it ended"))]
        finally:
            free.put(child)

    children = [Child(_ANSWER) for _ in range(workers)]
    for child in children:
        free.put(child)
    pool = ThreadPoolExecutor(workers)
    try:
        for pair in pairs:
            asked.append(pool.submit(ask, *pair))
            if len(asked) >= _AHEAD * workers:
                yield from asked.popleft().result()
        while asked:
            yield from asked.popleft().result()
    finally:  # the caller may stop anywhere
        pool.shutdown(cancel_futures=True)
        for child in children:
            child.close()
