"""How long rows may be kept, and how much of a batch may be quarantined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from klantprofiel.schema.declaration import Fault, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

Unit = Literal["years", "months", "days"]
DUTCH = {"years": ("jaar", "jaar"), "months": ("maand", "maanden"), "days": ("dag", "dagen")}


@dataclass(frozen=True)
class Retention:
    """How long a row is kept after it stopped being needed; made by `years`, `months` or `days`.

    >>> str(years(7)), str(months(1))
    ('7 jaar', '1 maand')
    """

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {DUTCH[self.unit][self.count != 1]}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        if type(self.count) is not int or self.count < 1:
            yield Fault(
                f"a retention of {self.count!r} {self.unit}", f"a whole number above 0: s.{self.unit}(7)"
            )


@declared("s.years(7)")
def years(count: int) -> Retention:
    """Keep for so many years.

    >>> years(7)
    Retention(count=7, unit='years')
    """
    return Retention(count, "years")


@declared("s.months(18)")
def months(count: int) -> Retention:
    """Keep for so many months.

    >>> months(18)
    Retention(count=18, unit='months')
    """
    return Retention(count, "months")


@declared("s.days(90)")
def days(count: int) -> Retention:
    """Keep for so many days.

    >>> days(90)
    Retention(count=90, unit='days')
    """
    return Retention(count, "days")


@dataclass(frozen=True)
class AtMost:
    """The share of a batch (0 to 1) that may be quarantined before the whole run is refused.

    >>> at_most(share=0.02).share
    0.02
    """

    share: float

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        is_number = isinstance(self.share, int | float) and not isinstance(self.share, bool)
        if not is_number or not 0 <= self.share <= 1:
            yield Fault(
                f"a share of {self.share!r}",
                "a share from 0 to 1, so 2% is quarantine = s.at_most(share=0.02)",
            )


@declared("s.at_most(share=0.02)")
def at_most(*, share: float) -> AtMost:
    """Allow at most this share (0 to 1) of a batch in quarantine.

    >>> at_most(share=0.02)
    AtMost(share=0.02)
    """
    return AtMost(share)
