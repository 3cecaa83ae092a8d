"""Kinds that lie in time: Date, BirthDate and Timestamp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from klantprofiel.schema import casts, formats
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.dialect import zone_faults
from klantprofiel.schema.rules import intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.rules import Rule


@dataclass(frozen=True, kw_only=True, eq=False)
class Date(Column):
    """A day, read strictly by `format` (by default the dialect's): 31-02 and 5-3-26 are not repaired.

    >>> Date(label="Ingeschreven op").sql_type
    'DATE'
    """

    form: ClassVar[str] = 's.Date(label="Ingeschreven op", format="%d-%m-%Y")'
    sql_type: ClassVar[str] = "DATE"

    format: str = ""

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the day."""
        return casts.date(text, self.format or dialect.date_format)

    def expects(self, dialect: Dialect) -> str:
        """Return in Dutch what a delivered text should look like."""
        return f"datum als {formats.in_dutch(self.format or dialect.date_format, iso='jjjj-mm-dd')}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        if self.format and (fault := formats.fault_in(self.format, with_time=False)):
            yield Fault(f"format={self.format!r} {fault}", f'format="%d-%m-%Y" or format="{formats.ISO}"')


@dataclass(frozen=True, kw_only=True, eq=False)
class BirthDate(Date):
    """The day a person was born: from 1900 up to and including the day of the run.

    >>> BirthDate(label="Geboortedatum").personal
    True
    """

    form: ClassVar[str] = 's.BirthDate(label="Geboortedatum")'
    holds_person: ClassVar[bool] = True

    personal: bool = True
    protected: bool = True

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002 - a typed date has no dialect
        """Ask for a day on which a living customer can be born."""
        because = f"{self.label} ligt voor 1900 of na vandaag"
        template = "$value between cast('1900-01-01' as date) and $as_of"
        return [intrinsic(self, "plausible", template, because)]

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the year only."""
        return casts.fill("concat(strftime($value, '%Y'), '-**-**')", value=value)


@dataclass(frozen=True, kw_only=True, eq=False)
class Timestamp(Column):
    """A moment, kept in UTC; a text without an offset is on the clock of `zone`, by default the dialect's.

    It is kept to the microsecond, as DuckDB does; what a text in ISO 8601 says of nanoseconds is left out.
    An hour that the clock skips in spring is read with the winter offset; of an hour that it repeats in
    autumn, the second is meant.

    >>> Timestamp(label="Besteld op", zone="Europe/Amsterdam").sql_type
    'TIMESTAMP'
    """

    form: ClassVar[str] = 's.Timestamp(label="Besteld op", zone="Europe/Amsterdam")'
    sql_type: ClassVar[str] = "TIMESTAMP"

    format: str = ""
    zone: str = ""

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the moment in UTC."""
        return casts.timestamp(text, self.format or dialect.timestamp_format, self.zone or dialect.zone)

    def expects(self, dialect: Dialect) -> str:
        """Return in Dutch what a delivered text should look like."""
        form = formats.in_dutch(self.format or dialect.timestamp_format, iso="jjjj-mm-dd uu:mm:ss (ISO 8601)")
        return f"tijdstip als {form}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        if self.format and (fault := formats.fault_in(self.format, with_time=True)):
            yield Fault(
                f"format={self.format!r} {fault}", f'format="%d-%m-%Y %H:%M:%S" or format="{formats.ISO}"'
            )
        if self.zone:
            yield from zone_faults(self.zone)
