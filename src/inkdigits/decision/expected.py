"""What somebody expects a number to look like in → which symbols may follow which, out."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from inkdigits.errors import Mismatch
from inkdigits.sample import CLASSES, SYMBOLS, Box, read_box

SEPARATORS = SYMBOLS[len(CLASSES) :]
"""What may stand among digits and beside them. "$" stands for any currency sign."""
MAX_LENGTH = 64
"""Digits of the longest number that is looked for."""
_ANY_DIGIT = "9"
_START = 0

State = int
"""How far a text has come: digits so far, or the place in the pattern."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a line of writing, or a digit, is known to be before it is read, and where it is.

    A small automaton over the digits and `SEPARATORS`: begin at `start`, `step` with each
    symbol, and see whether the number may end there.

    Attributes:
        min_length: digits at least; separators do not count. 1 to `MAX_LENGTH`.
        max_length: digits at most.
        pattern: "99-99-9999": 9 stands for any digit, a separator for itself, a space for
            nothing. Says how many digits there are, so that lengths say nothing beside it.
        allowed: the digits that there may be, as "0123"; 9 in a pattern stands for any of them.
        box: the part of the upright picture that is read, px; None: the whole.
    """

    min_length: int = 1
    max_length: int = MAX_LENGTH
    pattern: str | None = None
    allowed: Collection[str] = CLASSES
    box: Box | None = None

    def __post_init__(self) -> None:
        """Refuse what no number can be.

        Raises:
            Mismatch: lengths out of range or order, a pattern beside lengths, a pattern without a
                digit, with other characters, or too long, or no digits allowed, or others.
        """
        if self.allowed is not CLASSES:
            object.__setattr__(self, "allowed", _in_order(self.allowed))
        if self.pattern is not None:
            self._check_pattern(self.pattern)
        elif not 1 <= self.min_length <= self.max_length <= MAX_LENGTH:
            found = f"a number of {self.min_length} to {self.max_length} digits"
            raise Mismatch(found, f"1 to {MAX_LENGTH}, the smaller one first")

    @property
    def start(self) -> State:
        """Where every number begins."""
        return _START

    def step(self, state: State, symbol: str) -> State | None:
        """Go on by one symbol.

        Args:
            state: from `start` or `step`.
            symbol: "0" to "9" or one of `SEPARATORS`.

        Returns:
            How far it has come now; None where this symbol cannot stand there.
        """
        if self.pattern is not None:
            symbols = self.pattern.replace(" ", "")
            place = symbols[state] if state < len(symbols) else ""
            fits = symbol in self.allowed if place == _ANY_DIGIT else symbol == place
            return state + 1 if fits else None
        if symbol not in CLASSES:
            return state
        return state + 1 if state < self.max_length and symbol in self.allowed else None

    def accepts(self, state: State) -> bool:
        """Tell whether the number may end there."""
        if self.pattern is not None:
            return state == len(self.pattern.replace(" ", ""))
        return state >= self.min_length

    def allows(self, text: str) -> bool:
        """Tell whether a whole text is what is expected."""
        state: State | None = self.start
        for symbol in text:
            state = None if state is None else self.step(state, symbol)
        return state is not None and self.accepts(state)

    def _check_pattern(self, pattern: str) -> None:
        if (self.min_length, self.max_length) != (1, MAX_LENGTH):
            raise Mismatch("a pattern and lengths", "one of them")
        known = {_ANY_DIGIT, " ", *SEPARATORS}
        digits = pattern.count(_ANY_DIGIT)
        if not known.issuperset(pattern) or not 1 <= digits <= len(pattern) <= 2 * MAX_LENGTH:
            shown = pattern if len(pattern) <= 40 else pattern[:37] + "..."
            needed = f"9 for each digit, and {' '.join(SEPARATORS)} where they are written"
            raise Mismatch(f"the pattern {shown!r}", needed)


@dataclass(frozen=True, slots=True)
class Anything:
    """The same automaton where every text fits, and none has come any further than another."""

    start: State = _START

    def step(self, state: State, symbol: str) -> State | None:  # noqa: ARG002 as `Expected` has it
        """Go on, whatever comes."""
        return state

    def accepts(self, state: State) -> bool:  # noqa: ARG002 as `Expected` has it
        """End anywhere."""
        return True


Grammar = Expected | Anything
"""What a search for texts must know of those that are expected."""


def expect(
    length: int | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    *,
    allowed: str | None = None,
    box: str | None = None,
) -> Expected:
    """Put together what somebody asks for.

    Args:
        length: digits exactly.
        min_length: digits at least.
        max_length: digits at most.
        pattern: as of `Expected`.
        allowed: as of `Expected`.
        box: as `read_box` takes it.

    Raises:
        Mismatch: two of them that do not go together, or what `Expected` and `read_box` refuse.
    """
    place = None if box is None else read_box(box)
    build = partial(Expected, allowed=CLASSES if allowed is None else allowed, box=place)
    given = {"length": length, "min_length": min_length, "max_length": max_length}
    lengths = [name for name, value in given.items() if value is not None]
    if pattern is not None:
        if lengths:
            raise Mismatch(f"a pattern and a {lengths[0]}", "one of them")
        return build(pattern=pattern)
    if length is not None:
        if len(lengths) > 1:
            raise Mismatch(f"a length and a {lengths[1]}", "one of them")
        return build(length, length)
    low = 1 if min_length is None else min_length
    return build(low, MAX_LENGTH if max_length is None else max_length)


def _in_order(allowed: Collection[str]) -> tuple[str, ...]:
    """Put digits in order, each once; all ten are `CLASSES` itself."""
    given = "".join(sorted(set(allowed)))
    if not given or not set(CLASSES).issuperset(allowed):
        raise Mismatch(f"the allowed digits {given[:40]!r}", "those that there may be, as 0123")
    return CLASSES if len(given) == len(CLASSES) else tuple(given)
