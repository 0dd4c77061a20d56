"""The protocol's own clients, `tritonclient[http]` sync and aio, against a real server."""

import asyncio
import base64
import importlib
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import numpy as np
import pytest

from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line
from tests.tiny import blank_png, png

from .conftest import Server

CODINGS = (None, "gzip", "deflate")


def _library(name: str) -> Any:
    """A module of tritonclient, or the test is skipped; in CI it must be there."""
    try:
        return importlib.import_module(f"tritonclient.{name}")
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("tritonclient is not installed")


@pytest.fixture(scope="module")
def http() -> Any:
    return _library("http")


@pytest.fixture
def client(server: Server, http: Any) -> Iterator[Any]:
    # With one connection for ten calls at once the client waits for itself now and then.
    address = f"127.0.0.1:{server.port}"
    with http.InferenceServerClient(address, concurrency=10) as started:
        yield started


@pytest.fixture
def ask_aio(server: Server) -> Callable[[Callable[[Any], Awaitable[Any]]], Any]:
    """Run what is to be asked with an asyncio client."""
    aio = _library("http.aio")

    def run(ask: Callable[[Any], Awaitable[Any]]) -> Any:
        async def talk() -> Any:
            async with aio.InferenceServerClient(f"127.0.0.1:{server.port}") as client:
                return await ask(client)

        return asyncio.run(talk())

    return run


def _images(http: Any, digits: str) -> list[Any]:
    data = np.array([png(digit) for digit in digits], dtype=np.object_)
    tensor = http.InferInput("image", [len(data)], "BYTES")
    return [tensor.set_data_from_numpy(data)]


def _samples(http: Any, digits: str, datatype: str, *, binary: bool = True) -> list[Any]:
    samples = np.stack([walk_line(decode(png(digit))).sample for digit in digits])
    if datatype == "UINT8":
        samples = np.round(samples * 255).astype(np.uint8)
    tensor = http.InferInput("sample", list(samples.shape), datatype)
    return [tensor.set_data_from_numpy(samples, binary_data=binary)]


def _check(result: Any, digits: str) -> None:
    assert b"".join(result.as_numpy("digit").tolist()) == digits.encode()
    probabilities = result.as_numpy("probabilities")
    assert (probabilities.shape, probabilities.dtype) == ((len(digits), 10), np.float32)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert result.as_numpy("accepted").tolist() == [True] * len(digits)
    assert result.as_numpy("not_a_digit").shape == (len(digits),)


def test_the_server_and_its_models_are_described(client: Any) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.get_server_metadata()["name"] == "inkdigits"
    for name in ("digits", "tiny"):
        for version in ("", "1"):
            assert client.is_model_ready(name, version)
            assert client.get_model_metadata(name, version)["versions"] == ["1"]
            assert client.get_model_config(name, version)["name"] == name
            stats = client.get_inference_statistics(name, version)["model_stats"]
            assert stats[0]["name"] == name
    assert not client.is_model_ready("nothing")
    assert not client.is_model_ready("digits", "2")


@pytest.mark.parametrize("coding", CODINGS)
def test_pictures_in_binary(client: Any, http: Any, coding: str | None) -> None:
    result = client.infer(
        "digits",
        _images(http, "31415"),
        request_id="7",
        request_compression_algorithm=coding,
        response_compression_algorithm=coding,
    )
    _check(result, "31415")
    assert result.get_response()["id"] == "7"


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("datatype", ["FP32", "UINT8"])
def test_samples(
    client: Any, http: Any, datatype: str, coding: str | None, *, binary: bool
) -> None:
    inputs = _samples(http, "2718", datatype, binary=binary)
    _check(client.infer("tiny", inputs, "1", request_compression_algorithm=coding), "2718")


def test_pictures_as_text_are_base64(client: Any, http: Any) -> None:
    data = np.array([base64.b64encode(png("6"))], dtype=np.object_)
    tensor = http.InferInput("image", [1], "BYTES")
    _check(client.infer("digits", [tensor.set_data_from_numpy(data, binary_data=False)]), "6")


