import numpy as np
import pytest

from inkdigits.sample import SYMBOLS
from inkdigits.training.line_scores import fit_line_temperature, log_softmax, score_line

BLANK = len(SYMBOLS)


def spell(path: str, sure: float = 6.0) -> np.ndarray:
    logits = np.zeros((len(path), BLANK + 1), np.float32)
    for number, symbol in enumerate(path):
        logits[number, BLANK if symbol == "_" else SYMBOLS.index(symbol)] = sure
    return logits


def test_log_softmax_is_one_in_all_at_any_temperature() -> None:
    logits = np.random.default_rng(0).normal(0, 9, (20, BLANK + 1)).astype(np.float32)
    for temperature in (0.3, 1.0, 4.0):
        assert np.exp(log_softmax(logits, temperature)).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_scores_count_digits_and_whole_texts_by_kind() -> None:
    logits = [spell("1_2_"), spell("1_,_2"), spell("7__"), spell("7_7")]
    scores = score_line(logits, ["12", "12", "7", "7"], ["any", "any", "spaced", "spaced"])
    assert scores == {
        "validation/any/digits": 1.0,
        "validation/any/text": 0.5,
        "validation/spaced/digits": 0.5,
        "validation/spaced/text": 0.5,
    }


def test_who_is_too_sure_is_cooled_down() -> None:
    rng = np.random.default_rng(1)
    texts = [str(digit) for digit in rng.integers(0, 10, 60)]
    wrong = [str((int(text) + 1) % 10) for text in texts]
    logits = []
    for number, (text, other) in enumerate(zip(texts, wrong, strict=True)):
        said, rival = (text, other) if number % 3 else (other, text)  # as sure when it is wrong
        frame = spell(f"_{said}_", 12.0)
        frame[1, SYMBOLS.index(rival)] = 9.0
        logits.append(frame)
    assert fit_line_temperature(logits, texts) > 1.5


def test_who_is_right_is_left_sure() -> None:
    assert fit_line_temperature([spell("3_4")] * 5, ["34"] * 5) < 1
