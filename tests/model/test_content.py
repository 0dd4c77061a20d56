"""What a file is, by its first bytes, whatever it is called."""

import io
import zipfile

import pytest

from inkdigits.errors import BrokenModel, ModelError, UnsupportedModel
from inkdigits.model.content import find_kind


def zip_of(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return buffer.getvalue()


def test_the_three_kinds() -> None:
    assert find_kind(b"\x89HDF\r\n\x1a\n" + bytes(100), "x") == "hdf5"
    assert find_kind(zip_of("config.json", "model.weights.h5"), "x") == "keras-zip"
    assert find_kind(b"\x08\x08\x12\x07pytorch", "x") == "onnx"


@pytest.mark.parametrize(
    ("data", "kind", "found"),
    [
        (b"", BrokenModel, "the file is empty"),
        (b"hello, this is no model\n", BrokenModel, "the content is text"),
        ("ein Märchen ".encode() * 200, BrokenModel, "the content is text"),
        (b'\n{"class_name": "Sequential"}', BrokenModel, "the content is JSON text"),
        (b"<!DOCTYPE html><title>404</title>", BrokenModel, "the content is an HTML page"),
        (b"\n  <HTML><body>\xff", BrokenModel, "the content is an HTML page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), BrokenModel, "the content is a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), BrokenModel, "the content is a JPEG picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", BrokenModel, "Git LFS pointer"),
        (b"\x1f\x8b\x08\x00", BrokenModel, "a gzip archive"),
        (b"\x1c\x00\x00\x00TFL3" + bytes(20), UnsupportedModel, "TensorFlow Lite"),
        (b"\x1c\x00\x00\x00ORTM" + bytes(20), UnsupportedModel, "ONNX Runtime's own format"),
        (b"\x80\x04\x95\x00", UnsupportedModel, "Python pickle"),
        (zip_of("archive/data.pkl"), UnsupportedModel, "PyTorch"),
        (zip_of("photo.txt"), BrokenModel, "without a Keras config.json"),
        (zip_of("config.json")[:40], BrokenModel, "damaged zip"),
    ],
)
def test_everything_else_is_named(data: bytes, kind: type[ModelError], found: str) -> None:
    with pytest.raises(kind) as error:
        find_kind(data, "model.keras")
    assert found in error.value.found
    assert str(error.value).startswith("model.keras: ")
    assert "ONNX" in error.value.needed
