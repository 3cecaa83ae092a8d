"""What validation tells: what became of each delivery's records, and why some are in quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.display import Displayed, Share

if TYPE_CHECKING:
    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.validation.account import BatchAccount


@dataclass(frozen=True)
class ReasonCount:
    """How many records of the new deliveries of a table break one rule."""

    table_name: str
    rule: str
    reason: str
    n_rows: int


@dataclass(frozen=True, repr=False)
class Validated(Displayed):
    """The deliveries that one call of `validate` judged; n_records = n_loaded + n_quarantined for each.

    Examples
    --------
    >>> Validated((), ())
    Controle
      Records 0 · Geladen 0 · Quarantaine 0 · Aandeel in quarantaine onbekend
    """

    accounts: tuple[BatchAccount, ...]
    reasons: tuple[ReasonCount, ...]

    @property
    def n_records(self) -> int:
        """How many records the judged deliveries hold."""
        return sum(account.batch.n_records for account in self.accounts)

    @property
    def n_loaded(self) -> int:
        """How many of those were loaded."""
        return sum(account.n_loaded for account in self.accounts)

    @property
    def n_quarantined(self) -> int:
        """How many of those are in quarantine."""
        return sum(account.n_quarantined for account in self.accounts)

    def summary(self) -> Summary:
        """Return the account as one dict, for text, HTML or JSON; it holds no values of records."""
        share = Share(self.n_quarantined / self.n_records) if self.n_records else None
        batches = [
            (
                each.batch.table_name,
                each.batch.file_name,
                each.batch.n_records,
                each.n_loaded,
                each.n_quarantined,
            )
            for each in self.accounts
        ]
        reasons = [(each.table_name, each.reason, each.rule, each.n_rows) for each in self.reasons]
        tables: list[SummaryTable] = [
            {
                "title": "Leveringen",
                "columns": ("Tabel", "Bestand", "Records", "Geladen", "Quarantaine"),
                "rows": batches,
            },
            {"title": "Redenen", "columns": ("Tabel", "Reden", "Regel", "Records"), "rows": reasons},
        ]
        return {
            "title": "Controle",
            "facts": {
                "Records": self.n_records,
                "Geladen": self.n_loaded,
                "Quarantaine": self.n_quarantined,
                "Aandeel in quarantaine": share,
            },
            "tables": [table for table in tables if table["rows"]],
            "notes": [],
        }
