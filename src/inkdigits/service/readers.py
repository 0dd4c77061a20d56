"""Names of models in, warm readers by name out, checked on a golden picture."""

import logging
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from inkdigits.errors import InkdigitsError, SettingError
from inkdigits.files.apart import check_installed
from inkdigits.model.loading import builtin_names, load_model
from inkdigits.reader import Reader
from inkdigits.service.settings import DEFAULT_MODEL, Settings

GOLDEN_DIGIT = "7"
"""What `static/golden.png`, which this project drew itself, shows."""

_log = logging.getLogger("inkdigits.service")


def load_readers(settings: Settings) -> dict[str, Reader]:
    """Load the models that a server is to answer with.

    Args:
        settings: names the models; the first is the default one.

    Returns:
        Reader by the model's name, the default one first.

    Raises:
        ModelError: a model is missing, damaged or of the wrong shape.
        SettingError: two of the models have the same name, there is none at all, or one
            lies outside the folder of models.
        MissingExtra: a format is to be read whose library is not installed.
    """
    for kind in settings.limits.formats:
        check_installed(kind)
    readers: dict[str, Reader] = {}
    for name in settings.models or shipped_names():
        model = load_model(locate_model(name, settings.models_folder))
        if model.card.name in readers:
            found = f"two models are named {model.card.name!r}"
            raise SettingError("INKDIGITS_MODELS", found, "different names, on their cards")
        readers[model.card.name] = Reader(model, limits=settings.limits)
    if not readers:
        raise SettingError("INKDIGITS_MODELS", "no model is shipped here", "the path of a model")
    return readers


def locate_model(name: str, folder: str) -> str:
    """Find a model's file in the folder, wherever `..`, a whole path or a link would lead."""
    if not folder or name in builtin_names():
        return name
    home = Path(folder).resolve()
    if not home.is_dir():
        raise SettingError("INKDIGITS_MODELS_FOLDER", repr(folder), "a folder that is there")
    file = (home / name).resolve()
    if not file.is_relative_to(home):
        raise SettingError("INKDIGITS_MODELS", repr(name), "a file in INKDIGITS_MODELS_FOLDER")
    return str(file)


def shipped_names() -> list[str]:
    """Name the models that come with this package, the default one first."""
    return sorted(builtin_names(), key=lambda name: (name != DEFAULT_MODEL, name))


def golden_picture() -> bytes:
    """Read the picture that every working reader can read: a PNG of a 7."""
    return files("inkdigits.service").joinpath("static/golden.png").read_bytes()


def golden_faults(readers: Mapping[str, Reader]) -> list[str]:
    """Let each reader read the golden picture; this warms it up, too.

    Args:
        readers: by name.

    Returns:
        What is wrong, a sentence a reader. Only a shipped model must get the digit
        right; of others it is asked that they answer.
    """
    return [fault for name, reader in readers.items() if (fault := _fault(name, reader))]


def _fault(name: str, reader: Reader) -> str | None:
    try:
        digit = reader.predict_digit(golden_picture()).digit
        reader.predict_number(golden_picture())  # loads the line reader before anybody asks
    except InkdigitsError as error:
        return f"{name} cannot read the golden picture: {error}"
    except Exception:  # noqa: BLE001  (logged, with its trace)
        # A model from a stranger's file may fail in any way; the server must say so, not die.
        _log.exception("%s fails on the golden picture", name)
        return f"{name} fails on the golden picture"
    if name in builtin_names() and digit != GOLDEN_DIGIT:
        return f"{name} reads the golden {GOLDEN_DIGIT} as {digit}"
    return None
