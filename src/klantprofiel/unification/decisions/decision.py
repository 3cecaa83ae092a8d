"""What people decided on who is who, as the ledger keeps it: joins, splits and retractions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from klantprofiel.warehouse import Ledger

Kind: TypeAlias = Literal["join", "split", "retract"]
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """One decision on who is who.

    Attributes
    ----------
    decision_id, recorded_at
        Its number and moment (UTC) in the ledger; 0 and None for what is not recorded yet.
    kind
        `join`: `records` are one person; `split`: each of `records` is somebody else than each of `others`;
        `retract`: decision `retracts` no longer holds.
    by, because
        Who decided, and why.
    asked
        The records and customers as they were named then.
    release_id
        The release that was looked at.
    is_in_force
        Whether it is a join or split that nobody retracted.

    Examples
    --------
    >>> Decision("join", "Els", "zelfde adres", records=("crm/1", "web/7", "web/9")).pairs()
    [('crm/1', 'web/7'), ('crm/1', 'web/9')]
    """

    kind: Kind
    by: str
    because: str
    records: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    retracts: int | None = None
    asked: tuple[str, ...] = ()
    release_id: str = ""
    decision_id: int = 0
    recorded_at: datetime | None = None
    is_in_force: bool = True

    def pairs(self) -> list[Pair]:
        """Return what it says as pairs of records, the lower first: all are one, or all are apart."""
        if self.kind == "join":
            first, *rest = sorted(self.records)
            return [(first, record) for record in rest]
        return sorted({_ordered(one, other) for one in self.records for other in self.others})

    def says(self) -> tuple[Kind, frozenset[Pair]]:
        """Return what is equal for two decisions that say the same."""
        return self.kind, frozenset(self.pairs())

    def body(self) -> dict[str, object]:
        """Return what the ledger keeps of it, besides its number and moment."""
        parts: dict[str, object] = {
            "kind": self.kind,
            "by": self.by,
            "because": self.because,
            "records": self.records,
            "others": self.others,
            "retracts": self.retracts,
            "asked": self.asked,
            "release_id": self.release_id,
        }
        return {name: part for name, part in parts.items() if part not in ((), None, "")}

    def named(self) -> str:
        """Return how a message names it: by number, command, who and when; no record.

        >>> moment = datetime(2026, 10, 1, 9, 30)
        >>> Decision("join", "Els", "zelfde adres", decision_id=3, recorded_at=moment).named()
        'decision 3 (join, Els, 2026-10-01)'
        >>> Decision("split", "Piet", "vader en zoon").named()
        'this split by Piet'
        """
        if self.recorded_at is None:
            return f"this {self.kind} by {self.by}"
        return f"decision {self.decision_id} ({self.kind}, {self.by}, {self.recorded_at.date()})"


def read_decisions(rows: Iterable[Mapping[str, Any]]) -> tuple[Decision, ...]:
    """Return the rows of the ledger as decisions, each knowing whether it is in force.

    >>> rows = [
    ...     {"decision_id": 1, "recorded_at": "2026-10-01T09:30:00", "kind": "join", "by": "Els",
    ...      "because": "zelfde adres", "records": ["crm/1", "web/7"]},
    ...     {"decision_id": 2, "recorded_at": "2026-10-02T09:30:00", "kind": "retract", "by": "Els",
    ...      "because": "toch niet", "retracts": 1},
    ... ]
    >>> [decision.is_in_force for decision in read_decisions(rows)]
    [False, False]
    """
    decisions = [_read(row) for row in rows]
    retracted = {decision.retracts for decision in decisions}
    return tuple(
        replace(each, is_in_force=each.kind != "retract" and each.decision_id not in retracted)
        for each in decisions
    )


def decided(ledger: Ledger) -> tuple[Decision, ...]:
    """Return every decision on who is who, oldest first, the retracted ones too.

    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> decided(Warehouse(tempfile.mkdtemp()).ledger)
    ()
    """
    return read_decisions(ledger.decisions())


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the joins and splits that nobody retracted.

    >>> in_force([Decision("join", "Els", "zelfde", records=("crm/1", "web/7"), is_in_force=False)])
    []
    """
    return [decision for decision in decisions if decision.is_in_force and decision.kind != "retract"]


def check_signed(by: str, because: str) -> tuple[str, str]:
    """Return who and why without white space around them; refuse a decision that lacks either.

    >>> check_signed(" Els ", "zelfde adres")
    ('Els', 'zelfde adres')
    """
    if not by.strip() or not because.strip():
        raise ConfigurationError(
            "a decision without a name or a reason",
            expected='--by NAME --because "..."',
            todo="say who decides, and why",
        )
    return by.strip(), because.strip()


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _read(row: Mapping[str, Any]) -> Decision:
    return Decision(
        kind=row["kind"],
        by=row["by"],
        because=row["because"],
        records=tuple(row.get("records", ())),
        others=tuple(row.get("others", ())),
        retracts=row.get("retracts"),
        asked=tuple(row.get("asked", ())),
        release_id=row.get("release_id", ""),
        decision_id=row["decision_id"],
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
    )
