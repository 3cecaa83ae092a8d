"""A whole page: one HTML document that stands on its own, on a screen, a telephone and paper.

It holds no script and asks nothing of a network, and says so in its own content policy. Everything in it
is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from klantprofiel.display.charts import Bars, Boxes, Chart, Columns, Flow, Judged, Matrix
from klantprofiel.display.drawing import SIGNS, drawn
from klantprofiel.display.numbers import dutch
from klantprofiel.display.summary import Summary
from klantprofiel.display.text import is_numeric
from klantprofiel.display.words import Muted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Environment

    from klantprofiel.display.summary import SummaryTable

Part: TypeAlias = Summary | Chart | tuple[Chart, ...]
LONGEST_FIGURE: Final = 16  # characters of a fact that stands in large type
_CHARTS: Final = (Bars, Columns, Matrix, Boxes, Flow)
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)  # HTML cannot hold these


@dataclass(frozen=True)
class Chapter:
    """Parts of a page under one heading; `lead` is a sentence or two above them.

    A tuple of charts is drawn side by side where there is room. A summary without title gets no heading.

    >>> Chapter("Kwaliteit", (), lead="Er is nog niets geleverd.").title
    'Kwaliteit'
    """

    title: str
    parts: tuple[Part, ...]
    lead: str = ""


Section: TypeAlias = Summary | Chart | Chapter


def to_page(title: str, sections: Sequence[Section], *, subtitle: str = "", contents: bool = True) -> str:
    """Return one self-contained HTML document, in Dutch, with a table of contents unless told otherwise.

    Each section gets a heading: a `Chapter` with its parts below it, or a summary or chart by itself. The
    same sections give the same bytes.

    >>> facts = {"Klanten": 1234}
    >>> page = to_page("A & B", [{"title": "Geteld", "facts": facts, "tables": [], "notes": []}])
    >>> "<title>A &amp; B</title>" in page, "1.234" in page, "<script" in page
    (True, True, False)
    """
    named = _Names()
    chapters = [_chapter(section, named) for section in sections]
    page = _environment().get_template("page.html.j2")
    html = page.render(
        title=title,
        subtitle=subtitle,
        chapters=chapters,
        contents=contents and len(chapters) > 1,
        style=_source("page.css"),
    )
    return _UNSEEN.sub("\ufffd", html) + "\n"


def framed(page: str) -> str:
    """Return a page as a piece of HTML for a notebook, where it keeps its own style.

    >>> framed("<p>").startswith('<iframe srcdoc="&lt;p&gt;"')
    True
    """
    return f'<iframe srcdoc="{escape(page)}" width="100%" height="900" style="border:0"></iframe>'


class _Names:
    """Names of places in one page: readable, and each given once."""

    def __init__(self) -> None:
        self._given: set[str] = {"inhoud"}

    def __call__(self, title: str) -> str:
        ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        base = "-".join(re.findall("[a-z0-9]+", ascii_title))[:60].strip("-") or "deel"
        name, number = base, 1
        while name in self._given:
            number += 1
            name = f"{base}-{number}"
        self._given.add(name)
        return name


def _chapter(section: Section, named: _Names) -> dict[str, Any]:
    if isinstance(section, Chapter):
        place = named(section.title)
        parts = [_part(part, named) for part in section.parts if part != ()]
        return {"id": place, "title": section.title, "lead": section.lead, "parts": parts}
    if isinstance(section, _CHARTS):
        return {
            "id": named(section.title),
            "title": section.title,
            "lead": "",
            "parts": [_part(section, named)],
        }
    part = _part({**section, "title": ""}, named)
    return {"id": named(section["title"]), "title": section["title"], "lead": "", "parts": [part]}


def _part(part: Part, named: _Names) -> dict[str, Any]:
    """Return a part as the template takes it: charts side by side, or a summary."""
    if isinstance(part, _CHARTS):
        part = (part,)
    if isinstance(part, tuple):
        return {"charts": [{"id": named(chart.title), **drawn(chart)} for chart in part]}
    return {
        "charts": [],
        "id": named(part["title"]),
        "title": part["title"],
        "facts": [(label, value, _is_figure(value)) for label, value in part["facts"].items()],
        "cards": part.get("cards", ()),
        "tables": [_table(table) for table in part["tables"]],
        "notes": part["notes"],
    }


def _is_figure(value: object) -> bool:
    """Whether a fact is short enough to stand in large type."""
    return len(dutch(value)) <= LONGEST_FIGURE


def _table(table: SummaryTable) -> dict[str, Any]:
    rows = [list(row) for row in table["rows"]]
    numeric = [is_numeric([row[number] for row in rows]) for number in range(len(table["columns"]))]
    return {
        "title": table["title"],
        "columns": list(zip(table["columns"], numeric, strict=True)),
        "rows": [[(v, _kind(v, is_n)) for v, is_n in zip(row, numeric, strict=True)] for row in rows],
        "has_row_headings": bool(numeric) and not numeric[0],
    }


def _kind(value: object, is_numeric_column: bool) -> str:  # noqa: FBT001  a fact, not a flag
    """Return the class of a cell: numbers stand to the right, and a date is kept on one line."""
    if isinstance(value, Muted):
        return "muted"
    return "n" if is_numeric_column else "day" if isinstance(value, date) else ""


def _verdict(value: object) -> str:
    return value.verdict.value if isinstance(value, Judged) else ""


def _sign(value: Judged) -> str:
    return SIGNS[value.verdict]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415  import costs 60 ms

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )
    filters: dict[str, Callable[..., str]] = {"dutch": dutch, "verdict": _verdict, "sign": _sign}
    environment.filters.update(filters)
    environment.tests["muted"] = lambda value: isinstance(value, Muted)
    return environment


@cache
def _source(name: str) -> str:
    from importlib import resources  # noqa: PLC0415  import costs 20 ms

    return resources.files("klantprofiel.display").joinpath(name).read_text(encoding="utf-8")
