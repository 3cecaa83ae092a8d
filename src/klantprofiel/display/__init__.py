"""One summary dict per result, shown as text, HTML or JSON, with numbers as the Dutch write them.

result.summary()  -> {"title", "facts", "tables", "notes"}     computed once, by the room of the result
    to_text       plain text of a fixed width; show() adds colour on a terminal
    to_html       a self-contained piece of HTML, everything escaped
    to_json       for machines: shares as numbers, money as exact text, unknown as null
"""

from __future__ import annotations

from klantprofiel.display.html import to_html
from klantprofiel.display.json import to_json
from klantprofiel.display.numbers import Euro, Share, dutch, dutch_date, dutch_euro, dutch_number, dutch_share
from klantprofiel.display.summary import Displayed, Summary, SummaryTable
from klantprofiel.display.text import headline, show, to_text

__all__ = [
    "Displayed",
    "Euro",
    "Share",
    "Summary",
    "SummaryTable",
    "dutch",
    "dutch_date",
    "dutch_euro",
    "dutch_number",
    "dutch_share",
    "headline",
    "show",
    "to_html",
    "to_json",
    "to_text",
]
