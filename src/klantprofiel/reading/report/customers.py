"""Who the customers are: from how many sources, and per facet how well each variable is known and spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import Bar, Bars, Chapter, Share
from klantprofiel.labels import BASES, FACETS
from klantprofiel.purposes import shown_count, shown_groups
from klantprofiel.reading.report.spread import spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klantprofiel.display.page import Part
    from klantprofiel.profiles import Profiles, Variable
    from klantprofiel.reading.release import Release

LEAD: Final = "Wat van een klant niet bekend is, staat er als onbekend en telt niet als nul."
NEARLY_ALL: Final = "bijna allen"
KNOWN: Final = "Aandeel van de klanten van wie de variabele bekend is. Bases: {bases}."


def customers(release: Release) -> Chapter:
    """Return the customers of a release and the variables of their profiles."""
    if not release.has("customers"):
        return Chapter("Profielen", (), lead="In deze release zijn nog geen klanten herkend.")
    parts = [*_counted(release)]
    lead = LEAD
    if release.has("profiles") and release.has("variables"):
        parts += _facets(release.profiles())
    else:
        lead = "In deze release zijn nog geen profielen gemaakt."
    return Chapter("Profielen", tuple(parts), lead=lead)


def _counted(release: Release) -> Iterator[Part]:
    """Count the customers by the number of sources that know them."""
    rows = release.rows("select n_sources, count(*) from customers group by n_sources order by n_sources")
    n_customers = sum(n for _, n in rows)
    ((n_records,),) = release.rows("select coalesce(sum(n_records), 0)::bigint from customers")
    yield {
        "title": "Klanten",
        "facts": {"Klanten": shown_count(n_customers), "Klantnummers in de bronnen": shown_count(n_records)},
        "tables": [],
        "notes": [],
    }
    shown = shown_groups([n for _, n in rows])
    yield Bars(
        "Klanten naar het aantal bronnen dat hen kent",
        tuple(
            _bar(f"{n_sources} bron" if n_sources == 1 else f"{n_sources} bronnen", n, n_shown)
            for (n_sources, n), n_shown in zip(rows, shown, strict=True)
        ),
        things="Bekend in",
        measure="Klanten",
    )


def _bar(label: str, n: int, shown: int | str) -> Bar:
    return Bar(label, n) if shown == n else Bar(label, None, shown=str(shown))


def _facets(profiles: Profiles) -> Iterator[Part]:
    variables = profiles.variables()
    described = {row["name"]: row for row in profiles.describe().to_pylist()}
    for facet, label in FACETS.items():
        chosen = [variable for variable in variables if variable.facet == facet]
        if not chosen:
            continue
        yield {"title": label, "facts": {}, "tables": [], "notes": []}
        yield _coverage(
            chosen, {name: (row["n_known"], row["n_customers"]) for name, row in described.items()}
        )
        yield tuple(
            chart
            for variable in chosen
            for chart in spread(profiles.tables, variable, described[variable.name])
        )


def _coverage(variables: Sequence[Variable], counts: dict[str, tuple[int, int]]) -> Bars:
    bases = ", ".join(
        label.lower() for basis, label in BASES.items() if basis in {v.basis for v in variables}
    )
    return Bars(
        "Bekend van",
        tuple(_known(variable.label, *counts[variable.name]) for variable in variables),
        things="Variabele",
        measure="Bekend van",
        full=1,
        about=KNOWN.format(bases=bases),
    )


def _known(label: str, n_known: int, n_customers: int) -> Bar:
    """Return the share of customers as a bar; of a few, or of all but a few, the number is not told."""
    if shown_count(n_known) != n_known or not n_customers:
        return Bar(label, None, shown=str(shown_count(n_known)))
    if shown_count(n_customers - n_known) != n_customers - n_known:
        return Bar(label, Share(1), shown=NEARLY_ALL)
    return Bar(label, Share(n_known / n_customers))
