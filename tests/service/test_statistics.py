import time
from pathlib import Path

from inkdigits.model.loading import load_model
from inkdigits.service.statistics import Tally, model_stats


def test_requests_pictures_and_time_are_counted(tiny_model: Path) -> None:
    card = load_model(tiny_model).card
    before_ms = time.time_ns() // 1_000_000
    tally = Tally()
    tally.count(3, 100)
    tally.count(1, 50)
    tally.count(0, 7)
    fields = model_stats("digits", card, tally)
    assert (fields["name"], fields["version"]) == ("digits", "1")
    assert (fields["inference_count"], fields["execution_count"]) == (4, 2)
    assert fields["inference_stats"]["success"] == {"count": 2, "ns": 150}
    assert fields["inference_stats"]["fail"] == {"count": 1, "ns": 7}
    assert fields["last_inference"] >= before_ms


def test_a_model_that_was_never_asked_has_zeros(tiny_model: Path) -> None:
    card = load_model(tiny_model).card
    assert model_stats("x", card, Tally())["last_inference"] == 0
