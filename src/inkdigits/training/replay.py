"""A recipe that goes on from a model, and a data folder → the recipe that this folder can serve."""

from dataclasses import replace
from pathlib import Path

from inkdigits.data.pool import PoolSpec
from inkdigits.data.sources import find
from inkdigits.data.stock import needed_sources
from inkdigits.training.recipes import Recipe

_OPTIONAL = {"strokes": "digit_strokes", "negatives": "negatives", "composed": "composed"}
"""Sources that need UNIPEN, which is nothing that can be downloaded in a minute."""


def leave_out_missing(recipe: Recipe, folder: Path | None) -> Recipe:
    """Leave out the sources whose files are not there; the others share what they had.

    Only a recipe that goes on from a model can do without: what it leaves out, the model has
    seen before.

    Args:
        recipe: any; without a start it stays as it is.
        folder: the data folder, as for `sources.data_dir`.
    """
    if not recipe.start:
        return recipe
    missing = [name for name, part in _OPTIONAL.items() if not _is_there(part, folder)]
    none = {_OPTIONAL[name]: 0 for name in missing}
    shares = tuple(share for share in recipe.source_shares if share[0] not in missing)
    return replace(recipe, pool=replace(recipe.pool, **none), source_shares=shares)


def _is_there(part: str, folder: Path | None) -> bool:
    one = replace(PoolSpec(mnist_copies=0), **{part: 1})
    return all(find(name, folder) is not None for name in needed_sources(one))
