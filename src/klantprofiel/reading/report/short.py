"""The first chapter: the release in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import Chapter
from klantprofiel.purposes import shown_count, shown_groups
from klantprofiel.reading.overview import facts
from klantprofiel.reading.report.verdicts import find_verdicts

if TYPE_CHECKING:
    from klantprofiel.reading.release import Release

CUSTOMERS, SHARED = "Klanten", "Klanten uit meer bronnen"
LEAD: Final = (
    "Van wat er is geleverd tot wie er te kiezen valt. Records van dezelfde persoon, uit een of meer "
    "bronnen, tellen als een klant."
)


def short(release: Release) -> Chapter:
    """Return the release in a few numbers, with the verdict on its quality when there is one."""
    found = _shown(facts(release.stored))
    verdicts = find_verdicts(release)
    if verdicts is not None:
        found["Oordeel over de kwaliteit"] = verdicts.word
    return Chapter(
        "In het kort",
        ({"title": "", "facts": found, "tables": [], "notes": []},),
        lead=LEAD,
    )


def _shown(found: dict[str, object]) -> dict[str, object]:
    """Return the facts with the numbers of customers as a table for many eyes may show them."""
    n_customers, n_shared = found.get(CUSTOMERS), found.get(SHARED)
    if not isinstance(n_customers, int) or not isinstance(n_shared, int):
        return found
    shared, _ = shown_groups((n_shared, n_customers - n_shared))
    return {**found, CUSTOMERS: shown_count(n_customers), SHARED: shared}
