import numpy as np
import pytest

from inkdigits.data.hand import Place, cover
from inkdigits.image.stages import walk_line
from inkdigits.model.base import LoadedModel
from inkdigits.model.card import Card
from inkdigits.model.loading import load_model
from inkdigits.model.occlusion import STEP, WINDOW, map_occlusion
from inkdigits.sample import SIDE


class _OnePixel:
    """Says 3 the surer, the more ink there is in one pixel, and 4 in another."""

    input_shape = (SIDE, SIDE)

    def __init__(self) -> None:
        self.batches: list[int] = []

    def run(self, batch):
        self.batches.append(len(batch))
        logits = np.zeros((len(batch), 10), np.float32)
        logits[:, 3] = 6 * batch[:, 10, 12]
        logits[:, 4] = 4 * batch[:, 20, 5]
        return logits


@pytest.fixture
def network():
    return _OnePixel()


@pytest.fixture
def model(network):
    return LoadedModel(Card("one", "1", 10, (28, 28), "logits", "", temperature=2.0), network, "-")


def _sample(*inked):
    sample = np.zeros((SIDE, SIDE), np.float32)
    for place in inked:
        sample[place] = 1
    return sample


def test_the_pixel_that_counts_gets_what_it_is_worth(model):
    found = map_occlusion(model, _sample((10, 12)), 3)
    assert (found.shape, found.dtype) == ((SIDE, SIDE), np.float32)
    # Log-odds with the ink are 6/2 - log 9, without it -log 9: each window that holds it costs 3.
    assert found[10, 12] == pytest.approx(3, abs=1e-6)
    assert found.max() == found[10, 12]
    reach = WINDOW - 1
    far = np.ones_like(found, bool)
    far[10 - reach : 10 + reach + 1, 12 - reach : 12 + reach + 1] = False
    assert not found[far].any()


def test_ink_that_speaks_against_the_answer_is_below_zero(model):
    found = map_occlusion(model, _sample((10, 12), (20, 5)), 3)
    assert found[10, 12] > 0 > found[20, 5]


def test_it_is_one_batch_of_what_holds_ink(model, network):
    map_occlusion(model, _sample((10, 12)), 3)
    windows = (WINDOW // STEP) ** 2
    assert network.batches == [1 + windows]
    map_occlusion(model, np.ones((SIDE, SIDE), np.float32), 3)
    assert network.batches[1] == 1 + 13 * 13


def test_paper_carries_nothing(model):
    assert not map_occlusion(model, _sample(), 3).any()


def test_the_sample_stays_as_it_is(model):
    sample = _sample((10, 12), (3, 3))
    before = sample.copy()
    map_occlusion(model, sample, 3)
    assert np.array_equal(sample, before)


@pytest.mark.parametrize("digit", range(10))
def test_the_map_tells_the_truth_of_the_shipped_model(digit):
    """Wiping where it marks the ink most costs more than wiping where it marks it least."""
    model = load_model("cnn")
    sample = _drawn(digit)
    found = map_occlusion(model, sample, digit)
    places = np.argwhere(sample > 0.3)
    marks = found[tuple(places.T)]
    odds = []
    for y, x in (places[marks.argmax()], places[marks.argmin()]):
        wiped = sample.copy()
        wiped[y - 2 : y + 3, x - 2 : x + 3] = 0
        logits = model.logits(wiped[np.newaxis])[0]
        odds.append(float(logits[digit] - np.log(np.exp(np.delete(logits, digit)).sum())))
    assert odds[0] < odds[1]


def _drawn(digit):
    covered = cover(str(digit), (200, 200), Place(50, 30, 140), 12)
    return walk_line(np.rint(255 * covered).astype(np.uint8)).sample
