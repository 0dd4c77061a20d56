"""Nothing in → what a search for texts must know of those that are expected."""

from dataclasses import dataclass
from typing import Any, Protocol


class Grammar(Protocol):
    """What is expected in a line: an automaton over `SYMBOLS`, as `Expected` is."""

    @property
    def start(self) -> Any:
        """Where every text begins; hashable."""

    def step(self, state: Any, symbol: str) -> Any | None:
        """Go on by one symbol; None where it cannot stand there."""

    def accepts(self, state: Any) -> bool:
        """Tell whether the text may end there."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Every text fits."""

    start: int = 0

    def step(self, state: int, symbol: str) -> int | None:  # noqa: ARG002 as `Grammar` has it
        """Go on, whatever comes."""
        return state

    def accepts(self, state: int) -> bool:  # noqa: ARG002 as `Grammar` has it
        """End anywhere."""
        return True
