"""`POST /numbers` as the page needs it, small but real: pieces of ink left to right, each read."""

from typing import TYPE_CHECKING

import numpy as np
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inkdigits.errors import BlankImage
from inkdigits.image.decode import decode
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import match_stroke
from inkdigits.sample import Ink
from inkdigits.service.answers import answer_fields
from inkdigits.service.uploads import read_upload

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

GAP = 6  # px without ink that part two digits

router = APIRouter()


@router.post("/numbers")
async def numbers(request: Request) -> JSONResponse:
    """Read one row of digits that stand apart."""
    engine: Engine = request.app.state.engine
    ink = find_ink(decode(await read_upload(request)))
    places = _find_columns(ink)
    samples = [to_sample(match_stroke(_cropped(ink, place))) for place in places]
    card = engine.choose(None).model.card
    read = [answer_fields(one, card) for one in await engine.predict_samples(np.stack(samples))]
    digits = [
        {
            "digit": one["alternatives"][0]["digit"],
            "confidence": one["confidence"],
            "box": _box(ink, place),
            "alternatives": one["alternatives"],
        }
        for one, place in zip(read, places, strict=True)
    ]
    return JSONResponse(
        _answer(digits, accepted=all(one["accepted"] for one in read), model=read[0]["model"])
    )


def _find_columns(ink: Ink) -> list[tuple[int, int]]:
    columns = np.flatnonzero(ink.max(axis=0) > 0.3)
    if not columns.size:
        raise BlankImage
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > GAP) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _cropped(ink: Ink, place: tuple[int, int]) -> Ink:
    rows = np.flatnonzero(ink[:, place[0] : place[1]].max(axis=1) > 0.3)
    return np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, place[0] : place[1]])


def _box(ink: Ink, place: tuple[int, int]) -> dict[str, int]:
    rows = np.flatnonzero(ink[:, place[0] : place[1]].max(axis=1) > 0.3)
    left, right = place
    height = int(rows[-1] - rows[0] + 1)
    return {"left": left, "top": int(rows[0]), "width": right - left, "height": height}


def _answer(digits: list[dict], *, accepted: bool, model: dict) -> dict:
    number = "".join(one["digit"] for one in digits)
    confidence = float(np.prod([one["confidence"] for one in digits]))
    unsure = min(digits, key=lambda one: one["confidence"])
    place = digits.index(unsure)
    others = [
        {
            "number": number[:place] + other["digit"] + number[place + 1 :],
            "probability": confidence * other["probability"] / unsure["confidence"],
        }
        for other in unsure["alternatives"]
    ]
    line = {
        "number": number,
        "text": number,
        "accepted": accepted,
        "reason": None if accepted else "unsure",
        "confidence": confidence,
        "digits": digits,
        "alternatives": others,
    }
    first, last = digits[0]["box"], digits[-1]["box"]
    box = {**first, "width": last["left"] + last["width"] - first["left"]}
    return {**line, "lines": [{**line, "box": box}], "model": model}
