"""The name of a recipe → all of its hyperparameters, in one visible block."""

from dataclasses import dataclass

from inkdigits.data.augment import Augmentation
from inkdigits.data.pool import PoolSpec
from inkdigits.errors import TrainingError


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


# One pool for all recipes but the classic one: it is drawn once, in some ten minutes.
_ON_PAPER_AND_SCREEN = PoolSpec(
    mnist_raw=0,
    mnist_copies=1,
    mnist_restyled=55_000,
    digit_strokes=110_000,
    negatives=38_000,
    composed=28_000,
    rare=14_000,
)

_SHARES = (
    ("mnist", 0.28),
    ("restyled", 0.14),
    ("strokes", 0.33),
    ("rare", 0.04),
    ("negatives", 0.13),
    ("composed", 0.08),
)

# A sixth of it, in about a minute; `scribbled` stands for the rest where there is no UNIPEN.
_AGAIN = PoolSpec(
    mnist_copies=0.3,
    mnist_restyled=6_000,
    digit_strokes=8_000,
    negatives=4_000,
    composed=2_000,
    rare=2_000,
    scribbled=2_000,
)

_OWN_SHARES = (
    ("own", 0.25),
    ("mnist", 0.25),
    ("restyled", 0.12),
    ("strokes", 0.18),
    ("rare", 0.04),
    ("negatives", 0.08),
    ("composed", 0.04),
    ("scribbled", 0.04),
)

_RECIPES = (
    # The classic exercise as it always was: MNIST as it comes, nothing varied.
    Recipe(
        name="mlp",
        version="1",
        architecture="mlp",
        classes=10,
        pool=PoolSpec(mnist_raw=1, mnist_copies=0),
        augment=None,
        epochs=20,
        batch_size=128,
        learning_rate=0.001,
    ),
    # The same network on what the image line makes of varied and drawn pictures.
    Recipe(
        name="mlp-augmented",
        version="1",
        architecture="mlp",
        classes=10,
        pool=_ON_PAPER_AND_SCREEN,
        augment=Augmentation(),
        epochs=20,
        batch_size=256,
        learning_rate=0.001,
        warmup_epochs=0.5,
        final_rate_share=0.01,
        average=0.999,
    ),
    # The default: one small network that also knows what is no digit.
    Recipe(
        name="cnn",
        version="3",
        architecture="cnn",
        classes=11,
        pool=_ON_PAPER_AND_SCREEN,
        augment=Augmentation(),
        source_shares=_SHARES,
        samples_per_epoch=100_000,
        epochs=30,
        batch_size=128,
        learning_rate=0.002,
        warmup_epochs=0.5,
        final_rate_share=0.001,
        weight_decay=0.02,
        average=0.9995,
        precision="mixed_bfloat16",
        quantized=True,
    ),
    # Wide and slow, to distil into the cnn: `train --recipe cnn --teacher RUN/model.keras`.
    Recipe(
        name="teacher",
        version="1",
        architecture="teacher",
        classes=11,
        pool=_ON_PAPER_AND_SCREEN,
        augment=Augmentation(),
        source_shares=_SHARES,
        samples_per_epoch=300_000,
        epochs=22,
        batch_size=512,
        learning_rate=0.001,
        warmup_epochs=2,
        final_rate_share=0.001,
        weight_decay=0.05,
        average=0.999,
        label_smoothing=0.02,
        dropout=0.3,
    ),
    # The shipped cnn, and a user's own pictures: `train --images DIR`. What it was trained on
    # comes again, and it is its own teacher, so that it forgets nothing.
    Recipe(
        name="finetune",
        version="1",
        start="cnn",
        architecture="cnn",
        classes=11,
        pool=_AGAIN,
        augment=Augmentation(),
        source_shares=_OWN_SHARES,
        samples_per_epoch=8_000,
        epochs=6,
        batch_size=128,
        learning_rate=0.0005,
        warmup_epochs=0.5,
        final_rate_share=0.01,
        weight_decay=0.02,
        average=0.99,
        quantized=True,
        teachers=("cnn",),
        check_teachers=True,
        hard_share=0.5,
    ),
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _RECIPES}
"""Every recipe by its name."""


def find_recipe(name: str) -> Recipe:
    """Give the recipe of a name.

    Raises:
        TrainingError: there is none.
    """
    if name not in RECIPES:
        raise TrainingError("recipe", repr(name), f"one of {', '.join(RECIPES)}")
    return RECIPES[name]
