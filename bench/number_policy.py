"""Numbers composed of what held-out writers wrote → the policy of `decision/number.py`.

    python bench/number_policy.py --data data --count 1500

Prints the weights of both readers and the thresholds, and how many of other such numbers are then
accepted, and wrong.
"""

import argparse
from pathlib import Path

import numpy as np
from number_fit import ReadRow, fit_number_policy, judge
from numpy.typing import NDArray
from rich.console import Console

from inkdigits import Reader, load_model
from inkdigits.budget import NUMBER, Budget
from inkdigits.data.number_stock import load_number_stock
from inkdigits.data.number_text import sample_text
from inkdigits.data.numbers import compose_number
from inkdigits.decision.expected import Expected
from inkdigits.decision.number import Held, NumberPolicy
from inkdigits.errors import BlankImage
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.threads import use_one_thread
from inkdigits.number_reader import NumberModels, weigh_row

SEED = 20_261_125
TARGET_ERROR = 0.02
SEPARATORS_ERROR = 0.1
NOTHING = Held([], np.zeros(0), np.zeros((1, 0)))


def main() -> None:
    """Compose, read, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="the data folder")
    parser.add_argument("--count", type=int, default=1000, help="numbers to compose")
    options = parser.parse_args()
    use_one_thread()
    models = Reader(load_model("cnn")).numbers
    stock, rng = load_number_stock(options.data, held=True), np.random.default_rng(SEED)
    rows = []
    for _ in range(options.count):
        picture = compose_number(stock, sample_text(rng), rng)
        rows.append(read(picture.image, picture.label, models))
    console = Console()
    half = len(rows) // 2
    policy = fit_number_policy(rows[:half], TARGET_ERROR, SEPARATORS_ERROR)
    console.print("TOGETHER", policy, measure(rows[half:], policy))


def read(image: NDArray[np.uint8], label: str, models: NumberModels) -> ReadRow:
    """Ask both readers for what the largest row of a picture says."""
    try:
        found = find_rows(find_number_ink(image))
    except BlankImage:
        found = []
    evidence = None
    if found:
        row = max(found, key=lambda one: one.ink.size)
        evidence = weigh_row(row, models, Expected(), Budget(NUMBER))
    return ReadRow(label, NOTHING if evidence is None else evidence.held)


def measure(rows: list[ReadRow], policy: NumberPolicy) -> str:
    """Say how many are right, and how many of the accepted are wrong."""
    judged = [judge(row, policy) for row in rows]
    taken = [
        one
        for one in judged
        if one.confidence >= policy.min_confidence and one.separators >= policy.min_separators
    ]
    right = sum(one.right for one in judged) / len(judged)
    wrong = sum(not one.right for one in taken)
    return f"right {right:.4f}, accepted {len(taken)} of {len(rows)}, wrong {wrong}"


if __name__ == "__main__":
    main()
