import json

from inkdigits.service.infer_docs import INFER, INFER_BODY, inlined


def test_definitions_stand_where_they_are_used() -> None:
    schema = {
        "$defs": {"Inner": {"type": "integer"}, "Outer": {"items": {"$ref": "#/$defs/Inner"}}},
        "anyOf": [{"$ref": "#/$defs/Outer"}, {"type": "null"}],
    }
    assert inlined(schema) == {"anyOf": [{"items": {"type": "integer"}}, {"type": "null"}]}


def test_the_request_is_described_without_references() -> None:
    described = INFER_BODY["requestBody"]["content"]
    assert set(described) == {"application/json", "application/octet-stream"}
    assert "$ref" not in json.dumps(described)
    assert "inputs" in described["application/json"]["schema"]["required"]


def test_every_status_says_what_it_means() -> None:
    assert {200, 400, 404, 413, 415, 422, 503, 504} == set(INFER)
    assert all(answer["description"] for answer in INFER.values())
