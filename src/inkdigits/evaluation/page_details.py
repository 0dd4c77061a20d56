"""One suite of a report and the gallery of its mistakes in → its part of the page out, as HTML."""

from base64 import b64encode
from html import escape

from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.decision.shown import show_probability
from inkdigits.evaluation.figures import MEANINGS
from inkdigits.evaluation.gallery import Gallery, Mistake, Picture
from inkdigits.evaluation.plots import plot_confusion, plot_reliability, plot_risk
from inkdigits.evaluation.tables import Found, anchor, share, table

_TINY = 40
"""px: a picture no larger is shown with its pixels as squares."""
_LEAST_SHOWN = 0.0005
_REASONS = {
    "": "accepted",
    "unsure": "unsure",
    "not_a_digit": "not a digit",
    "not_as_expected": "not as expected",
    "not_calibrated": "not calibrated",
    "blank-image": "nothing drawn",
}


def suite_details(name: str, found: Found, gallery: Gallery) -> str:
    """Write what can be unfolded of a suite: plots, worst variants, every mistake."""
    shown = len(gallery.mistakes) + gallery.more
    told = f"{shown:,} mistake{'s' * (shown != 1)} of {found['figures']['count']:,.0f}"
    parts = [
        _plots(found), _variants(found), _lengths(found), _errors(found), _gallery(gallery)
    ]  # fmt: skip
    return (
        f"<details><summary>{escape(name)} <small>{told}</small></summary>"
        f'<div id="{anchor(name)}">{"".join(parts)}</div></details>'
    )


def meanings() -> str:
    """Write what every figure means."""
    rows = [
        f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(meaning)}</dd>"
        for name, meaning in MEANINGS.items()
    ]
    return f"<dl>{''.join(rows)}</dl>"


def _plots(found: Found) -> str:
    if "confusion" not in found:
        return ""
    plots = {"What was said of what": plot_confusion(found["confusion"])}
    if "reliability" in found:
        plots["How often answers of a confidence are right"] = plot_reliability(
            found["reliability"]
        )
    risk = plot_risk(found["risk_coverage"])
    plots["What is wrong if only the surest are taken; dashed: taken now"] = risk
    figures = [
        f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"
        for caption, svg in plots.items()
    ]
    return f'<div class="plots">{"".join(figures)}</div>'


def _variants(found: Found) -> str:
    if not found.get("worst_variants"):
        return ""
    rows = [
        f"<tr><td>{escape(row['variant'])}</td><td>{share(row['same_answer'])}</td>"
        f"<td>{row['count']}</td></tr>"
        for row in found["worst_variants"]
    ]
    return f"<h3>Where the answer changes most</h3>{table(('drawn', 'same answer', 'of'), rows)}"


def _lengths(found: Found) -> str:
    if not found.get("lengths"):
        return ""
    rows = []
    for row in found["lengths"]:
        wrong = row.get("error_among_accepted")
        rows.append(
            f"<tr><td>{row['length']}</td><td>{row['count']:,.0f}</td>"
            f"<td>{share(row['accuracy'])}</td><td>{share(row['accepted'])}</td>"
            f"<td>{'–' if wrong is None else share(wrong)}</td><td>{share(row['edits'])}</td></tr>"
        )
    heads = ("digits", "pictures", "all right", "accepted", "wrong among accepted", "edits a digit")
    return f"<h3>By length</h3>{table(heads, rows)}"


def _errors(found: Found) -> str:
    if not found["errors"]:
        return ""
    told = [f"{count:,} × {_reason(code)}" for code, count in found["errors"].items()]
    return f'<p class="quiet">Without an answer: {escape(", ".join(told))}.</p>'


def _gallery(gallery: Gallery) -> str:
    if not gallery.mistakes:
        return '<p class="quiet">No mistakes.</p>'
    figures = "".join(_mistake(mistake) for mistake in gallery.mistakes)
    more = f'<p class="quiet">And {gallery.more:,} more.</p>' if gallery.more else ""
    return f'<h3>Mistakes, the surest first</h3><div class="misses">{figures}</div>{more}'


def _mistake(mistake: Mistake) -> str:
    steps = "<i>→</i>".join(_image(stage) for stage in mistake.stages)
    other = f" The other model: {escape(mistake.other)}." if mistake.other else ""
    return (
        f'<figure class="miss"><div class="steps">{steps}</div><figcaption>'
        f"<b>{_shown(mistake)}, {_said(mistake)}</b> {_how_sure(mistake)}{other}"
        f"<br><small>{escape(mistake.name)}</small></figcaption></figure>"
    )


def _image(stage: Picture) -> str:
    title, png = stage
    # A PNG's header holds its sides at bytes 16 to 24.
    side = max(int.from_bytes(png[16:20]), int.from_bytes(png[20:24]))
    tiny = ' class="tiny"' if side <= _TINY else ""
    data = b64encode(png).decode()
    return f'<img{tiny} alt="{title}" title="{title}" src="data:image/png;base64,{data}">'


def _shown(mistake: Mistake) -> str:
    if mistake.number is not None:
        return f"shown {escape(mistake.number)}"
    return "shown no digit" if mistake.label == NOT_A_DIGIT else f"shown {mistake.label}"


def _said(mistake: Mistake) -> str:
    if mistake.number is not None:
        return f"said {escape(mistake.text) or _reason(mistake.reason)}"
    if mistake.best < 0 or mistake.reason == "not_a_digit":
        return f"said {_reason(mistake.reason)}"
    return f"said {mistake.best}"


def _how_sure(mistake: Mistake) -> str:
    """Say whether it was believed, and which digits it was taken for; then it may be none."""
    if mistake.number is not None:
        colour = "quiet" if mistake.reason else "bad"
        told = f"{_reason(mistake.reason)} ({escape(show_probability(mistake.confidence))})"
        return f'<span class="{colour}">{told}</span>.'
    if mistake.best < 0:
        return ""
    shown = [(digit, p) for digit, p in mistake.alternatives if p >= _LEAST_SHOWN]
    likeliest = ", ".join(f"{digit}&nbsp;({escape(show_probability(p))})" for digit, p in shown)
    odd = escape(show_probability(mistake.not_a_digit))
    if mistake.reason == "not_a_digit":
        return f"({odd}); as a digit {likeliest}."
    colour = "quiet" if mistake.reason else "bad"
    rest = f"; no digit {odd}" if mistake.not_a_digit >= _LEAST_SHOWN else ""
    return f'<span class="{colour}">{_reason(mistake.reason)}</span>: {likeliest}{rest}.'


def _reason(code: str) -> str:
    return escape(_REASONS.get(code, code))
