"""The page of one judgement, in Dutch: per table what was judged, what was asked and found, and why."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Chapter, Judged, Verdict, dutch_date, to_page
from klantprofiel.validation.gate.findings import State
from klantprofiel.validation.gate.words import DUTCH, about_of, asked_of, found_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.ingestion import Batch
    from klantprofiel.validation.gate.findings import Finding

WORDS: Final = {  # in the order in which they are shown
    State.BROKEN: ("geweigerd", Verdict.BAD),
    State.ACCEPTED: ("geaccepteerd", Verdict.DOUBT),
    State.WARNED: ("waarschuwing", Verdict.DOUBT),
    State.KEPT: ("voldoet", Verdict.GOOD),
    State.NOT_JUDGED: ("nog geen geschiedenis", Verdict.NONE),
}
ORDER: Final = list(WORDS)
COLUMNS: Final = ("Oordeel", "Over", "Rijen", "Gevraagd", "Gevonden", "Omdat")


def page_of(findings: Sequence[Finding], *, run_id: str, as_of: date, set_aside: Sequence[Batch] = ()) -> str:
    """Return one HTML document that stands on its own: what stopped publication first, then per table."""
    broken = [finding for finding in findings if finding.state is State.BROKEN]
    parts: list[Summary | Chapter] = [_overview(findings, run_id, as_of, set_aside)]
    for table, group in groupby(findings, key=lambda finding: finding.suite.table):
        parts.append(_section(table, list(group)))
    verdict = "niet gepubliceerd" if broken else "gepubliceerd"
    return to_page("Oordeel over de nacht", parts, subtitle=f"Run {run_id}, {verdict}")


def _overview(findings: Sequence[Finding], run_id: str, as_of: date, set_aside: Sequence[Batch]) -> Summary:
    counts = {state: sum(finding.state is state for finding in findings) for state in ORDER}
    broken = [finding for finding in findings if finding.state is State.BROKEN]
    verdict = Judged("geweigerd", Verdict.BAD) if broken else Judged("goedgekeurd", Verdict.GOOD)
    rows = [(finding.suite.table, *_row(finding)[1:]) for finding in broken]
    tables: list[SummaryTable] = []
    if rows:
        tables.append({"title": "Waarom geweigerd", "columns": ("Tabel", *COLUMNS[1:]), "rows": rows})
    if set_aside:
        aside = [(batch.table_name, batch.file_name, batch.delivered_on) for batch in set_aside]
        tables.append({"title": "Apart gezet", "columns": ("Tabel", "Bestand", "Levering"), "rows": aside})
    way_on = (
        "De vorige release blijft van kracht. Laat de levering herstellen en opnieuw aanleveren. Is dit "
        f"juist? Leg dat dan vast: klantprofiel accept {run_id} --by NAAM --because REDEN, en lever "
        "hetzelfde bestand opnieuw aan. Wat apart gezet is, telt pas mee als het opnieuw is aangeleverd, "
        "en wordt dan op zijn eigen dag beoordeeld."
    )
    return {
        "title": "Samenvatting",
        "facts": {
            "Oordeel": verdict,
            "Peildatum": as_of,
            "Verwachtingen": len(findings),
            "Voldoet": counts[State.KEPT],
            "Geweigerd": counts[State.BROKEN],
            "Geaccepteerd": counts[State.ACCEPTED],
            "Waarschuwing": counts[State.WARNED],
            "Nog geen geschiedenis": counts[State.NOT_JUDGED],
        },
        "tables": tables,
        "notes": [way_on] if broken else [],
    }


def _section(table: str, findings: Sequence[Finding]) -> Summary:
    """Return what was judged of one table, the worst first; expectations without history stand apart."""
    judged = [finding for finding in findings if finding.state is not State.NOT_JUDGED]
    waiting = [finding for finding in findings if finding.state is State.NOT_JUDGED]
    judged.sort(key=lambda finding: ORDER.index(finding.state))
    rows = [_row(finding) for finding in judged]
    tables: list[SummaryTable] = [{"title": "Beoordeeld", "columns": COLUMNS, "rows": rows}] if rows else []
    if waiting:
        tables.append(_waiting(waiting))
    return {"title": table, "facts": {}, "tables": tables, "notes": []}


def _waiting(findings: Sequence[Finding]) -> SummaryTable:
    """Return what has no history yet: per thing that it is about, of which columns."""
    subjects: dict[str, list[str]] = {}
    for finding in findings:
        subjects.setdefault(about_of(finding), []).append(finding.declared.subject)
    rows = [
        (about, len(names), ", ".join(dict.fromkeys(filter(None, names))))
        for about, names in subjects.items()
    ]
    return {
        "title": "Nog geen geschiedenis",
        "columns": ("Over", "Verwachtingen", "Kolommen"),
        "rows": rows,
    }


def _row(finding: Finding) -> tuple[object, ...]:
    word, verdict = WORDS[finding.state]
    because = str(finding.declared.meta.get("because", ""))
    if finding.accepted and finding.state is State.ACCEPTED:
        because = f"geaccepteerd door {finding.accepted.accepted_by} omdat {finding.accepted.because}"
    return (
        Judged(word, verdict),
        title_of(finding),
        _rows_of(finding),
        asked_of(finding, DUTCH),
        found_of(finding, DUTCH),
        because,
    )


def _rows_of(finding: Finding) -> str:
    """Return in Dutch which rows were judged, and for the delivery of which day."""
    day = f"levering van {dutch_date(finding.day)}" if finding.day else ""
    if finding.declared.rows == "latest":
        return day or "laatste levering"
    return f"hele tabel, om de {day}" if day else "hele tabel"
