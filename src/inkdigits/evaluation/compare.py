"""What two readers said of the same pictures in → which is better, and whether it is luck, out."""

from collections.abc import Sequence
from dataclasses import dataclass

from inkdigits.evaluation.figures import judge
from inkdigits.evaluation.metrics import mcnemar
from inkdigits.evaluation.run import Said
from inkdigits.evaluation.suite import Suite

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """One suite read by two readers.

    Attributes:
        count: pictures.
        ours: share that the first is right on, as `judge` says.
        theirs: the same of the second.
        only_ours: how many only the first is right on.
        only_theirs: how many only the second is right on.
        p: McNemar's exact probability that so large a difference is luck.
    """

    count: int
    ours: float
    theirs: float
    only_ours: int
    only_theirs: int
    p: float

    @property
    def verdict(self) -> str:
        """Say it in a word: "better", "worse", or "no difference shown"."""
        if self.p >= SIGNIFICANT:
            return "no difference shown"
        return "better" if self.only_ours > self.only_theirs else "worse"


def compare(suites: Sequence[Suite], ours: Said, theirs: Said) -> dict[str, Comparison]:
    """Compare two readers suite by suite.

    Args:
        suites: those that both have read.
        ours: what the first said, by the names of the suites.
        theirs: what the second said.
    """
    found = {}
    for suite in suites:
        first = judge(ours[suite.name], suite.kind)
        second = judge(theirs[suite.name], suite.kind)
        only = int((first & ~second).sum()), int((second & ~first).sum())
        shares = float(first.mean()), float(second.mean())
        found[suite.name] = Comparison(len(first), *shares, *only, mcnemar(*only))
    return found
