"""How good what was delivered is: loaded or in quarantine and why, and what the gate found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import Bar, Bars, Chapter, Share, SummaryTable
from klantprofiel.reading.overview import order_lines
from klantprofiel.reading.report.verdicts import NOT_PLAIN, find_verdicts, told
from klantprofiel.validation.gate.findings import State
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import Summary
    from klantprofiel.display.page import Part
    from klantprofiel.reading.release import Release
    from klantprofiel.reading.report.verdicts import Verdicts

MOST_REASONS: Final = 40  # rows of the table of reasons; the release has them all
QUARANTINE: Final = (
    "Een record in quarantaine telt nergens in mee en wordt bewaard zoals het is geleverd. Een record dat "
    "twee regels breekt, telt onder beide."
)
ORDERS: Final = (
    "Een bestelling van voor de geboorte van de klant telt in geen cijfer mee, tot een verbeterde "
    "geboortedatum komt. Zulke regels staan met bestand en regelnummer in identity.orders_before_birth."
)
NO_GATE: Final = "Bij deze release staat geen oordeel van de keuring als geheel (Great Expectations)."
GATE: Final = (
    "De keuring kijkt naar hele tabellen, na de regels per record. Wat niet in orde is, wordt niet "
    "gepubliceerd."
)
WHERE: Final = "Elke verwachting met wat werd gevonden staat naast de release: {run_id}.expectations.html."


def quality(release: Release) -> Chapter:
    """Return what became of the records, with the reasons of quarantine and the verdict of the gate."""
    if not release.has("batch_accounts"):
        return Chapter("Kwaliteit", (), lead="In deze release is nog niets gecontroleerd.")
    return Chapter("Kwaliteit", (*_quarantine(release), _gate(find_verdicts(release))))


def _quarantine(release: Release) -> Iterator[Part]:
    rows = release.rows(load_sql("klantprofiel.reading", "deliveries").sql())
    n_records, n_loaded, n_quarantined = (sum(int(row[place]) for row in rows) for place in (2, 3, 4))
    yield {
        "title": "Records, een voor een gecontroleerd",
        "facts": {
            "Records": n_records,
            "Geladen": n_loaded,
            "In quarantaine": n_quarantined,
            "Aandeel in quarantaine": _share(n_quarantined, n_records),
        },
        "tables": [],
        "notes": [],
    }
    yield Bars(
        "Aandeel in quarantaine per tabel",
        tuple(Bar(table, _share(quarantined, n)) for table, _, n, _, quarantined in rows),
        things="Tabel",
        measure="Aandeel van de records",
    )
    yield {"title": "Waarom", "facts": {}, "tables": [*_reasons(release)], "notes": [QUARANTINE]}
    lines = order_lines(release.stored)
    if lines["rows"]:
        yield {"title": "Bestellingen", "facts": {}, "tables": [lines], "notes": [ORDERS]}


def _share(n: int, total: int) -> Share | None:
    return Share(int(n) / int(total)) if total else None


def _reasons(release: Release) -> Iterator[SummaryTable]:
    rows = release.rows(load_sql("klantprofiel.reading", "deliveries").sql())
    yield {
        "title": "Wat er van de records is geworden",
        "columns": ("Tabel", "Bestanden", "Records", "Geladen", "In quarantaine"),
        "rows": rows,
    }
    if not release.has("quarantine_counts"):
        return
    reasons = release.rows(load_sql("klantprofiel.reading", "quarantined").sql())
    if reasons:
        left = f" (de {MOST_REASONS} vaakste van {len(reasons)})" if len(reasons) > MOST_REASONS else ""
        yield {
            "title": f"Redenen van quarantaine{left}",
            "columns": ("Tabel", "Reden", "Records"),
            "rows": reasons[:MOST_REASONS],
        }


def _gate(verdicts: Verdicts | None) -> Summary:
    title = "De keuring van het geheel"
    if verdicts is None:
        return {"title": title, "facts": {}, "tables": [], "notes": [NO_GATE]}
    return {
        "title": title,
        "facts": {
            "Oordeel": verdicts.word,
            "Verwachtingen": len(verdicts.expected),
            **{told(state).capitalize(): verdicts.count(state) for state in State},
            "Gekeurd in": verdicts.run_id,
        },
        "tables": [*_gate_tables(verdicts)],
        "notes": [GATE, WHERE.format(run_id=verdicts.run_id)],
    }


def _gate_tables(verdicts: Verdicts) -> Iterator[SummaryTable]:
    yield {
        "title": "Verwachtingen per tabel",
        "columns": ("Tabel", *(told(state).capitalize() for state in State)),
        "rows": [(table, *(n[state] for state in State)) for table, n in verdicts.by_table().items()],
    }
    open_ones = [one for one in verdicts.expected if one.state in NOT_PLAIN]
    if open_ones:
        yield {
            "title": "Waar niet aan is voldaan",
            "columns": ("Tabel", "Gaat over", "Verwachting", "Oordeel"),
            "rows": [(o.table, o.about, o.because, told(o.state)) for o in open_ones],
        }
