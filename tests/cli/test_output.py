import json

import pytest

from inkdigits.cli.output import complain, percent, print_json, print_table, readable

BYTES_NOT_TEXT = b"scan-\xff.png".decode("utf-8", "surrogateescape")


def test_json_is_one_ascii_line_and_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"file": BYTES_NOT_TEXT, "digit": "7", "name": "größe"}
    print_json(value)
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out) == value


def test_a_table_takes_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("File", "Digit"), [("[red]a[/nothing].png", "7"), (BYTES_NOT_TEXT, "")])
    out = capsys.readouterr().out
    assert "[red]a[/nothing].png" in out
    assert "scan-�.png" in out


def test_a_long_name_is_folded_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("File",), [("x" * 300,)])
    assert capsys.readouterr().out.count("x") == 300


@pytest.mark.parametrize("text", ["a.png", "größe.png", "7️⃣"])
def test_what_is_text_stays(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(("share", "text"), [(0.9987, "99.9%"), (1, "100.0%"), (0, "0.0%")])
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_complaint_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    complain(f"two\nlines of {BYTES_NOT_TEXT}")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "inkdigits: two lines of scan-�.png\n")
