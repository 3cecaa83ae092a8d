"""What ingestion tells: which deliveries were new, and how many records each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.display import Displayed

if TYPE_CHECKING:
    from klantprofiel.display import Summary


@dataclass(frozen=True)
class TakenIn:
    """One delivered file or frame.

    `n_records` counts its records, `n_rejected` those of them that cannot be read. `known_as` is the name
    under which the same contents landed before, when that was another one.
    """

    table_name: str
    file_name: str
    is_new: bool
    n_records: int
    n_rejected: int = 0
    extra_columns: tuple[str, ...] = ()
    known_as: str = ""

    @property
    def state(self) -> str:
        """In Dutch whether it was new."""
        if self.is_new:
            return "nieuw"
        return f"al bekend als {self.known_as}" if self.known_as else "al bekend"


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
                taken.state,
                taken.n_records,
                ", ".join(taken.extra_columns),
            )
            for taken in self.taken_in
        ]
        extra = any(taken.extra_columns for taken in self.taken_in)
        note = "Kolommen die niemand heeft gedeclareerd, zijn apart gezet."
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
