"""One summary dict per result, shown as text, HTML or JSON, with numbers as the Dutch write them.

result.summary()  -> {"title", "facts", "tables", "notes"}     computed once, by the room of the result
    to_text       plain text of a fixed width; show() adds colour on a terminal
    to_html       a self-contained piece of HTML, everything escaped
    to_json       for machines: shares as numbers, money as exact text, unknown as null
    to_page       one HTML document of summaries and charts that stands on its own; `framed` for a notebook
working(label)    how far long work is, on a terminal
"""

from __future__ import annotations

from klantprofiel.display.charts import (
    Bar,
    Bars,
    Box,
    Boxes,
    Chart,
    Columns,
    Dot,
    Flow,
    Judged,
    Matrix,
    Verdict,
)
from klantprofiel.display.html import to_html
from klantprofiel.display.json import to_json
from klantprofiel.display.numbers import (
    Euro,
    Share,
    dutch,
    dutch_date,
    dutch_euro,
    dutch_number,
    dutch_share,
    dutch_short,
)
from klantprofiel.display.page import Chapter, Section, framed, to_page
from klantprofiel.display.progress import working
from klantprofiel.display.summary import Card, Displayed, Summary, SummaryTable
from klantprofiel.display.text import headline, show, to_text
from klantprofiel.display.words import Muted, Noted

__all__ = [
    "Bar",
    "Bars",
    "Box",
    "Boxes",
    "Card",
    "Chapter",
    "Chart",
    "Columns",
    "Displayed",
    "Dot",
    "Euro",
    "Flow",
    "Judged",
    "Matrix",
    "Muted",
    "Noted",
    "Section",
    "Share",
    "Summary",
    "SummaryTable",
    "Verdict",
    "dutch",
    "dutch_date",
    "dutch_euro",
    "dutch_number",
    "dutch_share",
    "dutch_short",
    "framed",
    "headline",
    "show",
    "to_html",
    "to_json",
    "to_page",
    "to_text",
    "working",
]
