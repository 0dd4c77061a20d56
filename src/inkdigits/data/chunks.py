"""A function that draws one chunk of a pool, and the chunks' numbers → all of them drawn.

By one process or by several; which of them drew a chunk must not matter to it.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from inkdigits.image.threads import use_one_thread


def draw_chunks(draw: Callable[[int], int], numbers: Sequence[int], workers: int) -> Iterator[int]:
    """Draw chunks, in any order.

    Args:
        draw: is given a number, and gives it back when its chunk is drawn. Goes to other
            processes, so it must pickle.
        numbers: of the chunks.
        workers: processes; 1 draws in this one.

    Yields:
        Each number, when its chunk is there.
    """
    if workers <= 1 or len(numbers) <= 1:
        yield from map(draw, numbers)
        return
    # Spawned, not forked: a fork copies the threads' locks of OpenCV and of the caller's libraries.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, use_one_thread) as processes:
        futures = [processes.submit(draw, number) for number in numbers]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            processes.shutdown(wait=True, cancel_futures=True)
