import json
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inkdigits.service.logs import FIELDS, JsonLines, TextLines
from inkdigits.service.request_id import current_id


def _record(message: str = "something", *args: object, **fields: Any) -> logging.LogRecord:
    record = logging.LogRecord("inkdigits.x", logging.WARNING, "", 1, message, args, None)
    if fields:
        setattr(record, FIELDS, fields)
    return record


def _failed() -> logging.LogRecord:
    record = _record("it failed")
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        record.exc_info = sys.exc_info()
    return record


def test_json_is_one_line_with_all_there_is() -> None:
    line = json.loads(JsonLines().format(_record("read %d", 7, status=200, ms=1.5)))
    moment = datetime.fromisoformat(line.pop("time"))
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert line == {
        "level": "warning",
        "logger": "inkdigits.x",
        "message": "read 7",
        "status": 200,
        "ms": 1.5,
    }


def test_a_trace_stays_in_the_line_of_json() -> None:
    text = JsonLines().format(_failed())
    assert "\n" not in text
    assert "ZeroDivisionError" in json.loads(text)["trace"]


def test_text_is_for_people() -> None:
    text = TextLines().format(_record("read %d", 7, status=200))
    assert text.split(" ", 1)[1] == "WARNING read 7 status=200"
    assert "ZeroDivisionError" in TextLines().format(_failed()).splitlines()[-1]


def test_no_message_breaks_out_of_its_line() -> None:
    record = _record("a\n2026 INFO forged \x1b[31m\u2028b", name="x\ny")
    assert TextLines().format(record).count("?") == 4
    assert len(TextLines().format(record).splitlines()) == 1
    assert JsonLines().format(record).isascii()


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
def test_the_request_id_is_in_every_line_while_there_is_one(formatter: logging.Formatter) -> None:
    token = current_id.set("id-of-this-request")
    try:
        assert "id-of-this-request" in formatter.format(_record())
    finally:
        current_id.reset(token)
    assert "request_id" not in formatter.format(_record())


# In a process of its own: configuring closes all handlers there are, and TensorFlow's, which
# other tests bring in, closes standard error with it.
CONFIGURED = """
import logging.config, pickle, sys
from inkdigits.service.logs import log_config
from inkdigits.service.settings import Settings
config = log_config(Settings(log_format=sys.argv[1], log_level="info"))
assert pickle.loads(pickle.dumps(config)) == config  # workers are sent it so
logging.config.dictConfig(config)
logging.getLogger("inkdigits.access").info("seen")
logging.getLogger("uvicorn.error").info("seen too")
logging.getLogger("inkdigits.access").debug("not seen")
"""


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_the_configuration_works_and_reaches_workers(log_format: str) -> None:
    words = [sys.executable, "-c", CONFIGURED, log_format]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    lines = run.stderr.splitlines()
    assert len(lines) == 2
    assert all("seen" in line for line in lines)
    assert lines[0].startswith("{") is (log_format == "json")
