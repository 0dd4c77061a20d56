"""`inkdigits doctor`: this installation in, what is wrong and how to mend it out."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits.cli.models import describe_input
from inkdigits.errors import InkdigitsError, SettingError

if TYPE_CHECKING:
    from inkdigits.model.card import Card, LineCard

NEEDED = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "rich", "typer")
OPTIONAL = {
    "serve": ("fastapi", "starlette", "uvicorn", "python-multipart", "prometheus-client"),
    "train": ("keras", "tensorflow", "onnx"),
}
_REINSTALL = "pip install --force-reinstall inkdigits"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and how to mend it ("" when nothing is wrong)."""

    what: str
    found: str
    mend: str = ""


def doctor(
    port: Annotated[
        int | None, typer.Option(help="Port that a server would use.", show_default="8000")
    ] = None,
) -> None:
    """Look for what is wrong with this installation, and say how to mend it.

    Exits with 1 when something is wrong.

    \b
      inkdigits doctor
      inkdigits doctor --port 80
    """
    checks = [*_libraries(), *_extras(), *_settings(port), *_models()]
    width = max(len(check.what) for check in checks)
    for check in checks:
        typer.echo(f"{'wrong' if check.mend else 'ok':6} {check.what:{width}} {check.found}")
        if check.mend:
            typer.echo(f"{'':6} {'mend it with':{width}} {check.mend}")
    if any(check.mend for check in checks):
        raise typer.Exit(1)


def _libraries() -> Iterator[Check]:
    yield Check("inkdigits", f"{version('inkdigits')} on Python {platform.python_version()}")
    for name in NEEDED:
        found = _version(name)
        yield Check(name, found or "not installed", "" if found else f"pip install {name}")


def _extras() -> Iterator[Check]:
    for extra, names in OPTIONAL.items():
        found = ", ".join(f"{name} {_version(name)}" for name in names if _version(name))
        missing = [name for name in names if not _version(name)]
        # Nothing is wrong with not having an extra; it is said, for those who want it.
        note = f"without {', '.join(missing)}: pip install 'inkdigits[{extra}]'" if missing else ""
        yield Check(f"to {extra}", "; ".join(part for part in (found, note) if part))


def _settings(port: int | None) -> Iterator[Check]:
    from inkdigits.service.settings import PREFIX, read_settings  # noqa: PLC0415

    try:
        settings = read_settings(os.environ)
    except SettingError as error:
        yield Check("settings", str(error), f"unset {error.name}, or see docs/settings.md")
        return
    for field in fields(settings):
        value = getattr(settings, field.name)
        note = " (default)" if value == field.default else ""
        yield Check(PREFIX + field.name.upper(), _shown(field.name, value) + note)
    host, number = settings.host, settings.port if port is None else port
    mend = "inkdigits serve --port with a free port"
    yield _checked("address", lambda: _free_address(host, number), mend)
    for name in settings.models:
        look = partial(_read_chosen, name, settings.models_folder)
        yield _checked(f"chosen {name}", look, "INKDIGITS_MODELS, naming a model that can be read")


def _read_chosen(name: str, folder: str) -> str:
    from inkdigits.service.readers import locate_model  # noqa: PLC0415  # ONNX Runtime

    return _read_golden(locate_model(name, folder))


def _free_address(host: str, port: int) -> str:
    from inkdigits.service.sockets import listen  # noqa: PLC0415

    for one in listen(host, port):
        one.close()
    return f"{host}:{port} is free"


def _shown(name: str, value: object) -> str:
    from inkdigits.service.settings import write_value  # noqa: PLC0415

    if name == "api_keys" and isinstance(value, tuple):
        # Not even their digests: what the doctor says gets pasted into reports.
        return f"{len(value)} given" if value else "none: anybody may ask"
    return write_value(value) or "none given"


def _models() -> Iterator[Check]:
    from inkdigits.model.line_model import load_line_reader  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.service.readers import shipped_names  # noqa: PLC0415

    names = shipped_names()
    if not names:
        yield Check("shipped models", "there are none", _REINSTALL)
    for name in names:
        yield _checked(f"model {name}", partial(_read_golden, name), _REINSTALL)
    yield _checked("line reader", lambda: _as_on_card(load_line_reader().card), _REINSTALL)


def _as_on_card(card: "Card | LineCard") -> str:
    return f"{card.name} {card.version}, sha256 {card.sha256[:12]} as on its card"


def _read_golden(name: str) -> str:
    from inkdigits.model.loading import load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.reader import Reader  # noqa: PLC0415
    from inkdigits.service.readers import GOLDEN_DIGIT, golden_faults, golden_picture  # noqa: PLC0415

    reader = Reader(load_model(name))
    if faults := golden_faults({name: reader}):
        raise InkdigitsError(faults[0])
    start = time.perf_counter()
    reader.predict_digit(golden_picture())
    spent_ms = 1000 * (time.perf_counter() - start)
    card = reader.model.card
    found = f"{_as_on_card(card)}; reads the golden {GOLDEN_DIGIT} in {spent_ms:.1f} ms"
    return found + describe_input(card)


def _checked(what: str, look: Callable[[], str], mend: str) -> Check:
    try:
        return Check(what, look())
    except InkdigitsError as error:
        return Check(what, str(error), mend)
    except Exception as error:  # noqa: BLE001  # whatever is broken, the doctor must say it
        return Check(what, f"{type(error).__name__}: {error}", mend)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
