"""A function that draws one chunk of a pool, and a folder in → the files of all chunks out.

By one process or by several; which of them drew a chunk must not matter to it. What was drawn
before a kill is not drawn again.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from inkdigits.data.fetch import Progress, no_progress
from inkdigits.data.strokes import save_arrays
from inkdigits.image.threads import use_one_thread

CHUNK = 500
"""Pictures that one process draws before it saves them: some seconds of work."""

Draw = Callable[[int, range], dict[str, NDArray[Any]]]
_Chunk = tuple[int, range, Path]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a pool is drawn, which does not change it.

    Attributes:
        workers: processes; 1 draws in this one.
        progress: told "pool" or "strips", how many pictures are drawn, and how many there will be.
    """

    workers: int = 1
    progress: Progress = no_progress


def draw_chunks(draw: Draw, count: int, target: Path, what: str, drawing: Drawing) -> list[Path]:
    """Draw the chunks that are not there yet, in any order.

    Args:
        draw: is given a chunk's number and the places of its pictures in the pool, and gives its
            arrays. Goes to other processes, so it must pickle.
        count: pictures of the pool.
        target: a folder for the chunks of this pool alone.
        what: is drawn, for the progress.
        drawing: by how many processes, and who is told.

    Returns:
        The npz files of all chunks, in their order.
    """
    parts = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    chunks = [(i, part, target / f"chunk-{i:05d}.npz") for i, part in enumerate(parts)]
    missing = [chunk for chunk in chunks if not chunk[2].is_file()]
    done = count - sum(len(part) for _, part, _ in missing)
    drawing.progress(what, done, count)
    for drawn in _draw_all(partial(_draw_one, draw), missing, drawing.workers):
        done += drawn
        drawing.progress(what, done, count)
    return [path for _, _, path in chunks]


def _draw_one(draw: Draw, chunk: _Chunk) -> int:
    number, part, path = chunk
    save_arrays(path, draw(number, part))
    return len(part)


def _draw_all(
    draw: Callable[[_Chunk], int], chunks: Sequence[_Chunk], workers: int
) -> Iterator[int]:
    """Give how many pictures each chunk has, when it is there."""
    if workers <= 1 or len(chunks) <= 1:
        yield from map(draw, chunks)
        return
    # Spawned, not forked: a fork copies the threads' locks of OpenCV and of the caller's libraries.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, use_one_thread) as processes:
        futures = [processes.submit(draw, chunk) for chunk in chunks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            processes.shutdown(wait=True, cancel_futures=True)
