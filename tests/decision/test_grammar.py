from inkdigits.decision.expected import Expected
from inkdigits.decision.grammar import Anything, Grammar
from inkdigits.sample import SYMBOLS


def fits(grammar: Grammar, text: str) -> bool:
    state = grammar.start
    for symbol in text:
        state = grammar.step(state, symbol)
        if state is None:
            return False
    return grammar.accepts(state)


def test_everything_fits_anything() -> None:
    assert all(fits(Anything(), text) for text in ("", "12", "".join(SYMBOLS)))


def test_what_is_expected_is_a_grammar() -> None:
    assert fits(Expected(max_length=2), "12")
    assert not fits(Expected(max_length=2), "123")
