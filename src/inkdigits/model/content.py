"""The bytes of a file in → which kind of model it is, whatever its name says."""

import zipfile
from io import BytesIO
from typing import Literal

from inkdigits.content import UNKNOWN, name_content
from inkdigits.errors import BrokenModel, UnsupportedModel

Kind = Literal["onnx", "keras-zip", "hdf5"]

NEEDED = "an ONNX file, a Keras 3 .keras file or a Keras HDF5 file"
_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_FLATBUFFER_AT = slice(4, 8)  # where formats made of flatbuffers have their signature
_FLATBUFFERS = {b"TFL3": "a TensorFlow Lite model", b"ORTM": "a model in ONNX Runtime's own format"}


def find_kind(data: bytes, path: str) -> Kind:
    """Tell the kind of a model file by its content.

    Anything that nothing speaks against may be ONNX, which has no signature.

    Args:
        data: the whole file.
        path: only for the error.

    Returns:
        "onnx", "keras-zip" or "hdf5".

    Raises:
        BrokenModel: empty, a damaged archive, or the content of something else.
        UnsupportedModel: a model of a format that is not read here.
    """
    if not data:
        raise BrokenModel(path, "the file is empty", NEEDED)
    if data.startswith(_HDF5):
        return "hdf5"
    if data.startswith(_ZIP):
        return _check_zip(data, path)
    if name := _FLATBUFFERS.get(data[_FLATBUFFER_AT]):
        raise UnsupportedModel(path, f"the content is {name}", NEEDED)
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        # Reading a pickle runs whatever code it holds.
        raise UnsupportedModel(path, "the content is a Python pickle", NEEDED)
    if (found := name_content(data)) != UNKNOWN:
        raise BrokenModel(path, f"the content is {found}", NEEDED)
    return "onnx"


def _check_zip(data: bytes, path: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise BrokenModel(path, "a damaged zip archive, perhaps cut short", NEEDED) from None
    if "config.json" in names:
        return "keras-zip"
    if any(name.endswith("/data.pkl") for name in names):
        raise UnsupportedModel(path, "the content is a PyTorch file", NEEDED)
    raise BrokenModel(path, "the content is a zip archive without a Keras config.json", NEEDED)
