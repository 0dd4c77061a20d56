"""What the engine keeps of a picture that it could not read: nothing."""

import asyncio
import gc
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from inkdigits.engine.engine import Engine
from inkdigits.errors import UnsupportedImage
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.patience import PATIENCE_S
from tests.tiny import write_model


@pytest.mark.parametrize("pad", [b"", bytes(50_000)], ids=["small", "large"])
@pytest.mark.parametrize("ask", [Engine.predict_digit, Engine.predict_number])
def test_a_picture_that_cannot_be_read_is_not_kept(pad: bytes, ask: Any, tmp_path: Path) -> None:
    reader = Reader(load_model(write_model(tmp_path / "tiny.onnx")))
    data, engine = b"8BPS" + pad, Engine({"tiny": reader})

    async def main() -> None:
        with suppress(UnsupportedImage):
            await ask(engine, data)
        # A thread lets go of its work a little after the answer is there.
        while sys.getrefcount(data) > before:  # noqa: ASYNC110 (nothing else tells)
            await asyncio.sleep(0.002)

    gc.disable()
    try:
        before = sys.getrefcount(data)
        asyncio.run(asyncio.wait_for(main(), PATIENCE_S))
    finally:
        gc.enable()
