"""A docstring of the house style in, the description of each attribute out."""

import re


def split_docstring(docstring: str) -> tuple[str, dict[str, str]]:
    """Take the attributes out of a docstring.

    Args:
        docstring: as `inspect.getdoc` gives it; its last part may be `Attributes:`.

    Returns:
        What stands before them, and what is said of each one, in one line.
    """
    about, _, rest = docstring.partition("Attributes:\n")
    found = re.findall(r"^    (\w+(?:, \w+)*): (.+(?:\n {5,}.+)*)", rest, re.MULTILINE)
    each = ((name, text) for names, text in found for name in names.split(", "))
    return about.strip(), {name: " ".join(text.split()) for name, text in each}
