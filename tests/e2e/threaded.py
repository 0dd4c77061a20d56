"""An application in, a server in a thread of this process out, which can be held and stopped."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI

from inkdigits.model.base import Model
from inkdigits.service.server import Server
from inkdigits.service.sockets import listen
from inkdigits.service.wire import BoundedHttp
from tests.patience import PATIENCE_S


@dataclass
class Held:
    """A model that does not answer in threads before `go`; what is read at once, it answers."""

    model: Model
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def card(self) -> Any:
        return self.model.card

    def logits(self, samples: Any) -> Any:
        if threading.current_thread().name.startswith("inkdigits-reader"):
            assert self.go.wait(PATIENCE_S)
        return self.model.logits(samples)


@contextmanager
def answering(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Answer with an application, as the real server does; give its address."""
    sockets = listen("127.0.0.1", port)
    port = sockets[0].getsockname()[1]
    config = uvicorn.Config(app, http=BoundedHttp, ws="none", log_config=None)
    server = Server(config, app)
    thread = threading.Thread(target=server.run, args=(sockets,))
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        for one in sockets:
            one.close()
