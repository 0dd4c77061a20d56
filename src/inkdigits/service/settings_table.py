"""The settings' own docstring in, `docs/settings.md` out: what can be set, in one table.

python -m inkdigits.service.settings_table > docs/settings.md
"""

import inspect
import sys
from dataclasses import fields

from inkdigits.service.docstrings import split_docstring
from inkdigits.service.settings import (
    CHOICES,
    FOREIGN_NAMES,
    PREFIX,
    RANGES,
    Settings,
    write_value,
)

_HEAD = f"""\
# Settings

`inkdigits serve` takes its settings from environment variables. An empty one counts as not set,
an unknown `{PREFIX}` name is refused, and `inkdigits doctor` says what is set.

| variable | default | may be | what it is |
|---|---|---|---|
"""
_FOOT = """
Not for serving: {foreign}.

Give the server the digest of a key rather than the key: it tells nobody the key.

```sh
openssl rand -hex 24                      # makes a key
printf %s "$KEY" | sha256sum              # its digest: INKDIGITS_API_KEYS=sha256:...
```

This file is written by `python -m inkdigits.service.settings_table > docs/settings.md`.
"""


def settings_page() -> str:
    """Write the whole of `docs/settings.md`: a row for every setting, in the order of its field."""
    about = split_docstring(inspect.getdoc(Settings) or "")[1]
    rows = [
        f"| `{PREFIX}{field.name.upper()}` | {_code(write_value(field.default))} "
        f"| {_allowed(field.name)} | {_cell(about[field.name])} |\n"
        for field in fields(Settings)
    ]
    foreign = ", ".join(f"`{name}` ({about})" for name, about in sorted(FOREIGN_NAMES.items()))
    return _HEAD + "".join(rows) + _FOOT.format(foreign=foreign)


def _allowed(name: str) -> str:
    if name in RANGES:
        low, high = RANGES[name]
        return f"{low:,} to {high:,}"
    if name in CHOICES:
        return ", ".join(f"`{choice}`" for choice in CHOICES[name])
    return "text" if isinstance(getattr(Settings(), name), str) else "separated by commas"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(settings_page())
