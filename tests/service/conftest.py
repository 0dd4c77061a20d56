"""The tiny model of these tests, written once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings
from tests.tiny import write_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


@pytest.fixture(scope="session")
def client(tiny_model: Path) -> Iterator[TestClient]:
    """The application with the tiny model, started; failures of the server are answers here."""
    # Of a busy machine that runs these tests much is forgiven.
    app = create_app(Settings(models=(str(tiny_model),), request_s=600))
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started
