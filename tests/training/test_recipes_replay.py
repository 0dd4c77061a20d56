from dataclasses import replace

import pytest

from inkdigits.data.sources import SOURCES
from inkdigits.training.recipes import find_recipe, leave_out_missing


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    return tmp_path


def _put(folder, *kinds: str) -> None:
    for kind in kinds:
        (folder / SOURCES[f"unipen_{kind}"].file).touch()


def test_with_all_data_nothing_is_left_out(folder) -> None:
    _put(folder, "digits", "upper", "lower", "symbols")
    recipe = find_recipe("finetune")
    assert leave_out_missing(recipe, folder) == recipe


def test_what_is_not_there_is_left_out(folder) -> None:
    recipe = leave_out_missing(find_recipe("finetune"), folder)
    pool = recipe.pool
    assert (pool.digit_strokes, pool.negatives, pool.composed) == (0, 0, 0)
    assert min(pool.mnist_copies, pool.mnist_restyled, pool.rare, pool.scribbled) > 0
    names = [name for name, _ in recipe.source_shares]
    assert names == ["own", "mnist", "restyled", "rare", "scribbled"]


def test_only_what_is_not_there_is_left_out(folder) -> None:
    _put(folder, "digits", "upper")
    pool = leave_out_missing(find_recipe("finetune"), folder).pool
    assert (pool.digit_strokes > 0, pool.negatives, pool.composed > 0) == (True, 0, True)


def test_a_recipe_that_begins_from_nothing_keeps_all(folder) -> None:
    for name in ("cnn", "mlp"):
        assert leave_out_missing(find_recipe(name), folder) == find_recipe(name)
    bare = replace(find_recipe("finetune"), start="")
    assert leave_out_missing(bare, folder) == bare
