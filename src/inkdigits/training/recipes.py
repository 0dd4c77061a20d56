"""The name of a recipe → all of its hyperparameters, which stand in recipes.toml."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inkdigits.data.augment import Augmentation
from inkdigits.data.fetch import Progress, no_progress
from inkdigits.data.pool import PoolSpec
from inkdigits.data.sources import find
from inkdigits.data.stock import needed_sources
from inkdigits.data.tables import read_table
from inkdigits.errors import TrainingError

if TYPE_CHECKING:
    from inkdigits.training.own import Own


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what a model becomes, but the data themselves and the seed.

    Attributes:
        name: of the recipe and of the model that it makes.
        version: of the model.
        start: whose weights are the first ones: a shipped model's name, or a `.keras` file of
            the same architecture; "" for random ones.
        architecture: a key of `architectures.ARCHITECTURES`.
        classes: 10, or 11 with "not a digit" last.
        pool: which samples there are.
        augment: how each batch is varied anew; None for not at all.
        source_shares: what part of an epoch each source of the pool makes up; empty for as
            they come. A recipe with a share for "own" learns from the user's pictures.
        samples_per_epoch: 0 for as many as there are.
        epochs: how often that many samples are shown.
        batch_size: samples a step.
        learning_rate: the highest, after the warm-up; for Adam.
        warmup_epochs: the rate rises from 0 for so long.
        final_rate_share: then it falls along a cosine to this share; 1 for a constant rate.
        weight_decay: AdamW's; 0 is plain Adam.
        average: momentum of the averaged weights that validation and the model file get;
            0 for the last weights themselves.
        label_smoothing: share of the truth spread over all classes.
        precision: Keras's name of the arithmetic: "float32", or "mixed_bfloat16", which is half as
            fast again on processors that have it. Weights and the model file are float32 always.
        quantized: whether the model file computes in 8 bit: a third of the time, nearly the same
            answers.
        dropout: share of the last features dropped.
        teachers: shipped names or `.keras` files to learn from, too.
        check_teachers: where their likeliest class is not the true one, they are not heard.
        hard_share: weight of the truth beside the teachers, 0 to 1.
        distill_temperature: at which the teachers speak and are heard.
        target_error: share of errors among the accepted that the card's thresholds allow, on
            validation. That is harsher than uploads are: it holds wrong labels and drawings
            that shadow or grain has half swallowed.
        share_refused: share of validation's digits that may be refused as no digit.
    """

    name: str
    version: str
    start: str = ""
    architecture: str
    classes: int
    pool: PoolSpec
    augment: Augmentation | None
    source_shares: tuple[tuple[str, float], ...] = ()
    samples_per_epoch: int = 0
    epochs: int
    batch_size: int
    learning_rate: float
    warmup_epochs: float = 0.0
    final_rate_share: float = 1.0
    weight_decay: float = 0.0
    average: float = 0.0
    label_smoothing: float = 0.0
    precision: str = "float32"
    quantized: bool = False
    dropout: float = 0.0
    teachers: tuple[str, ...] = ()
    check_teachers: bool = False
    hard_share: float = 0.3
    distill_temperature: float = 2.0
    target_error: float = 0.003
    share_refused: float = 0.002


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What a run may choose beside its recipe.

    Attributes:
        data_dir: where the data lie; None for `INKDIGITS_DATA`, then a download.
        seed: of everything random.
        workers: processes that draw the pool, and threads that prepare batches.
        progress: told of each step.
        limit: leave only so many samples of the pool, to try a recipe out; 0 for all. One's own
            pictures are all left.
        own: the user's pictures, for a recipe with a share for them.
    """

    data_dir: Path | None = None
    seed: int = 0
    workers: int = 2
    progress: Progress = no_progress
    limit: int = 0
    own: "Own | None" = None


def _read_recipes() -> dict[str, Recipe]:
    tables, found = read_table("training/recipes.toml"), {}
    for name, values in tables["recipes"].items():
        shares = tables["shares"].get(values.get("source_shares"), {})
        values |= {
            "pool": PoolSpec(**tables["pools"][values["pool"]]),
            "augment": Augmentation() if values["augment"] else None,
            "source_shares": tuple(shares.items()),
            "teachers": tuple(values.get("teachers", ())),
        }
        found[name] = Recipe(name=name, **values)
    return found


RECIPES: dict[str, Recipe] = _read_recipes()
"""Every recipe by its name."""


def find_recipe(name: str) -> Recipe:
    """Give the recipe of a name.

    Raises:
        TrainingError: there is none.
    """
    if name not in RECIPES:
        raise TrainingError("recipe", repr(name), f"one of {', '.join(RECIPES)}")
    return RECIPES[name]


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
