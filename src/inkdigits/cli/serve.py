"""`inkdigits serve`: settings in, a running HTTP server out."""

import logging
import logging.config
import os
import signal
import socket
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.errors import require

if TYPE_CHECKING:
    from inkdigits.service.settings import Settings

_NEEDED = ("fastapi", "uvicorn", "python_multipart", "prometheus_client", "fastapi_offline")
_log = logging.getLogger("inkdigits.service")


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", show_default="8000")] = None,
    workers: Annotated[
        str | None, typer.Option(help="Processes, or `auto`: one a core.", show_default="1")
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
    INKDIGITS_WORKERS, INKDIGITS_MODELS (names separated by commas), and more: see
    docs/settings.md. Told to stop (SIGTERM, Ctrl-C), it finishes what it has taken. SIGHUP does
    nothing: to use other settings, start it anew.

    \b
      inkdigits serve
      inkdigits serve --host 0.0.0.0 --port 80 --workers auto
      inkdigits serve --model path/to/MNIST_model.keras --model cnn
      curl -F file=@seven.png http://127.0.0.1:8000/predict
    """
    from inkdigits.service.settings import read_settings  # noqa: PLC0415

    given: dict[str, Any] = {"host": host, "port": port}
    given["models"] = tuple(model) if model else None
    known = {name: value for name, value in given.items() if value is not None}
    counted = {"INKDIGITS_WORKERS": workers} if workers else {}
    settings = replace(read_settings({**os.environ, **counted}), **known)
    require("serving", "serve", *_NEEDED)
    run(settings)


def run(settings: "Settings") -> None:
    """Serve until told to stop: in this process, or in several that this one watches over.

    Args:
        settings: of the server.

    Raises:
        SettingError: the address cannot be used.
        ModelError: a model cannot be used.
    """
    from inkdigits.service.logs import log_config  # noqa: PLC0415
    from inkdigits.service.sockets import listen  # noqa: PLC0415

    logging.config.dictConfig(log_config(settings))
    if hasattr(signal, "SIGHUP"):  # not on Windows
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the workers inherit it
    with ExitStack() as stack:
        sockets = [stack.enter_context(one) for one in listen(settings.host, settings.port)]
        _serve_on(sockets, settings)


def _serve_on(sockets: list[socket.socket], settings: "Settings") -> None:
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = sockets[0].getsockname()[1]
    if settings.workers > 1:
        from inkdigits.service.supervisor import Supervisor  # noqa: PLC0415

        _log.info("http://%s:%d with %d workers", shown, port, settings.workers)
        Supervisor(settings, sockets).run()
        return
    # The libraries of the service take a while: an address in use is said before.
    from inkdigits.service.readers import load_readers  # noqa: PLC0415
    from inkdigits.service.server import serve as serve_here  # noqa: PLC0415
    from inkdigits.service.sockets import allow_many_connections  # noqa: PLC0415

    readers = load_readers(settings)
    allow_many_connections()
    _log.info("http://%s:%d", shown, port)
    serve_here(settings, sockets, readers)
