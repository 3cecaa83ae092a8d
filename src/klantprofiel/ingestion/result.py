"""What ingestion tells: which files were new, and how many records each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.display import Displayed

if TYPE_CHECKING:
    from klantprofiel.display import Summary


@dataclass(frozen=True)
class TakenIn:
    """One delivered file. `n_records` counts its records, `n_rejected` those of them that cannot be read."""

    table_name: str
    file_name: str
    is_new: bool
    n_records: int
    n_rejected: int = 0
    extra_columns: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Ingested(Displayed):
    """The deliveries of one call of `ingest`, in the order in which they were given.

    Examples
    --------
    >>> Ingested((TakenIn("shops", "winkels.csv", is_new=True, n_records=2),))
    Leveringen
      Nieuwe bestanden 1 · Al bekend 0 · Nieuwe records 2
    """

    taken_in: tuple[TakenIn, ...]

    @property
    def n_new(self) -> int:
        """How many files were not known yet."""
        return sum(taken.is_new for taken in self.taken_in)

    @property
    def n_records(self) -> int:
        """How many records the new files hold."""
        return sum(taken.n_records for taken in self.taken_in if taken.is_new)

    def summary(self) -> Summary:
        """Return the deliveries as one dict, for text, HTML or JSON."""
        rows = [
            (
                taken.table_name,
                taken.file_name,
                "nieuw" if taken.is_new else "al bekend",
                taken.n_records,
                ", ".join(taken.extra_columns),
            )
            for taken in self.taken_in
        ]
        extra = any(taken.extra_columns for taken in self.taken_in)
        note = "Kolommen die niemand heeft gedeclareerd, zijn niet overgenomen."
        return {
            "title": "Leveringen",
            "facts": {
                "Nieuwe bestanden": self.n_new,
                "Al bekend": len(self.taken_in) - self.n_new,
                "Nieuwe records": self.n_records,
            },
            "tables": [
                {
                    "title": "Bestanden",
                    "columns": ("Tabel", "Bestand", "Stand", "Records", "Extra kolommen"),
                    "rows": rows,
                }
            ],
            "notes": [note] if extra else [],
        }
