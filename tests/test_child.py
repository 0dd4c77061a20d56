"""A real process that answers, fails, hangs and is replaced."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inkdigits.child import Child, ChildDied

ODD = """
import os, sys, time
print("a library says so at its import")
def upper(question):
    print("and at work", flush=True)
    os.write(2, b"a C library, too")
    return None, question.upper()
def pid(question):
    return None, str(os.getpid()).encode()
def main(question):
    return None, repr(getattr(sys.modules["__main__"], "__file__", "none")).encode()
def fail(question):
    raise ValueError if question == b"fail" else SystemExit
def hang(question):
    if question == b"hang":
        time.sleep(600)
    return None, question
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., closing[Child]]:
    (tmp_path / "odd.py").write_text(ODD)
    monkeypatch.syspath_prepend(tmp_path)
    return lambda answer, *rest: closing(Child(f"odd:{answer}", *rest))


def test_what_libraries_print_is_no_answer(
    child: Callable[..., closing[Child]], capfd: pytest.CaptureFixture[str]
) -> None:
    with child("upper") as one:
        assert [one.ask(b"a")[1], one.ask(b"")[1], one.ask(b"b" * 200_000)[1]] == [
            b"A",
            b"",
            b"B" * 200_000,
        ]
    assert capfd.readouterr() == ("", "")


def test_one_process_answers_all(child: Callable[..., closing[Child]]) -> None:
    with child("pid") as one:
        first = one.ask(b"")[1]
        assert one.ask(b"")[1] == first
        assert int(first) != os.getpid()


def test_the_program_that_asks_does_not_run_there(child: Callable[..., closing[Child]]) -> None:
    with child("main") as one:
        assert one.ask(b"")[1] == b"'none'"


@pytest.mark.parametrize("question", [b"fail", b"leave"])
def test_one_that_fails_is_replaced(child: Callable[..., closing[Child]], question: bytes) -> None:
    with child("fail") as one:
        for _ in range(2):
            with pytest.raises(ChildDied):
                one.ask(question)


def test_one_that_hangs_is_replaced(child: Callable[..., closing[Child]]) -> None:
    with child("hang", 5.0) as one:
        with pytest.raises(ChildDied):
            one.ask(b"hang")
        assert one.ask(b"again")[1] == b"again"


def test_one_that_nobody_waits_for_any_more_is_replaced(
    child: Callable[..., closing[Child]],
) -> None:
    with child("hang") as one:
        with pytest.raises(ChildDied) as died:
            one.ask(b"hang", lambda: True)
        assert died.value.status is None
        assert one.ask(b"again")[1] == b"again"


def test_one_that_was_killed_meanwhile_is_replaced(child: Callable[..., closing[Child]]) -> None:
    with child("pid") as one:
        first = int(one.ask(b"")[1])
        os.kill(first, 9)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert int(one.ask(b"")[1]) != first


def test_it_ends_with_its_owner(child: Callable[..., closing[Child]]) -> None:
    one = child("pid").thing
    pid = int(one.ask(b"")[1])
    del one
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
