from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.display import (
    Displayed,
    Euro,
    Muted,
    Noted,
    Share,
    Summary,
    dutch,
    dutch_number,
    headline,
    show,
    to_html,
    to_json,
    to_page,
    to_text,
)
from tests.unit.display.html import Page

SUMMARY: Summary = {
    "title": "Segmentatie <gedrag>",
    "facts": {"Klanten": 20_000, "Omzet": Euro("1234567.5"), "Aandeel": Share(0.125), "Stabiliteit": None},
    "tables": [
        {
            "title": "Segmenten",
            "columns": ["Segment", "Label", "Klanten"],
            "rows": [["S1", "[bold]Trouw[/bold]", 12_000], ["S2", "<script>alert(1)</script>", None]],
        }
    ],
    "notes": ["Er zijn 3 klanten niet ingedeeld."],
}


class Result(Displayed):
    def summary(self) -> Summary:
        return SUMMARY


def test_a_result_is_two_lines_in_a_terminal_and_everything_in_print() -> None:
    assert repr(Result()) == (
        "Segmentatie <gedrag>\n  Klanten 20.000 · Omzet € 1.234.567,50 · Aandeel 12,5% · Stabiliteit onbekend"
    )
    assert str(Result()) == to_text(SUMMARY)


def test_text_is_plain_and_of_one_width_whatever_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = to_text(SUMMARY)
    for name, value in {"COLUMNS": "20", "FORCE_COLOR": "1", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert to_text(SUMMARY) == before
    assert "\x1b" not in before
    assert max(map(len, before.splitlines())) <= 100


def test_text_shows_brackets_as_they_are_and_numbers_to_the_right() -> None:
    lines = to_text(SUMMARY).splitlines()
    assert any("[bold]Trouw[/bold]" in line and line.endswith("12.000") for line in lines)
    assert any(line.endswith("onbekend") and "S2" in line for line in lines)


def test_a_wide_table_is_folded_and_loses_nothing() -> None:
    wide: Summary = {
        **SUMMARY,
        "tables": [{"title": "Breed", "columns": ["A", "B"], "rows": [["x" * 90, "y" * 90]]}],
    }
    text = to_text(wide)
    assert text.count("x") == 90
    assert text.count("y") == 90
    assert max(map(len, text.splitlines())) <= 100


def test_colour_is_for_terminals_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    pipe, terminal = io.StringIO(), Terminal()
    show(SUMMARY, pipe)
    show(SUMMARY, terminal)
    assert pipe.getvalue() == to_text(SUMMARY) + "\n"
    assert "\x1b[1m" in terminal.getvalue()


def test_html_is_escaped_and_fetches_nothing() -> None:
    html = to_html(SUMMARY)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "Segmentatie &lt;gedrag&gt;" in html
    assert "http" not in html
    assert '<td class="n">12.000</td>' in html
    assert html == Result()._repr_html_()


def test_json_keeps_money_exact_and_says_null_for_unknown() -> None:
    summary: Summary = {
        **SUMMARY,
        "facts": {
            "Omzet": Euro("0.10"),
            "Aandeel": Share(0.125),
            "Peildatum": date(2026, 10, 1),
            "Gemiddelde": np.float64("nan"),
            "Aantal": np.int64(3),
        },
    }
    facts = json.loads(to_json(summary))["facts"]
    expected = {"Omzet": "0.10", "Aandeel": 0.125, "Peildatum": "2026-10-01", "Gemiddelde": None, "Aantal": 3}
    assert facts == expected


@pytest.mark.parametrize("row", [["a"], ["a", "b", "c"]])
def test_a_row_of_another_length_is_not_shown_shifted(row: list[str]) -> None:
    table: Summary = {**SUMMARY, "tables": [{"title": "", "columns": ["A", "B"], "rows": [row]}]}
    with pytest.raises((ValueError, IndexError)):
        to_html(table)
    with pytest.raises((ValueError, IndexError)):
        to_text(table)


CARDS: Summary = {
    "title": "Klant K-000001",
    "facts": {"Bronnen": 2},
    "cards": [
        {
            "title": "Ervaring",
            "facts": [("Cijfer", Noted("4,5", "van 1 tot 5")), ("Klachten", Muted("nooit <b>"))],
        }
    ],
    "tables": [{"title": "Herkomst", "columns": ["Bron"], "rows": [["crm"], [Muted("geen")]]}],
    "notes": [],
}


def test_a_card_stands_in_text_between_facts_and_tables_and_what_is_absent_in_parentheses() -> None:
    text = to_text(CARDS)
    assert text.index("Bronnen") < text.index("Ervaring") < text.index("Herkomst")
    assert "  Cijfer    4,5 (van 1 tot 5)" in text.splitlines()
    assert "  Klachten  (nooit <b>)" in text.splitlines()


def test_a_card_is_soft_in_html_where_something_is_absent_and_the_tables_are_folded() -> None:
    html = to_html(CARDS)
    assert '<dt class="muted">Klachten</dt><dd class="muted">nooit &lt;b&gt;</dd>' in html
    assert "<dd>4,5 <small>(van 1 tot 5)</small></dd>" in html
    assert '<td class="muted">geen</td>' in html
    assert html.count("<details>") == html.count("</details>") == 1
    assert "<details>" not in to_html({**CARDS, "cards": []})


def test_a_page_shows_cards_too() -> None:
    page = Page(to_page("Klant", [CARDS]))
    assert ("h4", "Ervaring") in page.text_by_tag
    assert ("dd", "nooit <b>") in page.text_by_tag


def test_what_is_absent_is_null_for_machines_and_a_noted_value_is_its_text() -> None:
    (card,) = json.loads(to_json(CARDS))["cards"]
    assert card["facts"] == [["Cijfer", "4,5 (van 1 tot 5)"], ["Klachten", None]]


def test_a_summary_without_tables_and_facts_is_its_title() -> None:
    assert headline({"title": "Leeg", "facts": {}, "tables": [], "notes": []}) == "Leeg"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-1234567, "-1.234.567"),
        (1.005, "1,01"),  # the decimal that was written, not its binary neighbour
        (float("inf"), "oneindig"),
        (Decimal("NaN"), "onbekend"),
        (Decimal("1E+3"), "1.000"),
        (np.float32(0.5), "0,50"),
        ((1, "a", None), "1, a, onbekend"),
        (False, "nee"),
        (np.bool_(True), "ja"),  # noqa: FBT003
    ],
)
def test_values_are_written_the_dutch_way(value: object, text: str) -> None:
    assert dutch(value) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_written_number_can_be_read_back(value: Decimal) -> None:
    written = dutch_number(value, decimals=2)
    assert Decimal(written.replace(".", "").replace(",", ".")) == value
