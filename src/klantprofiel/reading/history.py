"""What was known of a customer over time: the versions of attributes, masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Displayed, Muted
from klantprofiel.errors import NotFoundError, near_miss
from klantprofiel.labels import SEXES
from klantprofiel.schema import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from klantprofiel.display import Summary
    from klantprofiel.warehouse import Tables

TABLE: Final = "attribute_changes"
COLUMNS: Final = ("attribute", "masked", "valid_from", "valid_to", "recorded_at", "replaced_at")
SHOWN: Final = ("Gegeven", "Waarde (afgeschermd)", "Geldt vanaf", "Tot", "Vernomen", "Na dagen", "Vervangen")
STILL: Final = Muted("nu")
STANDS: Final = Muted("nee")
UNKNOWN: Final = Muted("onbekend")


@dataclass(frozen=True)
class Version:
    """What an attribute was, from `valid_from` until before `valid_to`, and since when that is known.

    `valid_to` is None while it holds. `recorded_at` is the moment (UTC) of the run that first knew it;
    `replaced_at` that of the run that corrected it, None while it stands. `is_from_start` tells that it was
    among the first deliveries of all: how late its news came is then not known.

    >>> from datetime import date, datetime
    >>> moved = Version("place", "U***", date(2026, 9, 1), None, datetime(2026, 9, 11), None)
    >>> moved.days_late
    10
    """

    attribute: str
    masked: str | None
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    replaced_at: datetime | None
    is_from_start: bool = False

    @property
    def days_late(self) -> int:
        """How many days after it came to hold it was known."""
        return (self.recorded_at.date() - self.valid_from).days

    def row(self) -> tuple[object, ...]:
        """Return what a table with the columns `SHOWN` shows."""
        columns = canonical.Customers.columns
        label = columns[self.attribute].label if self.attribute in columns else self.attribute
        return (
            label,
            UNKNOWN if self.masked is None else SEXES.get(self.masked, self.masked),
            self.valid_from,
            self.valid_to or STILL,
            self.recorded_at.date(),
            "" if self.is_from_start else self.days_late,
            self.replaced_at.date() if self.replaced_at else STANDS,
        )


@dataclass(frozen=True, repr=False)
class History(Displayed):
    """The versions of the attributes of a customer that changed, in the order of the golden record, by date.

    >>> History("K-000001", ())
    Wat er veranderde van K-000001
      Gewijzigde gegevens 0 · Versies 0 · Waarvan later verbeterd 0
    """

    customer_id: str
    versions: tuple[Version, ...]

    def __len__(self) -> int:
        return len(self.versions)

    def summary(self) -> Summary:
        """Return the versions, in Dutch."""
        n_replaced = sum(version.replaced_at is not None for version in self.versions)
        return {
            "title": f"Wat er veranderde van {self.customer_id}",
            "facts": {
                "Gewijzigde gegevens": len({version.attribute for version in self.versions}),
                "Versies": len(self.versions),
                "Waarvan later verbeterd": n_replaced,
            },
            "tables": [
                {
                    "title": "Versies",
                    "columns": SHOWN,
                    "rows": [version.row() for version in self.versions],
                }
            ]
            if self.versions
            else [],
            "notes": list(self._notes()),
        }

    def _notes(self) -> Iterator[str]:
        if not self.versions:
            yield "Sinds de eerste levering is hiervan niets gewijzigd."
            return
        if any(version.is_from_start for version in self.versions):
            yield "Zonder aantal dagen: dit stond al in de eerste levering."
        yield "Afgeschermd kunnen twee waarden er gelijk uitzien."


def read_history(tables: Tables, number: str, attribute: str | None = None) -> History:
    """Read the versions of the attributes of a customer that changed, or of one attribute.

    Raises
    ------
    NotFoundError
        When there is no such attribute, or the release keeps no history.
    """
    if not tables.has(TABLE):
        raise NotFoundError(
            "this release keeps no history of attributes",
            expected=f"the table {TABLE}",
            todo="run the pipeline once more: history begins with its first run",
        )
    known = [name for name in canonical.Customers.columns if name not in {"customer_id", "updated_on"}]
    if attribute is not None and attribute not in known:
        raise NotFoundError(
            f"no history is kept of {attribute!r}{near_miss(attribute, known)}",
            expected=f"one of {', '.join(known)}",
        )
    asked = known if attribute is None else [attribute]
    began_at = None
    if tables.has("batches"):
        ((began_at,),) = tables.rows("select min(recorded_at) from batches")
    rows = tables.rows(
        f"select {', '.join(COLUMNS)}, coalesce(recorded_at <= $began_at, false) from {TABLE} "
        "where customer_id = $number order by valid_from, recorded_at",
        number=number,
        began_at=began_at,
    )
    versions = [Version(*row) for row in rows if row[0] in asked]
    return History(number, tuple(sorted(versions, key=lambda version: asked.index(version.attribute))))
