"""What the release itself tells of a segment: its growth, its value and its volume."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import dutch
from klantprofiel.errors import ConfigurationError
from klantprofiel.targeting.exact import exact_number
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.segmentation import Segmentation

NEEDED: Final = ("monetary_eur", "spend_recent_eur", "spend_before_eur")

WHY: Final = {
    "customers": "geteld: {n} klanten",
    "spent": "gemeten: {n} klanten met bekende besteding",
    "grown": "gemeten: van € {before} naar € {recent} per half jaar",
    "no_spending": "van geen klant is de besteding bekend",
    "nothing_to_grow": "geen besteding in beide halve jaren",
}


@dataclass(frozen=True)
class Measure:
    """What was measured of one question in one segment; `found` is None when that cannot be known."""

    found: Decimal | None
    why: str


def measure(segmentation: Segmentation) -> dict[tuple[str, str], Measure]:
    """Measure growth, value and volume of every segment, by segment id and question.

    Volume is the number of customers. Value is the mean of what each customer spent (`monetary_eur`), in EUR,
    over the customers of whom that is known. Growth is symmetric, from -2 to 2: 2(b - a)/(a + b), where b is
    what the segment spent in the last 182 days and a in the 182 days before (Davis, Haltiwanger & Schuh 1996,
    Job Creation and Destruction, technical appendix); it exists where a ratio or a logarithm does not, and
    changes sign when a and b change places. Amounts are added up exactly.

    Raises
    ------
    ConfigurationError
        When the profiles lack a variable that this needs.
    """
    tables = segmentation.tables
    missing = [name for name in NEEDED if name not in tables.columns("profiles")]
    if missing:
        raise ConfigurationError(
            f"the profiles have no variable {missing[0]!r}",
            expected=f"{', '.join(NEEDED)}, to measure growth and value",
            todo="build profiles with these variables, or have these questions judged",
        )
    found = tables.arrow(load_sql(__package__, "measures").sql(), members=segmentation.members())
    return {
        (row["segment_id"], question): measured
        for row in found.to_pylist()
        for question, measured in (("growth", _growth(row)), ("value", _value(row)), ("volume", _volume(row)))
    }


def _volume(row: dict[str, Any]) -> Measure:
    n = row["n_customers"]
    return Measure(Decimal(n), WHY["customers"].format(n=dutch(n)))


def _value(row: dict[str, Any]) -> Measure:
    n = row["n_monetary"]
    if not n:
        return Measure(None, WHY["no_spending"])
    mean = exact_number(Fraction(_amount(row["monetary_eur"])) / n)
    return Measure(mean, WHY["spent"].format(n=dutch(n)))


def _growth(row: dict[str, Any]) -> Measure:
    if not row["n_recent"] or not row["n_before"]:
        return Measure(None, WHY["no_spending"])
    recent, before = _amount(row["spend_recent_eur"]), _amount(row["spend_before_eur"])
    if recent + before <= 0:
        return Measure(None, WHY["nothing_to_grow"])
    growth = exact_number(2 * Fraction(recent - before) / Fraction(recent + before))
    return Measure(growth, WHY["grown"].format(before=dutch(before), recent=dutch(recent)))


def _amount(value: Decimal | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))
