"""What a long command tells of itself in → bars on standard error out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, how much there is."""


_SHARE = "{task.percentage:.0f}%"


@contextmanager
def progress_bars(*, percent: bool = False, **options: Any) -> Iterator[Tell]:
    """Show one bar a stage; a stage is known by the first word that is said of it.

    Args:
        percent: show the share that is done, not how much of how much.
        options: of Rich's `Progress`.

    Yields:
        A function to tell what is being done ("epoch 3, loss 0.02"), how much of it is done, and
        how much there is.
    """
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        *((TextColumn(_SHARE),) if percent else (MofNCompleteColumn(), TimeElapsedColumn())),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), **options) as bars:
        tasks: dict[str, int] = {}

        def tell(what: str, done: int, total: int) -> None:
            stage = what.split(" ", 1)[0]
            if stage not in tasks:
                tasks[stage] = int(bars.add_task(what, total=total))
            bars.update(tasks[stage], description=what, completed=done, total=total)  # type: ignore[arg-type]

        yield tell
