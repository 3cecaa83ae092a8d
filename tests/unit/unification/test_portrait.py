"""The charts of a linkage: what stands in them, and that they hold nobody's data."""

from __future__ import annotations

import re

from klantprofiel.display import Columns
from klantprofiel.unification.portrait import HIGHEST, LOWEST, LinkagePortrait
from klantprofiel.unification.thresholds import ThresholdCurve

PORTRAIT = LinkagePortrait(
    release_id="000001-nightly",
    threshold=-1.5,
    scores=((-2, 4), (0, 3), (12, 2), (HIGHEST, 1)),
    sizes=((1, 90), (2, 9), (6, 1)),
    weights=(("Voornaam", "gelijk", 7.5), ("Voornaam", "anders", -4.25), ("E-mailadres", "gelijk", 16.1)),
    reach=((-2, 5), (20, 95)),
)


def test_pairs_and_records_are_counted_from_the_threshold() -> None:
    assert (PORTRAIT.n_pairs, PORTRAIT.n_unlinkable) == (6, 5)
    assert "Niet te koppelen 5 · Aandeel daarvan 5,0%" in repr(PORTRAIT)


def test_every_threshold_counts_the_pairs_at_or_above_it() -> None:
    chart = PORTRAIT.charts[0]
    assert isinstance(chart, Columns)
    above = {column.label: column.value for column in chart.columns}
    assert len(above) == HIGHEST - LOWEST + 1
    assert [above[f"{bits} bits"] for bits in (-2, -1, 0, 1, 12, 13, 30)] == [10, 6, 6, 3, 3, 1, 1]


def test_weights_stand_on_one_scale_and_say_what_speaks_against() -> None:
    page = PORTRAIT.page()
    assert "-4,3" in page
    assert "16,1" in page
    assert "6 of meer" in page
    assert "<script" not in page
    headings = set(re.findall("<h2[^>]*>([^<]*)<", page))
    assert headings
    assert not headings & {chart.title for chart in PORTRAIT.charts}  # or all would be said twice


def test_a_notebook_shows_the_page_in_a_frame() -> None:
    assert PORTRAIT._repr_html_().startswith('<iframe srcdoc="&lt;!doctype html&gt;')


def test_a_curve_holds_thresholds_against_the_truth() -> None:
    curve = ThresholdCurve(n_true_pairs=10, points=((0, 12, 9), (5, 8, 8), (30, 0, 0)))
    assert curve.rows() == [(0, 12, 0.75, 0.9, 18 / 22), (5, 8, 1.0, 0.8, 16 / 18), (30, 0, None, 0.0, 0.0)]
    assert [chart.title for chart in curve.charts] == [
        "Precisie per drempel",
        "Vindkans per drempel",
        "F1 per drempel",
    ]
    assert "75,0%" in curve.page()
