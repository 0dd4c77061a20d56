import pytest
from starlette.testclient import TestClient

from inkdigits.service.headers import DOCS_POLICY, PAGE_POLICY


@pytest.mark.parametrize("address", ["/", "/models", "/nowhere", "/static/page.js"])
def test_every_response_is_safe(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_policy_of_its_own_stays(client: TestClient) -> None:
    policy = client.get("/docs").headers.get_list("content-security-policy")
    assert policy == [DOCS_POLICY]


@pytest.mark.parametrize("policy", [PAGE_POLICY, DOCS_POLICY])
def test_no_policy_lets_scripts_or_requests_out(policy: str) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert "http" not in policy
