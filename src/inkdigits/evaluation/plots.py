"""Figures of a report in → SVG to put into a page out. Colours come from the page's own style."""

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inkdigits.data.tables import read_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Matplotlib must be given real colours; in the SVG they become the page's, light or dark.
_TEXT, _LINE, _MAIN, _BAD, _MUTED = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {_TEXT: "text", _LINE: "line", _MAIN: "accent", _BAD: "bad", _MUTED: "muted"}
_SETTINGS: Any = read_table("evaluation/plots.toml")
_SQUARE = (3.4, 3.1)  # inches, at 72 px
_LEAST_RISK = 1e-4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its share (0 to 1), the share of another reader or None."""

    name: str
    share: float
    other: float | None = None


def plot_confusion(counts: Sequence[Sequence[int]]) -> str:
    """Draw what was said (columns) of what was shown (rows); mistakes stand out.

    Args:
        counts: (10, 11), the last column for no answer.
    """
    with _style():
        figure, ax = _axes((3.6, 3.3))
        worst = max(max((n for j, n in enumerate(row) if i != j)) for i, row in enumerate(counts))
        for i, row in enumerate(counts):
            for j, n in enumerate(row):
                if n:
                    _cell(ax, (j, i), n, worst)
        ax.set(xlim=(-0.5, 10.5), ylim=(9.5, -0.5), xlabel="said; – no answer", ylabel="shown")
        ax.set_xticks(range(11), [*"0123456789", "–"])
        ax.set_yticks(range(10))
        ax.tick_params(length=0)
        return _to_svg(figure)


def plot_reliability(bins: Mapping[str, Sequence[float]]) -> str:
    """Draw the share of right answers over their confidence; the diagonal is honest.

    Args:
        bins: `count`, `confidence` and `accuracy`, one value a bin.
    """
    with _style():
        figure, ax = _axes(_SQUARE)
        full = [i for i, count in enumerate(bins["count"]) if count]
        most, width = max(bins["count"]), 1 / len(bins["count"])
        ax.plot([0, 1], [0, 1], color=_MUTED, linewidth=1, linestyle=(0, (3, 3)))
        middles, heights = [width * (i + 0.5) for i in full], [bins["accuracy"][i] for i in full]
        ax.bar(middles, heights, width=0.9 * width, color=_MAIN, alpha=0.3)
        ax.scatter(
            [bins["confidence"][i] for i in full],
            heights,
            s=[12 + 60 * math.sqrt(bins["count"][i] / most) for i in full],
            color=_MAIN,
        )
        ax.set(xlim=(0, 1.04), ylim=(0, 1.04), xlabel="confidence", ylabel="right")
        return _to_svg(figure)


def plot_risk(curve: Mapping[str, Any]) -> str:
    """Draw the share of wrong answers over the share of answers taken, the surest first.

    Args:
        curve: `coverage` and `risk`, one value a point, and `accepted`, the share accepted now.
    """
    with _style():
        figure, ax = _axes(_SQUARE)
        coverage, risk = curve["coverage"], [max(r, _LEAST_RISK) for r in curve["risk"]]
        ax.plot([0, *coverage], [risk[0], *risk], color=_MAIN, linewidth=1.6)
        ax.axvline(curve["accepted"], color=_MUTED, linewidth=1, linestyle=(0, (3, 3)))
        ax.set_yscale("log")
        ax.set_yticks([1e-4, 1e-3, 1e-2, 1e-1, 1], ["0", "0.1%", "1%", "10%", "100%"])
        ax.minorticks_off()
        ax.set(xlim=(0, 1.01), ylim=(_LEAST_RISK / 1.3, 1.2), xlabel="share taken", ylabel="wrong")
        return _to_svg(figure)


def plot_bars(bars: Sequence[Bar]) -> str:
    """Draw shares under each other, the worst first; another reader's as a tick."""
    ordered = sorted(bars, key=lambda bar: bar.share, reverse=True)
    with _style():
        figure, ax = _axes((6.4, 0.5 + 0.24 * len(ordered)))
        places = range(len(ordered))
        ax.barh(places, [bar.share for bar in ordered], color=_MAIN, height=0.62, alpha=0.75)
        others = [(bar.other, place) for place, bar in enumerate(ordered) if bar.other is not None]
        for share, place in others:
            ax.plot([share], [place], color=_TEXT, marker="|", markersize=11, markeredgewidth=2)
        for place, bar in enumerate(ordered):
            ax.text(1.01, place, f"{100 * bar.share:.1f}%", va="center", color=_TEXT)
        ax.set_yticks(places, [bar.name for bar in ordered])
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
        ax.set(xlim=(0, 1), ylim=(-0.6, len(ordered) - 0.4))
        ax.tick_params(axis="y", length=0, labelcolor=_TEXT)
        return _to_svg(figure)


@contextmanager
def _style() -> Iterator[None]:
    import matplotlib as mpl  # noqa: PLC0415  # half a second

    with mpl.rc_context(_SETTINGS):
        yield


def _axes(size: tuple[float, float]) -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure  # noqa: PLC0415  # half a second

    figure = Figure(figsize=size)
    return figure, figure.add_subplot()


def _cell(ax: "Axes", place: tuple[int, int], count: int, worst: int) -> None:
    """Draw one cell of a confusion matrix: right ones pale, wrong ones the stronger the more."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415  # half a second

    right = place[0] == place[1]
    strength = 0.14 if right else 0.25 + 0.5 * count / max(worst, 1)
    corner = (place[0] - 0.5, place[1] - 0.5)
    colour = _MAIN if right else _BAD
    ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, alpha=strength, linewidth=0))
    shown = f"{count}" if count < 10_000 else f"{count / 1000:.0f}k"
    ax.text(*place, shown, ha="center", va="center", color=_TEXT, fontsize=7.5)


def _to_svg(figure: "Figure") -> str:
    stream = io.StringIO()
    nobody = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(
        stream,
        format="svg",
        transparent=True,
        bbox_inches="tight",
        pad_inches=0.04,
        metadata=nobody,
    )
    svg = stream.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    for colour, name in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{name})")
    return svg