def test_only_what_is_wanted_in_the_form_that_is_wanted(client: Any, http: Any) -> None:
    wanted = [
        http.InferRequestedOutput("accepted", binary_data=False),
        http.InferRequestedOutput("digit", binary_data=True),
        http.InferRequestedOutput("probabilities", binary_data=False),
    ]
    result = client.infer("digits", _images(http, "42"), outputs=wanted)
    assert [one["name"] for one in result.get_response()["outputs"]] == [
        one.name() for one in wanted
    ]
    assert result.as_numpy("digit").tolist() == [b"4", b"2"]
    assert result.as_numpy("accepted").tolist() == [True, True]
    assert result.as_numpy("probabilities").argmax(axis=1).tolist() == [4, 2]
    assert result.as_numpy("not_a_digit") is None


def test_pictures_one_after_another_and_at_once(client: Any, http: Any) -> None:
    for digit in "0123456789":
        _check(client.infer("digits", _images(http, digit)), digit)
    waiting = [
        (digit, client.async_infer("digits", _images(http, digit))) for digit in "0123456789"
    ]
    for digit, answer in waiting:
        _check(answer.get_result(), digit)


def test_errors_reach_the_client_as_it_expects_them(client: Any, http: Any) -> None:
    utils = _library("utils")
    blank = http.InferInput("image", [1], "BYTES")
    blank.set_data_from_numpy(np.array([blank_png()], dtype=np.object_))
    other = http.InferInput("picture", [1], "INT32")
    other.set_data_from_numpy(np.array([7], dtype=np.int32))
    for name, tensor, status, words in (
        ("digits", blank, "422", "nothing is drawn"),
        ("digits", other, "400", "BYTES for image; FP32"),
        ("nothing", blank, "404", "no such model"),
    ):
        with pytest.raises(utils.InferenceServerException, match=words) as raised:
            client.infer(name, [tensor])
        assert raised.value.status() == status
    for call in (client.load_model, client.unload_model):
        with pytest.raises(utils.InferenceServerException, match="when the server starts"):
            call("digits")


def test_the_repository_is_listed(client: Any) -> None:
    index = client.get_model_repository_index()
    assert [(entry["name"], entry["state"]) for entry in index] == [
        ("digits", "READY"),
        ("numbers", "READY"),
        ("tiny", "READY"),
    ]


@pytest.mark.parametrize("coding", CODINGS)
def test_asyncio_pictures(ask_aio: Any, http: Any, coding: str | None) -> None:
    async def ask(client: Any) -> list[Any]:
        inputs = [_images(http, digit) for digit in "0123456789"]
        calls = (
            client.infer(
                "digits",
                one,
                request_compression_algorithm=coding,
                response_compression_algorithm=coding,
            )
            for one in inputs
        )
        return list(await asyncio.gather(*calls))

    for digit, result in zip("0123456789", ask_aio(ask), strict=True):
        _check(result, digit)


def test_asyncio_descriptions_and_samples(ask_aio: Any, http: Any) -> None:
    async def ask(client: Any) -> Any:
        assert await client.is_server_live()
        assert await client.is_server_ready()
        assert await client.is_model_ready("digits", "1")
        assert (await client.get_server_metadata())["name"] == "inkdigits"
        assert (await client.get_model_metadata("digits"))["platform"] == "inkdigits"
        assert (await client.get_model_config("tiny"))["name"] == "tiny"
        assert (await client.get_inference_statistics())["model_stats"][0]["name"] == "digits"
        assert len(await client.get_model_repository_index()) == 3
        with pytest.raises(_library("utils").InferenceServerException, match="no such model"):
            await client.get_model_metadata("nothing")
        return await client.infer("digits", _samples(http, "12", "FP32"))

    _check(ask_aio(ask), "12")
