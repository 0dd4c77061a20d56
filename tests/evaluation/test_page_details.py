from base64 import b64encode
from dataclasses import replace

import numpy as np
import pytest

from inkdigits.evaluation.gallery import Gallery, Mistake
from inkdigits.evaluation.page import environment
from inkdigits.image.thumbnail import thumbnail

SMALL, LARGE = (thumbnail(np.zeros((side, 20), np.uint8)) for side in (28, 60))
SURE = Mistake(
    "a<b>.png", 4, 9, "", 0.87, 0.01, ((9, 0.87), (4, 0.1296), (1, 0.0004)),
    (("upload", LARGE), ("sample", SMALL)),
)  # fmt: skip
FOUND = {
    "figures": {"count": 200.0},
    "errors": {"blank-image": 2},
    "worst_variants": [{"variant": "#fff on #eee", "same_answer": 0.5, "count": 8}],
}


def details(*mistakes: Mistake, more: int = 0) -> str:
    return str(
        environment()
        .get_template("parts.html")
        .module.suite_details("wild/paint", FOUND, Gallery(mistakes, more))
    )


def test_a_mistake_is_shown_with_what_was_said() -> None:
    html = details(SURE)
    assert "1 mistake of 200" in html
    assert "shown 4, said 9" in html
    assert (
        '<span class="bad">accepted</span>: 9&nbsp;(87.0%), 4&nbsp;(13.0%); no digit 1.0%' in html
    )
    assert "a&lt;b&gt;.png" in html
    assert "<b>.png" not in html
    assert (
        f'alt="upload" title="upload" src="data:image/png;base64,{b64encode(LARGE).decode()}"'
        in html
    )
    assert html.count('class="tiny"') == 1


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (replace(SURE, reason="unsure"), '<span class="quiet">unsure</span>'),
        (replace(SURE, reason="not_a_digit", not_a_digit=0.985), "said not a digit</b> (98.5%)"),
        (replace(SURE, best=-1, reason="blank-image"), "shown 4, said nothing drawn</b>"),
        (replace(SURE, best=-1, reason="broken-image"), "said broken-image</b>"),
        (replace(SURE, label=10), "shown no digit, said 9"),
        (replace(SURE, other="4, unsure"), "The other model: 4, unsure."),
    ],
)
def test_each_answer_has_its_words(mistake: Mistake, told: str) -> None:
    assert told in details(mistake)


def test_what_is_not_shown_is_counted() -> None:
    assert "1,201 mistakes of 200" in details(SURE, more=1200)
    assert "And 1,200 more" in details(SURE, more=1200)
    assert "No mistakes" in details()


def test_variants_and_errors_are_listed() -> None:
    html = details()
    assert "#fff on #eee" in html
    assert "2 × nothing drawn" in html
    assert "<svg" not in html
