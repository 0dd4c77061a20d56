"""`inkdigits serve`: settings in, a running HTTP server out."""

import os
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.cli.output import complain
from inkdigits.errors import MissingExtra, SettingError

if TYPE_CHECKING:
    from inkdigits.service.settings import Settings


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", show_default="8000")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; one a core.", show_default="1")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="A shipped name or the path of a model file (ONNX, Keras). May be repeated; "
            "the first answers when a request names none.",
            show_default="all shipped, cnn first",
        ),
    ] = None,
) -> None:
    """Answer POST /predict over HTTP, with a page at / and the API's description at /docs.

    Every option can be a setting in the environment, too: INKDIGITS_HOST, INKDIGITS_PORT,
    INKDIGITS_WORKERS, INKDIGITS_MODELS (names separated by commas), INKDIGITS_MAX_BYTES.

    \b
      inkdigits serve
      inkdigits serve --host 0.0.0.0 --port 80 --workers 4
      inkdigits serve --model path/to/MNIST_model.keras --model cnn
      curl -F file=@seven.png http://127.0.0.1:8000/predict
    """
    from inkdigits.service.settings import read_settings  # noqa: PLC0415

    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    given["models"] = tuple(model) if model else None
    known = {name: value for name, value in given.items() if value is not None}
    settings = replace(read_settings(os.environ), **known)
    require_serve_extra()
    check_address(settings.host, settings.port)
    _check_models(settings)
    _run(settings)


def require_serve_extra() -> None:
    """Make sure that the libraries of the service are there.

    Raises:
        MissingExtra: one is not; says what to install.
    """
    from importlib.util import find_spec  # noqa: PLC0415

    for module in ("fastapi", "uvicorn", "python_multipart", "fastapi_offline"):
        if find_spec(module) is None:
            raise MissingExtra("serving", module, "serve")


def check_address(host: str, port: int) -> None:
    """Make sure that a server can listen there, by listening for a moment.

    Args:
        host: name or address of an interface of this machine.
        port: 0 for any free one.

    Raises:
        SettingError: the port is taken or not allowed, or the host is none of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                # As the server itself does: a port that was just left is free again.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        needed = "a free address of this machine, such as --host 127.0.0.1 --port 8001"
        raise SettingError(f"address {host}:{port}", reason, needed) from None


def _check_models(settings: "Settings") -> None:
    """Load the models once here, where a failure is one clear line."""
    from inkdigits.service.readers import golden_faults, load_readers  # noqa: PLC0415

    for fault in golden_faults(load_readers(settings)):
        complain(f"{fault}; /health/ready will say so")


def _run(settings: "Settings") -> None:
    import uvicorn  # noqa: PLC0415  # the serve extra

    from inkdigits.service.app import create_app  # noqa: PLC0415
    from inkdigits.service.settings import to_environ  # noqa: PLC0415

    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "server_header": False,
        "access_log": False,
        "ws": "none",
    }
    if settings.workers == 1:
        uvicorn.run(create_app(settings), **options)
        return
    # Workers are new processes: what they serve reaches them through the environment.
    os.environ.update(to_environ(settings))
    uvicorn.run(
        "inkdigits.service.app:create_app", factory=True, workers=settings.workers, **options
    )
