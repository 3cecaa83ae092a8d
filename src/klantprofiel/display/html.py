"""A summary as a self-contained piece of HTML: inline CSS, no script, nothing fetched, everything escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from klantprofiel.display.numbers import dutch
from klantprofiel.display.text import is_numeric
from klantprofiel.display.words import Muted, Noted

if TYPE_CHECKING:
    from jinja2 import Template

    from klantprofiel.display.summary import Card, Summary


def to_html(summary: Summary) -> str:
    """Return the summary as one `<section>` with its own style, for a notebook or a page.

    >>> html = to_html({"title": "A & B", "facts": {"Klanten": 1234}, "tables": [], "notes": []})
    >>> "A &amp; B" in html, "1.234" in html, "<script" in html
    (True, True, False)
    """
    facts = [(label, dutch(value)) for label, value in summary["facts"].items()]
    cards = [{"title": card["title"], "facts": _soft(card)} for card in summary.get("cards", ())]
    tables = []
    for table in summary["tables"]:
        rows = [list(row) for row in table["rows"]]
        numeric = [is_numeric([row[number] for row in rows]) for number in range(len(table["columns"]))]
        columns = list(zip(table["columns"], numeric, strict=True))
        cells = [
            [
                (dutch(value), "muted" if isinstance(value, Muted) else "n" if is_n else "")
                for value, is_n in zip(row, numeric, strict=True)
            ]
            for row in rows
        ]
        tables.append({"title": table["title"], "columns": columns, "rows": cells})
    return _template().render(
        title=summary["title"], facts=facts, cards=cards, tables=tables, notes=summary["notes"]
    )


def _soft(card: Card) -> list[tuple[str, str, str, bool]]:
    """Return label, value, what explains the value, and whether all of it is shown softly."""
    return [
        (
            label,
            value.value if isinstance(value, Noted) else dutch(value),
            value.note if isinstance(value, Noted) else "",
            isinstance(value, Muted),
        )
        for label, value in card["facts"]
    ]


@cache
def _template() -> Template:
    from importlib import resources  # noqa: PLC0415  import costs 20 ms

    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  import costs 60 ms, and only HTML needs it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files("klantprofiel.display").joinpath("summary.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
