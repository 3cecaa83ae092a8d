"""A summary as a self-contained piece of HTML: inline CSS, no script, nothing fetched, everything escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from klantprofiel.display.numbers import dutch
from klantprofiel.display.text import is_numeric

if TYPE_CHECKING:
    from jinja2 import Template

    from klantprofiel.display.summary import Summary


def to_html(summary: Summary) -> str:
    """Return the summary as one `<section>` with its own style, for a notebook or a page.

    >>> html = to_html({"title": "A & B", "facts": {"Klanten": 1234}, "tables": [], "notes": []})
    >>> "A &amp; B" in html, "1.234" in html, "<script" in html
    (True, True, False)
    """
    facts = [(label, dutch(value)) for label, value in summary["facts"].items()]
    tables = []
    for table in summary["tables"]:
        rows = [list(row) for row in table["rows"]]
        numeric = [is_numeric([row[number] for row in rows]) for number in range(len(table["columns"]))]
        columns = list(zip(table["columns"], numeric, strict=True))
        cells = [list(zip(map(dutch, row), numeric, strict=True)) for row in rows]
        tables.append({"title": table["title"], "columns": columns, "rows": cells})
    return _template().render(title=summary["title"], facts=facts, tables=tables, notes=summary["notes"])


@cache
def _template() -> Template:
    from importlib import resources  # noqa: PLC0415  import costs 20 ms

    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  import costs 60 ms, and only HTML needs it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files("klantprofiel.display").joinpath("summary.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
