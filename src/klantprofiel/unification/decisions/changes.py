"""What becomes of customers when records are grouped otherwise: who is merged, split, and what moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.display import Summary, SummaryTable

KINDS: Final = {"merged": "gaat op in", "split": "splitst af", "moved": "verhuist"}
MOST_ROWS: Final = 20
"""More moves than fit a screen are counted, and only the largest shown."""


@dataclass(frozen=True, repr=False)
class Changes(Displayed):
    """What becomes of customers.

    Attributes
    ----------
    n_before, n_after
        Customers that have records, before and after.
    n_merged, n_split
        Customers that lose all their records to others, and customers that are new.
    n_moved_records
        Records that get another customer.
    moves
        From which customer to which, how, and how many records; most records first.
    """

    n_before: int
    n_after: int
    n_merged: int
    n_split: int
    n_moved_records: int
    moves: tuple[tuple[str, str, str, int], ...]

    def facts(self) -> Mapping[str, object]:
        """Return the counts, by their Dutch labels."""
        return {
            "Klanten eerst": self.n_before,
            "Klanten daarna": self.n_after,
            "Opgegaan in een ander": self.n_merged,
            "Afgesplitst": self.n_split,
            "Records met een andere klant": self.n_moved_records,
        }

    def table(self) -> SummaryTable:
        """Return the moves as a table, the largest first."""
        rows = [(KINDS[kind], before, after, n) for before, after, kind, n in self.moves[:MOST_ROWS]]
        return {"title": "Wat er verandert", "columns": ("Wat", "Van", "Naar", "Records"), "rows": rows}

    def notes(self) -> list[str]:
        """Return what the table does not tell, as sentences."""
        if not self.moves:
            return ["Hiermee verandert nu niets aan wie welke klant is."]
        left = len(self.moves) - MOST_ROWS
        return [f"Nog {left} kleinere veranderingen zijn niet getoond."] if left > 0 else []

    def summary(self) -> Summary:
        """Return the summary of what changes."""
        return {
            "title": "Andere klanten",
            "facts": self.facts(),
            "tables": [self.table()] if self.moves else [],
            "notes": self.notes(),
        }


def changes(before: Any, after: Any) -> Changes:  # noqa: ANN401  pyarrow ships no types
    """Compare two registries; records that are in one of them only do not count.

    Parameters
    ----------
    before, after
        Arrow tables of shape (n_records, 2) with the columns record_id and customer_id.

    Examples
    --------
    >>> import pyarrow as pa
    >>> records = ["crm/1", "crm/2", "web/1"]
    >>> changes(
    ...     pa.table({"record_id": records, "customer_id": ["K-000001", "K-000001", "K-000002"]}),
    ...     pa.table({"record_id": records, "customer_id": ["K-000001", "K-000003", "K-000001"]}),
    ... ).moves
    (('K-000001', 'K-000003', 'split', 1), ('K-000002', 'K-000001', 'merged', 1))
    """
    import pyarrow.compute as pc  # noqa: PLC0415  costly, and only who compares needs it

    both = before.select(["record_id", "customer_id"]).join(
        after.select(["record_id", "customer_id"]), "record_id", join_type="inner", right_suffix="_after"
    )
    counted = both.group_by(["customer_id", "customer_id_after"]).aggregate([("record_id", "count")])
    had, has = pc.unique(both["customer_id"]), pc.unique(both["customer_id_after"])
    moved = counted.filter(pc.not_equal(counted["customer_id"], counted["customer_id_after"]))
    is_new = pc.invert(pc.is_in(moved["customer_id_after"], value_set=had))
    is_gone = pc.invert(pc.is_in(moved["customer_id"], value_set=has))
    kinds = pc.if_else(is_new, "split", pc.if_else(is_gone, "merged", "moved"))
    names = ("customer_id", "customer_id_after", "record_id_count")
    old, new, n_records = (moved[name].to_pylist() for name in names)
    moves = sorted(
        zip(old, new, kinds.to_pylist(), n_records, strict=True), key=lambda move: (-move[3], *move)
    )
    return Changes(
        n_before=len(had),
        n_after=len(has),
        n_merged=len({old for old, _, kind, _ in moves if kind == "merged"}),
        n_split=len({new for _, new, kind, _ in moves if kind == "split"}),
        n_moved_records=sum(move[3] for move in moves),
        moves=tuple(moves),
    )
