"""A typo in an address must not turn off what was asked for."""

import contextlib
from io import BytesIO
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from starlette.testclient import TestClient

from inkdigits.errors import ParameterError
from inkdigits.service.app import create_app
from inkdigits.service.query import OPTIONS, read_query, refuse_unknown
from inkdigits.service.settings import read_settings
from tests.written import number_png

KNOWN = ("length", "min_length", "model")


@given(st.dictionaries(st.sampled_from(KNOWN), st.text("ab1", max_size=5)))
def test_what_is_known_is_read_as_it_was_written(asked: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    assert read_query(query.encode(), KNOWN) == asked


@given(st.binary(max_size=60), st.lists(st.sampled_from(KNOWN), unique=True))
def test_any_query_is_read_or_refused(query: bytes, known: list[str]) -> None:
    with contextlib.suppress(ParameterError):
        assert set(read_query(query, known)) <= set(known)


def test_a_percent_sign_and_a_plus_are_what_they_mean() -> None:
    assert read_query(b"model=a%2Fb+c", KNOWN) == {"model": "a/b c"}


@pytest.mark.parametrize(
    ("query", "nearest"), [(b"lenght=9", "length"), (b"modell=mlp", "model"), (b"Model=a", "model")]
)
def test_an_unknown_name_is_told_the_nearest_and_all(query: bytes, nearest: str) -> None:
    with pytest.raises(ParameterError, match=f"did you mean '{nearest}'") as caught:
        read_query(query, KNOWN)
    assert caught.value.allowed == KNOWN
    assert all(name in str(caught.value) for name in KNOWN)


def test_a_name_that_is_like_none_is_told_all() -> None:
    with pytest.raises(ParameterError, match="'whitelist'; known are: length, min_length, model"):
        read_query(b"whitelist=01", KNOWN)
    with pytest.raises(ParameterError, match="none is known here"):
        read_query(b"x", [])


def test_a_name_of_any_length_is_shown_in_part() -> None:
    with pytest.raises(ParameterError) as caught:
        read_query(b"x" * 10_000, KNOWN)
    assert caught.value.found == "x" * 40


def test_a_name_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(ParameterError, match="'length' is given 2 times"):
        read_query(b"length=3&length=4", KNOWN)
    with pytest.raises(ParameterError, match="'length' is given 3 times"):
        read_query(b"length=3&model=a&length=3&length", KNOWN)


def test_a_route_refuses_what_neither_it_nor_its_dependencies_take() -> None:
    async def take(first: int = 1) -> int:
        return first

    router = APIRouter()

    @router.get("/sum")
    async def add(first: Annotated[int, Depends(take)], second: int = 2) -> int:
        return first + second

    app = FastAPI()
    app.include_router(router, dependencies=[Depends(refuse_unknown)])
    client = TestClient(app)
    assert client.get("/sum").json() == 3
    assert client.get("/sum?first=5&second=6").json() == 11
    for query in ("third=1", "first=1&first=1", "First=1"):
        with pytest.raises(ParameterError):
            client.get(f"/sum?{query}")


def test_every_parameter_is_among_the_options(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    operations = [one for path in description["paths"].values() for one in path.values()]
    parameters = [one for operation in operations for one in operation.get("parameters", [])]
    assert {one["name"] for one in parameters if one["in"] == "query"} == set(OPTIONS)


def _two_pages() -> bytes:
    pages = [Pillow.open(BytesIO(number_png(text))).convert("L") for text in ("2", "7")]
    file = BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    return file.getvalue()


def test_the_page_that_is_asked_for_is_read_and_named() -> None:
    settings, data = read_settings({"INKDIGITS_FORMATS": "tiff"}), _two_pages()
    with TestClient(create_app(settings)) as client:
        digit = client.post("/predict?page=2", content=data).json()
        number = client.post("/numbers?page=2", content=data).json()
        why = client.post("/explain?page=2", content=data).json()["prediction"]
        assert [(one["digit"], one["page"]) for one in (digit, why)] == [("7", 2)] * 2
        assert (number["number"], number["page"]) == ("7", 2)
        first = client.post("/predict", content=data).json()
        assert (first["digit"], first["page"]) == ("2", None)
        for page, found in (("3", "page 3; needed: 1 to 2"), ("0", "page 0"), ("x", "page 'x'")):
            for path in ("/predict", "/numbers", "/explain"):
                answer = client.post(f"{path}?page={page}", content=data)
                assert answer.status_code == 422
                assert found in answer.json()["detail"]
        assert client.post("/predict?page=2", content=number_png("7")).status_code == 422
