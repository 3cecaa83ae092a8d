"""What customers said about being approached: counts per purpose and channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import Chapter
from klantprofiel.reading.overview import consents

if TYPE_CHECKING:
    from klantprofiel.display import Summary
    from klantprofiel.reading.release import Release

NONE_YET: Final = "In deze release staan geen verklaringen van klanten."
LEAD: Final = (
    "De laatste verklaring van elke klant, per doel en kanaal. Wie niets heeft gezegd, telt niet als "
    "toestemming; wat onleesbaar is, telt als nee tot het is uitgezocht."
)


def consent(release: Release) -> Chapter:
    """Return how many customers gave, withdrew or refused permission."""
    table = consents(release.stored) if release.has("consents") else None
    if table is None or not table["rows"]:
        return Chapter("Toestemming", (), lead=NONE_YET)
    said: Summary = {"title": "Toestemmingen en bezwaren", "facts": {}, "tables": [table], "notes": []}
    return Chapter("Toestemming", (said,), lead=LEAD)
