"""What was delivered: per source over the days, in which form, and which columns nobody declared."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import PurePosixPath
from statistics import median
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Bar, Chapter, Columns, dutch_date, dutch_number
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klantprofiel.display import Summary
    from klantprofiel.display.page import Part
    from klantprofiel.reading.release import Release

MOST_DAYS: Final = 366  # of the newest deliveries in a chart
OUTSIZED: Final = 5  # times the middle of the later days: a first delivery with history hides the others
FORMS: Final = {
    "csv": "CSV",
    "jsonl": "JSON-regels",
    "json": "JSON-regels",
    "xlsx": "Excel",
    "parquet": "Parquet",
}
_NAME: Final = re.compile(r"(?!.*[0-9]{4})[\w .()/-]{1,40}")  # a heading, and not a value in its place


def sources(release: Release) -> Chapter:
    """Return the deliveries of a release, with a chart per source that delivered on more than one day."""
    if not release.has("batches") or not release.rows("select 1 from batches limit 1"):
        return Chapter("Bronnen", (), lead="In deze release zijn nog geen leveringen verwerkt.")
    return Chapter("Bronnen", (_delivered(release), tuple(_over_days(release)), *_kept_aside(release)))


def _delivered(release: Release) -> Summary:
    rows = release.rows(load_sql(__package__, "delivered").sql())
    forms = _forms(release)
    days = release.rows(
        "select count(distinct delivered_on), min(delivered_on), max(delivered_on) from batches"
    )
    ((n_days, first, last),) = days
    return {
        "title": "",
        "facts": {
            "Bronnen": len({source for source, *_ in rows}),
            "Tabellen": len(rows),
            "Bestanden": sum(row[2] for row in rows),
            "Records": sum(row[3] for row in rows),
            "Leveringsdagen": n_days,
            "Eerste levering": first,
            "Laatste levering": last,
        },
        "tables": [
            {
                "title": "Per tabel",
                "columns": ("Tabel", "Bron", "Vorm", "Bestanden", "Records", "Dagen", "Eerste", "Laatste"),
                "rows": [
                    (table, source, forms[table], n_files, n_records, n_days, first, last)
                    for source, table, n_files, n_records, n_days, first, last in rows
                ],
            }
        ],
        "notes": [],
    }


def _forms(release: Release) -> Mapping[str, str]:
    """Return the forms in which each table was delivered, from the names of its files."""
    found = defaultdict(set)
    for table, name in release.rows("select distinct table_name, file_name from batches order by 1, 2"):
        found[table].add(_form(name))
    return {table: ", ".join(sorted(forms)) for table, forms in found.items()}


def _form(file_name: str) -> str:
    """Name the form of a file; what has no known ending came from memory.

    >>> _form("leveringen/2026-09-01/klanten.csv.gz"), _form("frame")
    ('CSV (gz)', 'uit het geheugen')
    """
    endings = [ending.lstrip(".").lower() for ending in PurePosixPath(file_name).suffixes]
    packed = " (gz)" if endings[-1:] == ["gz"] else ""
    plain = endings[: -1 if packed else None]
    return FORMS.get(plain[-1] if plain else "", "uit het geheugen") + packed


def _over_days(release: Release) -> Iterator[Columns]:
    per_source: dict[str, dict[date, int]] = defaultdict(dict)
    for source, day, n_records in release.rows(load_sql(__package__, "delivered_by_day").sql()):
        per_source[source][day] = n_records
    newest = max((day for by_day in per_source.values() for day in by_day), default=None)
    for source, by_day in per_source.items():
        if len(by_day) > 1 and newest:
            yield _days(source, by_day, newest)


def _days(source: str, by_day: dict[date, int], newest: date) -> Columns:
    """Return the records per day of one source up to the newest delivery of all; an empty day stays empty."""
    first, *later = sorted(by_day)
    about = "Een lege dag: niets geleverd."
    start = first
    if by_day[first] > OUTSIZED * median(by_day[day] for day in later):
        start = first + timedelta(days=1)
        n_first = dutch_number(by_day[first])
        about = f"Zonder de eerste levering van {dutch_date(first)}, die {n_first} records had. {about}"
    n_days = (newest - start).days + 1
    days = [start + timedelta(days=number) for number in range(n_days)][-MOST_DAYS:]
    columns = tuple(Bar(dutch_date(day), by_day.get(day), shown=_absent(by_day, day)) for day in days)
    return Columns(f"Records van {source} per dag", columns, things="Dag", measure="Records", about=about)


def _absent(by_day: dict[date, int], day: date) -> str:
    return "" if day in by_day else "geen levering"


def _kept_aside(release: Release) -> Iterator[Part]:
    """Tell which columns were delivered that nobody declared."""
    if "extra_columns" not in release.columns("batches"):
        return
    rows = release.rows(load_sql(__package__, "added_columns").sql())
    if not rows:
        return
    yield {
        "title": "Kolommen die niemand heeft gedeclareerd",
        "facts": {},
        "tables": [
            {
                "title": "Apart gelegd, en in geen enkele uitkomst gebruikt",
                "columns": ("Tabel", "Kolom", "Bestanden"),
                "rows": [(table, _heading(name), n_files) for table, name, n_files in rows],
            }
        ],
        "notes": [],
    }


def _heading(name: str) -> str:
    """Return a heading as delivered, unless it could be somebody's value.

    >>> _heading("klantsegment"), _heading("jan@example.org"), _heading("0612345678")
    ('klantsegment', 'afgeschermd', 'afgeschermd')
    """
    from klantprofiel.purposes import WITHHELD  # noqa: PLC0415  costly, and only a delivery with one needs it

    return name if _NAME.fullmatch(name) else WITHHELD
