"""What a variable of a profile is: its meaning, its unit, and what its absence says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Facet: TypeAlias = Literal["gegevens", "leefwereld", "behoeften", "verwachtingen", "ervaring"]
Basis: TypeAlias = Literal["geographic", "demographic", "psychological", "behavioural"]
Kind: TypeAlias = Literal["amount", "count", "share", "number", "category"]

SQL_TYPES: Final[dict[Kind, str]] = {
    "amount": "DECIMAL(18,2)",
    "count": "BIGINT",
    "share": "DOUBLE",
    "number": "DOUBLE",
    "category": "VARCHAR",
}


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One column of the profiles, declared.

    Parameters
    ----------
    name
        The column; its unit stands at the end.
    label
        What people call it, in Dutch.
    facet
        The part of a customer's picture that it belongs to, as in `labels.FACETS`.
    basis
        The basis of segmentation that it belongs to, as in `labels.BASES`; None when it may not segment.
    kind
        `amount` (money), `count` (whole numbers), `share` (0 to 1), `number`, or `category` (text).
    unit
        What its numbers count, in Dutch; empty for text.
    missing
        What it means when it is unknown, in Dutch.
    purpose
        What it may be used for: a purpose of `schemas/purposes.yaml`.
    protected
        Whether the law forbids to choose people by it.
    special
        Whether it belongs to a special category of personal data: article 9 of the GDPR.
    finding
        Why it was measured too poorly to compare groups by, a word of `labels.FINDINGS`; empty when there is
        no reason. With one, it segments only when it is chosen by name.

    Examples
    --------
    >>> recency = Variable(
    ...     name="recency_days", label="Dagen sinds laatste bestelling", facet="gegevens",
    ...     basis="behavioural", kind="count", unit="dagen", missing="nog nooit besteld",
    ... )
    >>> recency.sql_type
    'BIGINT'
    """

    name: str
    label: str
    facet: Facet
    basis: Basis | None
    kind: Kind
    unit: str
    missing: str
    purpose: str = "segmentatie"
    protected: bool = False
    special: bool = False
    finding: str = ""

    @property
    def sql_type(self) -> str:
        """The SQL type of its column."""
        return SQL_TYPES[self.kind]
