"""What a docstring says of a class, and of each of its attributes."""

from inkdigits.service.docstrings import split_docstring

DOCSTRING = """Where it is.

More of it.

Attributes:
    left, top: px from the
        corner.
    name: of it: any."""


def test_each_attribute_has_its_own_line() -> None:
    about, fields = split_docstring(DOCSTRING)
    assert about == "Where it is.\n\nMore of it."
    assert fields == {
        "left": "px from the corner.",
        "top": "px from the corner.",
        "name": "of it: any.",
    }


def test_a_docstring_may_say_nothing_of_attributes() -> None:
    assert split_docstring("Where it is.") == ("Where it is.", {})
