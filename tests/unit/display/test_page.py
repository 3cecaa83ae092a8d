from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.display import (
    Bar,
    Bars,
    Chapter,
    Columns,
    Dot,
    Judged,
    Matrix,
    Share,
    Verdict,
    to_page,
)
from tests.unit.display.html import check

if TYPE_CHECKING:
    from klantprofiel.display import Section, Summary

HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=y>&amp;<!--"


def summary(text: str) -> Summary:
    return {
        "title": text,
        "facts": {text: text, "Klanten": 1234},
        "tables": [
            {
                "title": text,
                "columns": ["Segment", text, "Oordeel"],
                "rows": [["S1", text, Judged(text, Verdict.BAD)], ["S2", None, Judged(text, Verdict.GOOD)]],
            }
        ],
        "notes": [text],
    }


def sections(text: str) -> list[Section]:
    two_bars = (Bar(text, 2, (1, 3), shown=text), Bar("b", None))
    bars = Bars(text, two_bars, things=text, measure=text, about=text)
    two_columns = (Bar(text, 2, (1, 3)), Bar("b", None, shown=text))
    columns = Columns(text, two_columns, things=text, measure=text, about=text)
    dots = (Dot(text, 20, 30, (10, 30), (20, 40), size=5, shown=text), Dot(text, None, 3))
    matrix = Matrix(text, dots, x=text, y=text, size=text, about=text)
    return [
        Chapter(text, (summary(text), bars, (columns, columns), matrix), lead=text),
        summary(text),
        bars,
    ]


def test_a_page_is_whole_and_stands_on_its_own() -> None:
    html = to_page("Rapport", sections("Klanten"), subtitle="Een zin.")
    page = check(html)
    assert page.values("lang") == ["nl"]
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("nav") == 1
    assert not re.search(r"https?:|//|url\(|@import|@font-face|javascript", html)
    (policy,) = [value for value in page.values("content") if value.startswith("default-src")]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=30))
def test_no_text_changes_what_the_page_is_made_of(text: str) -> None:
    page = check(to_page(text, sections(text), subtitle=text))
    assert page.tags == check(to_page("Woord", sections("Woord"), subtitle="Woord")).tags


def test_hostile_text_is_shown_as_it_is_written() -> None:
    html = to_page(HOSTILE, sections(HOSTILE), subtitle=HOSTILE)
    page = check(html)
    assert "<script" not in html
    assert "<img" not in html
    assert page.text.count(HOSTILE) >= 20


def test_characters_that_html_cannot_hold_are_replaced_and_the_page_can_be_written() -> None:
    html = to_page("Rapport", [summary("a\x00b\ud800c\x1b[31m")])
    assert html.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)
    assert "a\ufffdb\ufffdc\ufffd[31m" in check(html).text


def test_the_contents_lead_to_every_chapter_also_when_names_are_equal() -> None:
    page = check(to_page("Rapport", [Chapter("Éen & twee", ()), Chapter("Een, twee", ()), Chapter("!", ())]))
    assert page.values("href") == ["#inhoud", "#een-twee", "#een-twee-2", "#deel"]


def test_a_page_without_contents_or_with_one_chapter_has_no_list_of_them() -> None:
    assert "nav" not in check(to_page("Rapport", sections("Klanten"), contents=False)).tags
    assert "nav" not in check(to_page("Rapport", [Chapter("Een", ())])).tags


def test_a_table_has_a_caption_and_says_what_its_headings_head() -> None:
    page = check(to_page("Rapport", [summary("Klanten")]))
    assert page.tags.count("caption") == page.tags.count("table") == 1
    assert page.tags.count("th") == page.values("scope").count("col") + page.values("scope").count("row")
    assert page.values("scope").count("row") == 2


def test_a_verdict_is_told_by_a_sign_and_not_by_colour_alone() -> None:
    page = check(to_page("Rapport", [summary("Klanten")]))
    assert page.values("class").count("judged bad") == 1
    assert [text for tag, text in page.text_by_tag if tag == "span" and text in "✓✗"] == ["✗", "✓"]


def test_numbers_are_written_as_the_dutch_do_and_unknown_is_no_zero() -> None:
    text = check(
        to_page("Rapport", [Bars("x", (Bar("a", Share(0.5)), Bar("b", None)), things="Wat", measure="Deel")])
    ).text
    assert "50,0%" in text
    assert "onbekend" in text


def test_a_summary_without_title_gets_no_heading_and_no_charts_no_place() -> None:
    page = check(to_page("Rapport", [Chapter("Een", ({**summary("a"), "title": ""}, ()))]))
    assert "h3" not in page.tags


def test_the_same_sections_give_the_same_bytes() -> None:
    assert to_page("Rapport", sections("Klanten")) == to_page("Rapport", sections("Klanten"))


def colours() -> list[dict[str, str]]:
    css = resources.files("klantprofiel.display").joinpath("page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]+)\}", css)
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in blocks]
    assert len(found) == 2
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_everything_can_be_read_by_who_sees_little_contrast(scheme: int) -> None:
    found = colours()[scheme]
    for ground in ("paper", "card"):
        for ink in ("ink", "soft", "accent", "good", "doubt", "bad"):
            assert contrast(found[ink], found[ground]) >= 4.5, (ink, ground)
    assert contrast(found["fill"], found["card"]) >= 3
    assert contrast(found["ink"], found["fill"]) >= 3  # an interval over its bar
