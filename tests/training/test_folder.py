import json

import pytest

from inkdigits.errors import TrainingError
from inkdigits.training.folder import RunFolder, claim, write_whole

IDENTITY = {"recipe": {"name": "cnn", "epochs": 3, "shares": (("mnist", 1.0),)}, "seed": 0}


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path / "run", "cnn")


def test_a_new_folder_is_claimed_and_recognised(folder: RunFolder) -> None:
    claim(folder, IDENTITY)
    claim(folder, IDENTITY)
    assert json.loads(folder.identity.read_text())["seed"] == 0


def test_another_run_is_refused_and_told_apart(folder: RunFolder) -> None:
    claim(folder, IDENTITY)
    other = {"recipe": {"name": "cnn", "epochs": 4, "shares": (("mnist", 1.0),)}, "seed": 1}
    with pytest.raises(TrainingError, match=r"recipe\.epochs is 3, not 4, seed is 0, not 1"):
        claim(folder, other)
    assert json.loads(folder.identity.read_text())["seed"] == 0


def test_a_folder_with_something_else_is_left_alone(folder: RunFolder) -> None:
    folder.path.mkdir()
    (folder.path / "thesis.tex").write_text("")
    with pytest.raises(TrainingError, match="something else"):
        claim(folder, IDENTITY)
    assert [path.name for path in folder.path.iterdir()] == ["thesis.tex"]


def test_what_a_kill_while_claiming_left_is_no_obstacle(folder: RunFolder) -> None:
    folder.path.mkdir()
    (folder.path / "partial-run.json").write_text("{")
    claim(folder, IDENTITY)
    assert folder.identity.exists()


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_identity_is_refused(folder: RunFolder, text: str) -> None:
    folder.path.mkdir()
    folder.identity.write_text(text)
    with pytest.raises(TrainingError, match=r"run\.json"):
        claim(folder, IDENTITY)


def test_a_write_that_fails_leaves_the_file_before_it(tmp_path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("old")

    message = "disk full"

    def fail(place) -> None:
        place.write_text("half")
        raise OSError(message)

    with pytest.raises(OSError, match="disk full"):
        write_whole(path, fail)
    assert path.read_text() == "old"
    write_whole(path, lambda place: place.write_text("new"))
    assert path.read_text() == "new"
