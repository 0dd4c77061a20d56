"""A plan for pictures, and how many are wanted, in → a suite that makes them one by one out."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from inkdigits.data.folders import data_dir
from inkdigits.data.labelled import Labelled
from inkdigits.data.tables import read_table

TABLE = read_table("evaluation/suites.toml")
"""What the suites and their groups hold."""

Kind = Literal["digits", "not-a-digit", "same-answer", "corruption", "number"]


@dataclass(frozen=True, slots=True)
class Suite:
    """Pictures that belong together and are reported together.

    Attributes:
        name: "mnist", "wild/paint".
        about: one line on what it holds, shown in the report.
        kind: what counts: the digit; that it is refused; that the answer stays the same as for
            the first picture of each drawing (the part of its name before "/"); the digit, of
            one of a family of corruptions; all digits of the picture.
        count: how many pictures.
        pictures: makes them, lazily, the same ones each time.
        group: suites of one group are shown as one table; "" stands alone.
    """

    name: str
    about: str
    kind: Kind
    count: int
    pictures: Callable[[], Iterator[Labelled]]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the pictures of a suite are made.

    Attributes:
        count: how many there are.
        make: the picture of an index, 0 to count - 1; the same one each time.
        block: so many in a row belong to one drawing, the first of them is its base.
    """

    count: int
    make: Callable[[int], Labelled]
    block: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A suite before its data are looked for.

    Attributes:
        name: as in `Suite`.
        about: as in `Suite`.
        kind: as in `Suite`.
        needs: the files it is made from, for people; "" for none.
        plan: makes the plan from a data folder (None: there is none). Raises DataError where
            something is missing or damaged.
    """

    name: str
    about: str
    kind: Kind
    needs: str
    plan: Callable[[Path | None], Plan]

    @property
    def group(self) -> str:
        """The part of the name before "/", or "" where there is none."""
        return self.name.rpartition("/")[0]


def entry(name: str, plan: Callable[[Path | None, str], Plan]) -> Entry:
    """Make the entry of a suite that is described in suites.toml.

    Args:
        name: of the suite.
        plan: makes its plan from a data folder and the name.
    """
    group, _, leaf = name.rpartition("/")
    about, kind, needs = (
        (TABLE["suites"].get(name) or TABLE["suites"][f"{group}/*"]).get(key, "")
        for key in ("about", "kind", "needs")
    )
    about = about.format(leaf.replace("_", " "))
    return Entry(name, about, kind, needs, lambda folder: plan(folder, name))


def build(entry: Entry, folder: Path | None, limit: int = 0) -> Suite:
    """Make a suite of an entry.

    Args:
        entry: which.
        folder: the data folder; where None, `INKDIGITS_DATA`.
        limit: at most so many pictures, evenly spread; 0 for all.

    Raises:
        DataError: its data are missing or damaged.
    """
    plan = entry.plan(data_dir(folder))
    chosen = pick(plan, limit)
    pictures = partial(map, plan.make, chosen)
    return Suite(entry.name, entry.about, entry.kind, len(chosen), pictures, entry.group)


def pick(plan: Plan, limit: int) -> list[int]:
    """Choose at most `limit` (0: all) of a plan's pictures, evenly spread.

    Of drawings in several variants some are chosen, each with its base and some variants.
    """
    if limit <= 0 or limit >= plan.count:
        return list(range(plan.count))
    if plan.block == 1:
        return _spread(plan.count, limit)
    drawings = plan.count // plan.block
    variants = min(max(2, limit // drawings), limit)
    bases = [plan.block * number for number in _spread(drawings, limit // variants)]
    others = [1 + i for i in _spread(plan.block - 1, variants - 1)]
    return [base + i for base in bases for i in (0, *others)]


def generator(name: str, index: int) -> np.random.Generator:
    """Give the randomness of one picture: it depends on nothing but its suite and index."""
    return np.random.default_rng([zlib.crc32(name.encode()), index])


def _spread(count: int, wanted: int) -> list[int]:
    wanted = min(count, wanted)
    return [i * count // wanted for i in range(wanted)]
