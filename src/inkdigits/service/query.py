"""The query of an address in, what it asks for out: each parameter known, and given once."""

import re
from collections.abc import Collection
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant

from inkdigits.errors import Mismatch, ParameterError
from inkdigits.files.picture import Page

ModelName = Annotated[
    str | None,
    Query(description="A name from `GET /models`. Default: the first.", examples=["cnn"]),
]
Allowed = Annotated[
    str | None,
    Query(description="The digits that there may be. Default: all ten.", examples=["0123"]),
]


async def find_model(request: Request, model: ModelName = None) -> str | None:
    """Refuse a model that is not there before the pictures come."""
    request.app.state.engine.choose(model)
    return model


KnownModel = Annotated[str | None, Depends(find_model)]
OPTIONS = ("model", "allowed", "box", "page", "length", "min_length", "max_length", "pattern")
"""All parameters that somebody may write into a form instead, where nobody would heed them."""
_SHOWN_LETTERS = 40
Part = Annotated[
    str | None,
    Query(
        description="The part of the picture that is read: left, top, width and height in px of "
        "the whole upright picture, inside it. Boxes in the answer are px of the whole, too.",
        examples=["10,20,80,80"],
    ),
]
PageNumber = Annotated[
    str | None,
    Query(description="Of a TIFF or PDF the page that is read. Default: 1.", examples=["2"]),
]


def name_page(data: bytes, page: str | None) -> bytes | Page:
    """Say which page of a file is to be read.

    Raises:
        Mismatch: this is no number.
    """
    if page is None:
        return data
    if not re.fullmatch(r"\d{1,4}", page, re.ASCII):
        raise Mismatch(f"the page {page[:40]!r}", "a number from 1")
    return Page(data, int(page))


def read_query(query: bytes, known: Collection[str]) -> dict[str, str]:
    """Take the parameters out of a query.

    Args:
        query: as it stands in the address.
        known: the names of all parameters that there are.

    Raises:
        ParameterError: a name that is not known, or one that is given twice: what is asked by it
            would be ignored.
    """
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    asked = dict(given)
    for name in asked:
        times = sum(name == other for other, _ in given)
        if name not in known or times > 1:
            raise ParameterError(name[:_SHOWN_LETTERS], tuple(known), times)
    return asked


async def refuse_unknown(request: Request) -> None:
    """Refuse what `read_query` does, at any route that FastAPI calls."""
    read_query(request.scope["query_string"], names_of(request.scope["route"].dependant))


def names_of(dependant: Dependant) -> list[str]:
    """Name the parameters that an endpoint and its dependencies take from the query."""
    own = [field.alias for field in dependant.query_params]
    return [*own, *(name for one in dependant.dependencies for name in names_of(one))]
