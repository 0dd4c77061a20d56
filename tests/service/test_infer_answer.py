import json

import numpy as np
import pytest

from inkdigits.decision.prediction import Alternative, Prediction
from inkdigits.decision.reject import Policy, decide
from inkdigits.sample import CLASSES
from inkdigits.service.infer_answer import write_answer
from inkdigits.service.infer_models import LENGTH_HEADER
from inkdigits.service.infer_request import InferRequest
from inkdigits.service.schemas_inference import AnswerBody

MODEL = ("digits", "1")


def _prediction(digit: str | None, not_a_digit: float = 0.25) -> Prediction:
    row = tuple(0.91 if name == (digit or "0") else 0.01 for name in CLASSES)
    reason = None if digit else "not_a_digit"
    likely = (Alternative(digit or "0", 0.91),)
    return Prediction(digit, digit is not None, reason, 0.91, row, not_a_digit, likely)  # type: ignore[arg-type]


READ = [_prediction("7"), _prediction(None)]


def test_json_is_flat_and_as_described() -> None:
    answer = write_answer(InferRequest(id="42"), READ, MODEL)
    assert answer.headers["Content-Type"] == "application/json"
    assert LENGTH_HEADER not in answer.headers
    AnswerBody.model_validate_json(answer.body, strict=True)
    fields = json.loads(answer.body)
    assert (fields["model_name"], fields["model_version"], fields["id"]) == ("digits", "1", "42")
    by_name = {tensor["name"]: tensor for tensor in fields["outputs"]}
    assert list(by_name) == ["digit", "probabilities", "accepted", "not_a_digit"]
    assert by_name["digit"]["data"] == ["7", ""]
    assert by_name["accepted"]["data"] == [True, False]
    assert by_name["not_a_digit"]["data"] == [0.25, 0.25]
    assert by_name["probabilities"]["shape"] == [2, 10]
    assert by_name["probabilities"]["data"][7:11] == [0.91, 0.01, 0.01, 0.91]


def test_what_nobody_has_calibrated_is_not_accepted_and_all_outcomes_sum_to_one() -> None:
    read = decide(np.eye(11)[7] * 20, Policy(1.0, None, None))
    assert read.accepted is None
    fields = json.loads(write_answer(InferRequest(), [read], MODEL).body)
    data = {tensor["name"]: tensor["data"] for tensor in fields["outputs"]}
    assert data["accepted"] == [False]
    assert sum(data["probabilities"]) + data["not_a_digit"][0] == pytest.approx(1, abs=1e-6)
    assert 0 < min(data["probabilities"]) < max(data["probabilities"]) < 1


def test_binary_follows_the_json_in_its_order() -> None:
    wanted = {"not_a_digit": True, "digit": False, "accepted": True, "probabilities": True}
    answer = write_answer(InferRequest(outputs=wanted), READ, MODEL)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    length = int(answer.headers[LENGTH_HEADER])
    fields, binary = json.loads(answer.body[:length]), answer.body[length:]
    assert "id" not in fields
    assert [tensor["name"] for tensor in fields["outputs"]] == list(wanted)
    sizes = [tensor.get("parameters", {}).get("binary_data_size") for tensor in fields["outputs"]]
    assert sizes == [8, None, 2, 80]
    assert np.frombuffer(binary[:8], "<f4").tolist() == [0.25, 0.25]
    assert binary[8:10] == b"\1\0"
    np.testing.assert_allclose(np.frombuffer(binary[10:], "<f4")[7], 0.91)


def test_digits_in_binary_have_their_lengths() -> None:
    answer = write_answer(InferRequest(outputs={"digit": True}), READ, MODEL)
    assert answer.body.endswith(b"}\1\0\0\0" + b"7" + b"\0\0\0\0")
