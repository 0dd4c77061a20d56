import json
from dataclasses import asdict

import pytest

from inkdigits.data.augment import Augmentation
from inkdigits.errors import TrainingError
from inkdigits.training.recipes import RECIPES, find_recipe


def test_the_classic_exercise_is_as_it_always_was() -> None:
    mlp = find_recipe("mlp")
    assert (mlp.architecture, mlp.classes, mlp.batch_size, mlp.epochs) == ("mlp", 10, 128, 20)
    assert mlp.augment is None
    assert (mlp.pool.mnist_raw, mlp.pool.mnist_copies) == (1, 0)
    assert (mlp.final_rate_share, mlp.weight_decay, mlp.average) == (1.0, 0.0, 0.0)


def test_the_augmented_one_is_the_same_network_on_other_data() -> None:
    plain, augmented = find_recipe("mlp"), find_recipe("mlp-augmented")
    assert augmented.architecture == plain.architecture
    assert augmented.augment == Augmentation()
    assert augmented.pool.digit_strokes > 0


def test_the_default_knows_what_is_no_digit() -> None:
    cnn = find_recipe("cnn")
    assert cnn.classes == 11
    assert cnn.pool.negatives > 0


def test_fine_tuning_goes_on_from_the_default_and_is_taught_by_it() -> None:
    finetune, cnn = find_recipe("finetune"), find_recipe("cnn")
    assert (finetune.architecture, finetune.classes) == (cnn.architecture, cnn.classes)
    assert finetune.start == "cnn"
    assert finetune.teachers == ("cnn",)
    assert finetune.check_teachers
    assert finetune.learning_rate < cnn.learning_rate
    assert "own" in dict(finetune.source_shares)
    assert all(not recipe.start for recipe in RECIPES.values() if recipe is not finetune)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_a_recipe_is_plain_data_that_a_card_can_carry(recipe) -> None:
    assert json.loads(json.dumps(asdict(recipe)))["name"] == recipe.name
    drawn = {
        "raw": recipe.pool.mnist_raw,
        "mnist": recipe.pool.mnist_copies,
        "restyled": recipe.pool.mnist_restyled,
        "strokes": recipe.pool.digit_strokes,
        "negatives": recipe.pool.negatives,
        "composed": recipe.pool.composed,
        "rare": recipe.pool.rare,
        "scribbled": recipe.pool.scribbled,
        "own": 1,
    }
    for name, share in recipe.source_shares:
        assert share > 0
        assert drawn[name] > 0


def test_an_unknown_recipe_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match="'mpl'; needed: one of mlp, mlp-augmented, cnn"):
        find_recipe("mpl")
