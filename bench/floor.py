"""Uploads in, one constant answer out: the least that a FastAPI endpoint of this shape costs.

The service is held against it in the same run. It takes the same requests, by FastAPI's own
ways, looks at nothing, and answers a document of the same size.
"""

from typing import Any

from fastapi import FastAPI, Request, UploadFile
from fastapi.responses import JSONResponse

ANSWER: dict[str, Any] = {
    "digit": "7",
    "accepted": True,
    "reason": None,
    "confidence": 0.996111,
    "probabilities": [4e-06, 0.003693, 1.1e-05, 9e-06, 2e-05, 0.0, 0.0, 0.996111, 6e-06, 0.000145],
    "not_a_digit": 9.3e-05,
    "alternatives": [
        {"digit": "7", "probability": 0.996111},
        {"digit": "1", "probability": 0.003693},
    ],
    "box": {"left": 109, "top": 109, "width": 80, "height": 138},
    "model": {"name": "cnn", "version": "2"},
}

app = FastAPI()


@app.post("/form")
async def form(file: UploadFile) -> JSONResponse:
    """Take a form with a file."""
    await file.read()
    return JSONResponse(ANSWER)


@app.post("/raw")
async def raw(request: Request) -> JSONResponse:
    """Take a body."""
    await request.body()
    return JSONResponse(ANSWER)
