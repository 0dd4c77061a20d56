from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.corrupt import CORRUPTIONS
from inkdigits.evaluation import suites_mnist
from inkdigits.evaluation.suite import build
from inkdigits.evaluation.suites_mnist import CORRUPTED, DOUBTFUL, MNIST
from inkdigits.files.decode import decode

ENTRIES = {entry.name: entry for entry in (*MNIST, *CORRUPTED)}


@pytest.fixture(autouse=True)
def mnist(monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """As many images as MNIST's test half has, a bar in each of another height."""
    images = np.zeros((10_000, 28, 28), np.uint8)
    images[:, 6:10, 12:16] = 255
    images[np.arange(10_000), 10 + np.arange(10_000) % 10, 13] = 255
    loaded = images, (np.arange(10_000) % 10).astype(np.uint8)
    monkeypatch.setattr(suites_mnist, "_load", lambda _folder: loaded)
    return loaded


def test_mnist_is_the_images_as_they_are(mnist: tuple[np.ndarray, np.ndarray]) -> None:
    suite = build(ENTRIES["mnist"], None, 20)
    assert suite.kind == "digits"
    for picture in suite.pictures():
        index = int(picture.name.removeprefix("mnist-test/"))
        np.testing.assert_array_equal(decode(bytes(picture.picture)), mnist[0][index])
        assert picture.label == mnist[1][index]


def test_the_fixed_one_leaves_the_doubtful_out() -> None:
    names = {picture.name for picture in build(ENTRIES["mnist-fixed"], None).pictures()}
    left_out = {f"mnist-test/{i}" for i in range(10_000)} - names
    assert left_out == {f"mnist-test/{i}" for i in DOUBTFUL}
    assert len(left_out) == 15


def test_every_corruption_is_a_suite() -> None:
    assert [entry.name for entry in CORRUPTED] == [f"mnist-c/{name}" for name in CORRUPTIONS]
    assert {entry.kind for entry in CORRUPTED} == {"corruption"}
    for entry in CORRUPTED:
        (picture,) = build(entry, None, 1).pictures()
        assert decode(bytes(picture.picture)).shape == (28, 28)


def test_a_picture_does_not_depend_on_the_limit() -> None:
    few, many = (
        {picture.name: picture.picture for picture in build(CORRUPTED[0], None, n).pictures()}
        for n in (5, 50)
    )
    assert set(few) <= set(many)
    assert all(many[name] == picture for name, picture in few.items())


def test_each_image_is_corrupted_by_its_own_chance() -> None:
    fog = next(entry for entry in CORRUPTED if entry.name.endswith("fog"))
    plan = fog.plan(None)
    assert plan.make(0).picture != plan.make(1000).picture


def test_the_doubtful_are_those_of_the_real_files(repo: Path) -> None:
    folder = repo.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data")
    from inkdigits.data.sources import load_mnist  # noqa: PLC0415

    labels = load_mnist("test", folder)[1]
    published = {947: 8, 2130: 4, 2597: 5, 3558: 5, 9729: 5}
    assert set(published) <= set(DOUBTFUL)
    assert {index: int(labels[index]) for index in published} == published
