"""Names of suites and a data folder in → the suites, and why others cannot be had, out."""

from pathlib import Path

from inkdigits.data.labelled import find_labelled
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.errors import DataError, SettingError
from inkdigits.evaluation.suite import TABLE, Entry, Kind, Suite, build
from inkdigits.evaluation.suites_drawn import DRAWN
from inkdigits.evaluation.suites_hand import HAND
from inkdigits.evaluation.suites_mnist import CORRUPTED, MNIST
from inkdigits.evaluation.suites_numbers import NUMBERS
from inkdigits.evaluation.suites_sets import NO_DIGITS_OF_SETS, SETS, WILD, plan_files
from inkdigits.evaluation.suites_void import VOID

_ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        *(*MNIST, *CORRUPTED, *WILD, *SETS, *DRAWN),
        *(*VOID, *NO_DIGITS_OF_SETS, *HAND, *NUMBERS),
    )
}
GROUPS: dict[str, str] = TABLE["groups"]
"""Suites that go by one name and are shown as one table, and what they hold."""


def list_suites() -> dict[str, tuple[str, str]]:
    """Give what there is: by name, what it holds and which files it needs ("" for none).

    A group stands for its suites: "mnist-c" for "mnist-c/fog" and fourteen others.
    """
    listed: dict[str, tuple[str, str]] = {}
    for name, entry in _ENTRIES.items():
        group = entry.group
        if not group:
            listed[name] = entry.about, entry.needs
        elif group not in listed:
            parts = [other for other in _ENTRIES.values() if other.group == group]
            needs = dict.fromkeys(part for other in parts for part in other.needs.split(", "))
            listed[group] = GROUPS[group], ", ".join(need for need in needs if need)
    return listed


def build_suites(
    names: list[str], folder: Path | None, limit: int = 0
) -> tuple[list[Suite], list[str]]:
    """Make the suites that can be had.

    Args:
        names: of suites and groups, of `list_suites` or "wild/paint"; none for all there are.
        folder: the data folder; where None, `INKDIGITS_DATA`.
        limit: at most so many pictures a suite, evenly spread; 0 for all.

    Returns:
        The suites; and for each that is not available a sentence with its name and the reason.

    Raises:
        SettingError: there is no suite of a name.
    """
    suites, missing = [], []
    for name in _expand(names):
        try:
            suites.append(build(_ENTRIES[name], folder, limit))
        except DataError as error:
            missing.append(f"{name}: {error}")
    return suites, missing


def build_images(path: Path, limit: int = 0) -> list[Suite]:
    """Make suites of somebody's own labelled pictures.

    Args:
        path: a folder or a CSV, as `find_labelled` takes it.
        limit: at most so many pictures a suite, evenly spread; 0 for all.

    Returns:
        "images", and "images/not-a-digit" for those that show none; the one that has pictures.

    Raises:
        DataError: a label is missing or not allowed, or there is no picture at all.
    """
    found = find_labelled(path)
    base = path if path.is_dir() else path.parent
    digits = [(file, label) for file, label in found if label != NOT_A_DIGIT]
    others = [(file, label) for file, label in found if label == NOT_A_DIGIT]
    parts = {"images": digits, "images/not-a-digit": others}
    return [
        build(_of_files(name, files, base), None, limit) for name, files in parts.items() if files
    ]


def _of_files(name: str, files: list[tuple[Path, int]], base: Path) -> Entry:
    kind: Kind = "not-a-digit" if name.endswith("not-a-digit") else "digits"
    about = "labelled pictures of one's own" + (", no digits" if kind == "not-a-digit" else "")
    return Entry(name, about, kind, "", lambda _: plan_files(files, base))


def _expand(names: list[str]) -> list[str]:
    """Put the suites of a group in the group's place, each suite once."""
    chosen: dict[str, None] = {}
    for name in names or list(list_suites()):
        parts = [other for other in _ENTRIES if name == other or other.startswith(f"{name}/")]
        if not parts or name not in (*GROUPS, *_ENTRIES):
            known = ", ".join(list_suites())
            raise SettingError("suite", f"there is none of the name {name!r}", f"one of {known}")
        chosen.update(dict.fromkeys(parts))
    return list(chosen)
