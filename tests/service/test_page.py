import re
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from inkdigits.service.routes.page import STATIC

LINK = re.compile(r'(?:src|href|action)="([^"]+)"')


@pytest.mark.parametrize("address", ["/", "/docs"])
def test_a_page_asks_for_nothing_foreign_and_all_of_it_is_there(
    client: TestClient, address: str
) -> None:
    page = client.get(address)
    assert page.headers["content-type"].startswith("text/html")
    links = LINK.findall(page.text)
    assert len(links) >= 4
    for link in links:
        assert not re.match(r"\w+:|//", link), link
        if link != "predict":
            assert client.get(urljoin(address, link)).status_code == 200, link


@pytest.mark.parametrize("address", ["/", "/docs"])
def test_a_page_has_no_inline_script(client: TestClient, address: str) -> None:
    text = client.get(address).text
    assert re.findall(r"<script[^>]*>([^<]+)</script>|\son\w+=|style=", text) == []


def test_the_form_sends_what_predict_takes(client: TestClient) -> None:
    text = client.get("/").text
    assert 'action="predict" method="post" enctype="multipart/form-data"' in text
    assert 'name="file" type="file"' in text


@pytest.mark.parametrize("address", ["/", "/docs"])
def test_a_page_answers_head(client: TestClient, address: str) -> None:
    response = client.head(address)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["", "nothing", "../app.py", "%2e%2e/app.py", "..%2f..%2ferrors.py", "%00", "a" * 5000]
)
def test_nothing_but_its_files_is_served(client: TestClient, path: str) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 404
    assert response.json()["code"] == "not-found"


def test_the_page_is_three_files_and_its_examples() -> None:
    others = {"docs.html", "docs.js", "golden.png", "icon.svg"}
    found = {path.name for path in STATIC.iterdir() if path.is_file()}
    assert found == {"index.html", "page.css", "page.js"} | others


def test_what_the_script_looks_for_is_on_the_page() -> None:
    script, page = ((STATIC / name).read_text("utf-8") for name in ("page.js", "index.html"))
    wanted = set(re.findall(r"""\bat\("([\w-]+)"\)""", script))
    assert len(wanted) > 30
    assert wanted <= set(re.findall(r'id="([\w-]+)"', page))
