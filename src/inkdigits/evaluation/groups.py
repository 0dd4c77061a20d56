"""The outcomes of suites that belong together in → the figures of all of them at once out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inkdigits.evaluation.figures import Figures, measure
from inkdigits.evaluation.run import Outcomes, join

POOLED = ("wild/paint", "wild/small", "wild/photo")
"""What people upload; photo_crops are cut by machine and stand alone."""
_OF_GROUP = {
    "mnist-c": ("accuracy", "answered_right", "accepted", "ece"),
    "not-a-digit": ("accepted_as_digit", "auroc", "fpr_at_95_tpr"),
    "several": ("accepted_as_digit",),
}
_LOW_IS_GOOD = frozenset({"accepted_as_digit", "ece", "fpr_at_95_tpr"})


@dataclass(frozen=True, slots=True)
class Group:
    """Several suites as one.

    Attributes:
        parts: the names of those that were read.
        figures: pooled over all pictures; or "mean_…" and "worst_…" over the parts.
        worst: figure → the part where it is worst.
    """

    parts: tuple[str, ...]
    figures: Figures
    worst: dict[str, str]


def rated_as_digits(outcomes: Mapping[str, Outcomes]) -> tuple[str, ...]:
    """Choose the suites whose digits are told from what is none, of those that were read."""
    for choice in (("mnist", "wild/paint"), ("rendered",), ("images",)):
        if found := tuple(name for name in choice if name in outcomes):
            return found
    return ()


def measure_groups(
    outcomes: Mapping[str, Outcomes], figures: Mapping[str, Figures]
) -> dict[str, Group]:
    """Measure the groups of which something was read.

    Args:
        outcomes: by the names of the suites.
        figures: of the same suites.

    Returns:
        "wild": pooled over paint, small and photo. The others: mean and worst over their
        suites, each suite counting the same.
    """
    groups = {}
    if pooled := tuple(name for name in POOLED if name in outcomes):
        whole = measure(join(outcomes[name] for name in pooled), "digits")
        groups["wild"] = Group(pooled, whole, {})
    for group, names in _OF_GROUP.items():
        if parts := tuple(part for part in outcomes if part.startswith(f"{group}/")):
            groups[group] = _summarise(parts, names, figures)
    return groups


def _summarise(
    parts: tuple[str, ...], names: tuple[str, ...], figures: Mapping[str, Figures]
) -> Group:
    values = {"count": sum(figures[part].values["count"] for part in parts)}
    worst = {}
    for name in names:
        of_parts = {p: figures[p].values[name] for p in parts if name in figures[p].values}
        if of_parts:
            choose = max if name in _LOW_IS_GOOD else min
            worst[name] = choose(of_parts, key=of_parts.__getitem__)
            values[f"mean_{name}"] = float(np.mean(list(of_parts.values())))
            values[f"worst_{name}"] = of_parts[worst[name]]
    return Group(parts, Figures(values, {}), worst)
