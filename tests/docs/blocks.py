"""A Markdown text → its fenced blocks and the commands in them."""

import re
from dataclasses import dataclass

SHELLS = ("sh", "console")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and the line of the document it begins on."""

    language: str
    text: str
    line: int


def find_blocks(document: str) -> list[Block]:
    """Find every fenced block, in order."""
    return [
        Block(match[1], match[2], document.count("\n", 0, match.start()) + 1)
        for match in _FENCE.finditer(document)
    ]


def find_commands(block: Block) -> list[str]:
    r"""Find the commands of a shell block: whole lines in `sh`, lines after `$` in `console`.

    A line that ends in \ goes on in the next; what follows ` #` is a remark.
    """
    text = block.text.replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    if block.language == "console":
        lines = [line.removeprefix("$").strip() for line in lines if line.startswith("$")]
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in lines]
    return [line for line in lines if line]


def find_expected(block: Block) -> list[str]:
    """Find what a Python block says that its `print` calls show: the remark behind each."""
    return re.findall(r"^\s*print\(.*\)\s+# (.+)$", block.text, re.MULTILINE)


def find_pictures(document: str) -> set[str]:
    """Find the pictures that the commands and examples read."""
    code = "\n".join(block.text for block in find_blocks(document))
    return set(re.findall(r"(?<![\w./-])[\w-]+\.(?:png|jpe?g)\b", code))
