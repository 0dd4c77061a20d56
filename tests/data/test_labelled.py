from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.labelled import encode_png, find_labelled
from inkdigits.errors import DataError
from inkdigits.files.decode import decode

PNG = encode_png(np.zeros((4, 5), np.uint8))


def folder_of(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG)
    return root


def labels(path: Path) -> dict[str, int]:
    base = path if path.is_dir() else path.parent
    return {str(file.relative_to(base)): label for file, label in find_labelled(path)}


def csv_of(root: Path, text: str) -> Path:
    path = root / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_folders_name_the_label(tmp_path: Path) -> None:
    root = folder_of(tmp_path, "0/a.png", "7/9.jpg", "x/cat.JPEG", "not_a_digit/deep/1.png")
    assert labels(root) == {
        "0/a.png": 0,
        "7/9.jpg": 7,
        "x/cat.JPEG": 10,
        "not_a_digit/deep/1.png": 10,
    }


def test_the_nearest_folder_wins(tmp_path: Path) -> None:
    assert labels(folder_of(tmp_path, "3/set/5/a.png")) == {"3/set/5/a.png": 5}


def test_file_names_name_the_label(tmp_path: Path) -> None:
    names = ["7.png", "3_marker.mpo", "0__0.png", "5b.jfif", "x_cat.png", "X-1.png", "x.png"]
    found = labels(folder_of(tmp_path, *names))
    assert [found[name] for name in names] == [7, 3, 0, 5, 10, 10, 10]


def test_what_is_no_picture_is_left_out(tmp_path: Path) -> None:
    root = folder_of(tmp_path, "7.png", "notes.txt", "labels.csv", ".hidden/2.png", ".3.png")
    assert labels(root) == {"7.png": 7}


@pytest.mark.parametrize("name", ["cat.png", "12.png", "2024-01-05.png", "xray.png", "_7.png"])
def test_a_name_without_a_label_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=name) as caught:
        find_labelled(folder_of(tmp_path, "7.png", name))
    assert "0 to 9" in str(caught.value)


@pytest.mark.parametrize("column", ["path", "file", " Path "])
def test_a_csv_is_read_in_its_order(tmp_path: Path, column: str) -> None:
    folder_of(tmp_path, "b.png", "deep/a.png", "c.png")
    text = f"\ufeffnote,{column},label\nhello,b.png,7\n,deep/a.png, 0 \n,c.png,X\n"
    assert list(labels(csv_of(tmp_path, text)).items()) == [
        ("b.png", 7),
        ("deep/a.png", 0),
        ("c.png", 10),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("path,label\na.png,7\na.png,12\n", "line 3: the label '12'"),
        ("path,label\na.png\n", "line 2: the label ''"),
        ("path,label\nb.png,7\n", "line 2: no such file as 'b.png'"),
        ("path,label\n,7\n", "line 2: no such file as ''"),
        ("name,digit\na.png,7\n", "the columns name, digit"),
        ("", r"the columns \(none\)"),
        ("path,label\n", "no picture"),
    ],
)
def test_a_csv_that_does_not_fit_is_told_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    folder_of(tmp_path, "a.png")
    with pytest.raises(DataError, match=told):
        find_labelled(csv_of(tmp_path, text))


def test_a_file_that_is_no_csv_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00path")
    with pytest.raises(DataError, match=r"a\.csv: cannot be read"):
        find_labelled(tmp_path / "a.csv")


def test_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not there"):
        find_labelled(tmp_path / "nowhere")
    with pytest.raises(DataError, match="no picture"):
        find_labelled(tmp_path)


@pytest.mark.parametrize("shape", [(6, 4), (6, 4, 3)])
def test_png_gives_the_pixels_back(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    image = rng.integers(0, 256, shape, np.uint8)
    np.testing.assert_array_equal(decode(encode_png(image)), image)


def test_png_keeps_transparency() -> None:
    image = np.zeros((6, 4, 4), np.uint8)
    image[2, 1] = 255, 0, 0, 255
    image[..., 3] = np.where(image[..., 0], 255, 0)
    shown = decode(encode_png(image)).reshape(6, 4, -1)
    assert (shown[2, 1] != shown[0, 0]).any()
