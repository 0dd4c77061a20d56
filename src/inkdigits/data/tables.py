"""The name of a table that lies in this package, TOML, in → its values out."""

import tomllib
from importlib import resources
from typing import Any


def read_table(name: str) -> dict[str, Any]:
    """Read what is written down once and is no code: drawings, recipes, labels, descriptions.

    Args:
        name: of the file, its room included: "data/drawings.toml".
    """
    path = resources.files("inkdigits") / name
    return tomllib.loads(path.read_text(encoding="utf-8"))
