"""The overview of a release, in Dutch: from what was delivered to segments, scorecards and consents.

It is for many eyes: groups of customers that are smaller than ten are shown as `<10`, and as
`afgeschermd` together with the next smallest when their size would follow from the total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import Muted, Share, dutch_number
from klantprofiel.labels import BASES, CHANNELS, NO_BASIS
from klantprofiel.purposes import ALL_CHANNELS, ALL_PURPOSES, shown_count, shown_groups
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.warehouse import StoredRelease

MOST_REASONS: Final = 10  # rows of the table of quarantine; the release has them all


def facts(release: StoredRelease) -> dict[str, object]:
    """Return what a release holds in a few numbers."""
    counts: dict[str, tuple[str, str]] = {
        "Leveringen": ("batch_accounts", "select count(*) from batch_accounts"),
        "Records": ("batch_accounts", "select coalesce(sum(n_records), 0)::bigint from batch_accounts"),
        "In quarantaine": (
            "batch_accounts",
            "select coalesce(sum(n_quarantined), 0)::bigint from batch_accounts",
        ),
        "Klanten": ("customers", "select count(*) from customers"),
        "Klanten uit meer bronnen": ("customers", "select count(*) from customers where n_sources > 1"),
        "Variabelen": ("variables", "select count(*) from variables"),
        "Segmentaties": ("segmentations", "select count(*) from segmentations"),
        "Scorekaarten": ("scorecards", "select count(distinct scorecard) from scorecards"),
    }
    found = {
        label: release.rows(query)[0][0] for label, (table, query) in counts.items() if release.has(table)
    }
    return {"Peildatum": release.as_of, **found}


def overview(release: StoredRelease) -> Summary:
    """Return the summary of a release; what no run made, or what is empty, is left out."""
    return {
        "title": f"Release {release.release_id}",
        "facts": facts(release),
        "tables": [table for table in _tables(release) if table["rows"]],
        "notes": [
            "Records van dezelfde persoon, uit een of meer bronnen, tellen als een klant.",
            "Groepen van minder dan tien klanten staan er als <10, of afgeschermd met de groep daarboven.",
        ],
    }


def _tables(release: StoredRelease) -> Iterator[SummaryTable]:
    if release.has("batch_accounts"):
        yield _deliveries(release)
    if release.has("quarantine_counts"):
        yield _quarantined(release)
    yield order_lines(release)
    if release.has("profiles") and release.has("variables"):
        yield _coverage(release)
    if release.has("segments"):
        yield from _segments(release)
    if release.has("scorecards"):
        yield from _scorecards(release)
    if release.has("consents"):
        yield consents(release)


def _deliveries(release: StoredRelease) -> SummaryTable:
    return {
        "title": "Leveringen",
        "columns": ["Tabel", "Bestanden", "Records", "Geladen", "In quarantaine"],
        "rows": release.rows(load_sql(__package__, "deliveries").sql()),
    }


def _quarantined(release: StoredRelease) -> SummaryTable:
    rows = release.rows(load_sql(__package__, "quarantined").sql())
    return {
        "title": "Vaakste redenen van quarantaine",
        "columns": ["Tabel", "Reden", "Records"],
        "rows": rows[:MOST_REASONS],
    }


def order_lines(release: StoredRelease) -> SummaryTable:
    """Return what became of the order lines of each source: counted in profiles, or why not."""
    is_told = release.has("orders_account") and "n_before_birth" in release.columns("orders_account")
    query = """
        select source, n_lines, n_in_profiles, n_after, n_before_birth, n_without_customer
        from orders_account order by source
    """
    return {
        "title": "Bestelregels in profielen",
        "columns": ["Bron", "Geladen", "In profielen", "Na de peildatum", "Voor de geboorte", "Van niemand"],
        "rows": release.rows(query) if is_told else [],  # an older release did not tell
    }


def _coverage(release: StoredRelease) -> SummaryTable:
    """Return per variable the share of customers of whom it is known."""
    from sqlglot import exp  # noqa: PLC0415  costly, and only the overview needs it

    place = {name: number for number, name in enumerate(release.columns("profiles"))}
    variables = sorted(release.rows("select name, label, basis from variables"), key=lambda v: place[v[0]])
    known = [exp.Count(this=exp.column(name, quoted=True)) for name, _, _ in variables]
    query = exp.select(exp.Count(this=exp.Star()), *known).from_("profiles").sql("duckdb")
    ((n_customers, *counts),) = release.rows(query)
    return {
        "title": "Variabelen",
        "columns": ["Variabele", "Basis", "Bekend van"],
        "rows": [
            (label, BASES.get(basis, basis) if basis else Muted(NO_BASIS), _shown_share(n, n_customers))
            for (_, label, basis), n in zip(variables, counts, strict=True)
        ],
    }


def _segments(release: StoredRelease) -> Iterator[SummaryTable]:
    for (name,) in release.rows("select distinct segmentation from segments order by segmentation"):
        rows = release.rows(
            "select segment_id, label, size from segments where segmentation = $name "
            "order by size desc, segment_id",
            name=name,
        )
        sizes = [size for *_, size in rows]
        total = sum(sizes)
        yield {
            "title": f"Segmenten van {name}",
            "columns": ["Segment", "Omschrijving", "Klanten", "Aandeel"],
            "rows": [
                (segment_id, label, shown, Share(size / total) if shown == size and total else shown)
                for (segment_id, label, size), shown in zip(rows, shown_groups(sizes), strict=True)
            ],
        }


def _scorecards(release: StoredRelease) -> Iterator[SummaryTable]:
    for (name,) in release.rows("select distinct scorecard from scorecards order by scorecard"):
        rows = release.rows(
            "select rank, segment_id, label, score, coverage_share from scorecards where scorecard = $name "
            "order by rank, segment_id",
            name=name,
        )
        yield {
            "title": f"Scorekaart {name}",
            "columns": ["Rang", "Segment", "Omschrijving", "Punten (0 tot 100)", "Bekend gewicht"],
            "rows": [
                (rank, segment_id, label, dutch_number(score * 100, decimals=1), Share(known))
                for rank, segment_id, label, score, known in rows
            ],
        }


def _shown_share(n: int, total: int) -> object:
    """Return a share of customers; that of a small group would tell its size."""
    shown = shown_count(n)
    return Share(n / total) if shown == n and total else shown


def consents(release: StoredRelease) -> SummaryTable:
    """Return what customers said, by purpose and channel: given, withdrawn, objected or unreadable."""
    rows = release.rows(load_sql(__package__, "consent_counts").sql(), as_of=release.as_of)
    purposes, channels = {ALL_PURPOSES: "alle"}, {**CHANNELS, ALL_CHANNELS: "alle"}
    return {
        "title": "Toestemmingen en bezwaren, de laatste verklaring per klant",
        "columns": ["Doel", "Kanaal", "Gegeven", "Ingetrokken", "Bezwaar", "Onleesbaar"],
        "rows": [
            (purposes.get(purpose, purpose), channels.get(channel, channel), *map(shown_count, counts))
            for purpose, channel, *counts in rows
        ],
    }
