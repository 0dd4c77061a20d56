from dataclasses import replace
from pathlib import Path

import pytest

from inkdigits.errors import ModelNotFound, SettingError
from inkdigits.model.base import LoadedModel
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service import readers as readers_module
from inkdigits.service.readers import golden_faults, golden_picture, load_readers
from inkdigits.service.settings import Settings
from tests.tiny import write_model


def test_readers_keep_the_order_and_the_limits(tiny_model: Path, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other.onnx", "another")
    settings = Settings(models=(str(tiny_model), str(other)), max_bytes=5000)
    readers = load_readers(settings)
    assert list(readers) == ["tiny", "another"]
    assert readers["tiny"].limits.max_bytes == 5000


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelNotFound, match=r"nowhere\.onnx"):
        load_readers(Settings(models=("nowhere.onnx",)))


def test_model_files_come_from_the_folder_only(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside.onnx"
    (home / "deep").mkdir(parents=True)
    write_model(home / "deep" / "mine.onnx", "mine")
    write_model(outside, "theirs")
    (home / "link.onnx").symlink_to(outside)
    for name in ("deep/mine.onnx", "deep/../deep/mine.onnx", str(home / "deep" / "mine.onnx")):
        assert list(load_readers(Settings(models=(name,), models_folder=str(home)))) == ["mine"]
    for name in ("../outside.onnx", str(outside), "link.onnx", "/etc/hostname", "."):
        with pytest.raises((SettingError, ModelNotFound)) as caught:
            load_readers(Settings(models=(name,), models_folder=str(home)))
        assert isinstance(caught.value, SettingError) is (name != ".")
    assert list(load_readers(Settings(models=("mlp",), models_folder=str(home)))) == ["mlp"]


def test_a_folder_of_models_that_is_not_there_is_said(tmp_path: Path) -> None:
    settings = Settings(models=("a.onnx",), models_folder=str(tmp_path / "nowhere"))
    with pytest.raises(SettingError, match="INKDIGITS_MODELS_FOLDER"):
        load_readers(settings)


def test_two_models_of_one_name_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    copy = write_model(tmp_path / "copy.onnx", "tiny")
    with pytest.raises(SettingError, match="tiny"):
        load_readers(Settings(models=(str(tiny_model), str(copy))))


def test_an_installation_without_models_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_module, "builtin_names", list)
    with pytest.raises(SettingError, match="no model is shipped"):
        load_readers(Settings())


def test_the_default_model_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_module, "builtin_names", lambda: ["anew", "cnn", "mlp"])
    assert readers_module.shipped_names() == ["cnn", "anew", "mlp"]


def test_the_golden_picture_is_a_seven(tiny_model: Path) -> None:
    reader = Reader(load_model(tiny_model))
    assert reader.predict_digit(golden_picture()).digit == "7"
    assert golden_faults({"tiny": reader}) == []


def test_a_shipped_model_that_misreads_is_a_fault(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers_module, "builtin_names", lambda: ["tiny"])
    monkeypatch.setattr(readers_module, "GOLDEN_DIGIT", "3")
    reader = Reader(load_model(tiny_model))
    assert golden_faults({"tiny": reader}) == ["tiny reads the golden 3 as 7"]
    assert golden_faults({"someone's": reader}) == []


def test_a_model_that_fails_is_a_fault_not_a_crash(tiny_model: Path) -> None:
    model = load_model(tiny_model)
    assert isinstance(model, LoadedModel)
    lying = replace(model, card=replace(model.card, classes=11))
    assert "cannot read the golden picture" in golden_faults({"x": Reader(lying)})[0]
    broken = replace(model, network=None)  # type: ignore[arg-type]
    assert golden_faults({"x": Reader(broken)}) == ["x fails on the golden picture"]
