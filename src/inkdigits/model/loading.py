"""A shipped name or the path of a model file in → a model."""

import hashlib
import os
from pathlib import Path

from inkdigits.errors import BrokenModel, ModelNotFound, UnsupportedModel
from inkdigits.model.base import LoadedModel, Model, Network
from inkdigits.model.card import Card, card_path, read_card
from inkdigits.model.content import NEEDED, find_kind
from inkdigits.model.probe import Traits, find_input, probe
from inkdigits.model.trial import MAX_BYTES, open_network, try_model

LINE_NAME = "line"
"""The shipped reader of whole lines (`line_model`); it reads no samples."""
_BUILTIN = Path(__file__).parent / "builtin"


def load_model(path: str | os.PathLike[str]) -> Model:
    """Load a model, warmed up and ready.

    The content decides what the file is, not its name. Nothing is compiled and no
    code that a file brings is run. A card beside the file (same stem, `.json`) is
    checked against it; a file without one gets a card that says how
    it reads known digits best, and has no thresholds: `calibrate` fits them.

    Args:
        path: a shipped name (see `builtin_names`; it goes before a file of that name),
            or the path of an ONNX, Keras 3 `.keras` or Keras HDF5 file.

    Returns:
        The model and its card.

    Raises:
        ModelNotFound: neither a shipped name nor a file.
        BrokenModel: no model, damaged, or not what its card says.
        UnsupportedModel: shapes, code or a format that cannot be used here.
        MissingExtra: a Keras file, and Keras is not installed.
    """
    file = _find_file(os.fspath(path))
    data = _read(file)
    beside = card_path(file)
    card = read_card(beside) if beside.is_file() else None
    digest = hashlib.sha256(data).hexdigest()
    if card is not None and card.sha256 != digest:
        needed = f"{card.sha256}, as its card {beside.name} says"
        raise BrokenModel(str(file), f"the sha256 is {digest}", needed)
    kind = find_kind(data, str(file))
    if file.parent != _BUILTIN:
        try_model(data, str(file), kind)
    network = open_network(data, str(file), kind)
    traits = probe(network, str(file))
    if card is None:
        shape, its = network.input_shape, find_input(network, traits, str(file))
        card = Card(
            file.stem, "0", traits.classes, shape, traits.output, digest,
            input_scale=its.scale, polarity=its.polarity, input_found=its.found,
        )  # fmt: skip
    _check_card(card, network, traits, str(file))
    return LoadedModel(card, network, str(file))


def builtin_names() -> list[str]:
    """Name the models of single digits that this package ships, sorted."""
    return sorted(file.stem for file in _BUILTIN.glob("*.onnx") if file.stem != LINE_NAME)


def _find_file(path: str) -> Path:
    if path in builtin_names():
        return _BUILTIN / f"{path}.onnx"
    file = Path(path)
    if file.is_file():
        return file
    found = "neither a file nor a shipped model"
    if file.exists():
        found = "a folder" if file.is_dir() else "no regular file"
    names = ", ".join(builtin_names()) or "none in this installation"
    raise ModelNotFound(path, found, f"the path of a model file, or a shipped name ({names})")


def _read(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise UnsupportedModel(str(file), f"{size:,} bytes", f"at most {MAX_BYTES:,}")
        return file.read_bytes()
    except OSError as error:
        raise BrokenModel(str(file), f"it cannot be read: {error.strerror}", NEEDED) from None


def _check_card(card: Card, network: Network, traits: Traits, path: str) -> None:
    traits_found = {**traits._asdict(), "input_shape": network.input_shape}
    for name, found in traits_found.items():
        if (said := getattr(card, name)) != found:
            raise BrokenModel(path, f"{name} {found}", f"{said}, as its card says")
