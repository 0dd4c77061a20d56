"""Nothing in → all hyperparameters of the line reader out, in one visible block."""

from dataclasses import dataclass, field

from inkdigits.data.strip_augment import StripAugmentation
from inkdigits.data.strip_pool import StripSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecipe:
    """Everything that decides what the line reader becomes, but the data themselves and the seed.

    What is not described here is as in `recipes.Recipe`.

    Attributes:
        start: what it begins with: the trunk of the shipped model, or of the `.keras` file, of
            architecture `cnn`; or the `.keras` file of a line reader; "" for random weights.
        frozen: the first layers, which see strokes and not digits, stay as they began: half as
            fast again.
        most_loss: nats a symbol; a strip of which less can be read teaches nothing, since it is
            spoiled. 0 for no limit, as random weights need.
        strips: which numbers are written.
        augment: how each strip is varied anew.
        strips_per_epoch: after so many strips it is validated and saved.
        epochs: how often that many strips are shown until training ends, for the first time.
        ends: how often it ends; the model file gets the mean of the weights of all.
        end_epochs: the same as `epochs` for each further end, which begins from the mean so far.
        batch_px: width of all strips of a batch together, px.
    """

    name: str = "line"
    version: str = "1"
    start: str = "cnn"
    frozen: bool = False
    most_loss: float = 0.0
    strips: StripSpec = field(default_factory=StripSpec)
    augment: StripAugmentation = field(default_factory=StripAugmentation)
    strips_per_epoch: int = 20_000
    epochs: int = 40
    ends: int = 3
    end_epochs: int = 8
    batch_px: int = 6_144
    learning_rate: float = 0.0015
    warmup_epochs: float = 0.3
    final_rate_share: float = 0.002
    weight_decay: float = 0.02
    average: float = 0.999
    precision: str = "mixed_bfloat16"
    quantized: bool = True

    @property
    def all_epochs(self) -> int:
        """How many epochs the whole run takes."""
        return self.epochs + (self.ends - 1) * self.end_epochs


LINE = LineRecipe()
"""The shipped line reader."""
