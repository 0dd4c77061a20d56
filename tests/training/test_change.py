import pytest

from inkdigits.model.card import Card
from inkdigits.training.change import Change, find_changes, judge_changes


def _card(before: dict[str, float], after: dict[str, float]) -> Card:
    training = {"start": {"name": "cnn", "scores": before}} if before else {}
    return Card("t", "1", 11, (28, 28), "logits", "0" * 64, scores=after, training=training)


def test_figures_that_both_have_stand_side_by_side() -> None:
    before = {"validation/own/accuracy": 0.7, "validation/mnist/accuracy": 0.99}
    after = before | {"validation/own/accuracy": 0.9, "validation/strokes/accuracy": 0.98}
    own, mnist = find_changes(_card(before, after))
    assert (own.before, own.after) == (0.7, 0.9)
    assert own.about == "your digits held back: read right"
    assert mnist.about == "MNIST: read right"


def test_a_model_that_began_from_nothing_has_changed_nothing() -> None:
    assert find_changes(_card({}, {"validation/own/accuracy": 0.9})) == []


@pytest.mark.parametrize(
    ("after", "said"), [(0.9, "Better than"), (0.8, "No better than"), (0.7, "WORSE than")]
)
def test_it_is_said_when_it_got_worse(after, said) -> None:
    (sentence,) = judge_changes([Change("validation/own/accuracy", "", 0.8, after)])
    assert sentence.startswith(said)


def test_what_was_forgotten_is_said() -> None:
    own = Change("validation/own/accuracy", "", 0.8, 0.9)
    mnist = Change("validation/mnist/accuracy", "MNIST: read right", 0.995, 0.97)
    strokes = Change("validation/strokes/accuracy", "pen strokes", 0.98, 0.979)
    said = judge_changes([own, mnist, strokes])
    assert said[1:] == ["WORSE than before by 2.5 points: MNIST: read right."]


def test_without_pictures_held_back_nothing_is_claimed() -> None:
    assert judge_changes([])[0].startswith("Too few pictures to hold any back")
