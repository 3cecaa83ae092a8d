"""Kinds that count: Integer, Amount and Scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from sqlglot import exp

from klantprofiel.schema import casts
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.rules import intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.rules import Rule

MOST_DECIMALS: Final = 4  # beyond these a stored double is written as a power of ten


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Column):
    """What Integer and Amount share: a least and a greatest value, both allowed themselves."""

    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002 - a typed number has no dialect
        """Ask for the declared least and greatest value."""
        unit = f" {self.unit}" if self.unit else ""
        rules = []
        if self.minimum is not None:
            because = f"{self.label} is lager dan {self.minimum}{unit}"
            rules.append(
                intrinsic(self, "minimum", "$value >= $least", because, least=_literal(self.minimum))
            )
        if self.maximum is not None:
            because = f"{self.label} is hoger dan {self.maximum}{unit}"
            rules.append(intrinsic(self, "maximum", "$value <= $most", because, most=_literal(self.maximum)))
        return rules

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        for option in ("minimum", "maximum"):
            value = getattr(self, option)
            if value is not None and not _is_exact(value):
                yield Fault(
                    f"{option}={value!r} is not an exact number", f'{option}=0 or {option}=Decimal("0.50")'
                )
                return
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            yield Fault(
                f"minimum {self.minimum} above maximum {self.maximum}", "the lower of the two as minimum"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Integer(Number):
    """A whole number that is counted or compared.

    >>> Integer(label="Aantal", unit="stuks", minimum=1).sql_type
    'BIGINT'
    """

    form: ClassVar[str] = 's.Integer(label="Aantal", unit="stuks")'
    sql_type: ClassVar[str] = "BIGINT"

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the whole number."""
        return casts.integer(text, dialect)

    def expects(self, dialect: Dialect) -> str:
        """Return in Dutch what a delivered text should look like."""
        return f"geheel getal{_separators(dialect, decimals=0)}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Amount(Number):
    """A decimal number with a unit, kept exactly; money first of all.

    >>> Amount(label="Bedrag", unit="EUR", minimum=0).sql_type
    'DECIMAL(18,2)'
    """

    form: ClassVar[str] = 's.Amount(label="Bedrag", unit="EUR")'

    unit: str
    decimals: int = 2

    @property
    def sql_type(self) -> str:  # type: ignore[override]  # the others have one type, an amount has one per scale
        """The SQL type: DECIMAL with the declared number of decimals."""
        return f"DECIMAL(18,{self.decimals})"

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the exact amount."""
        return casts.amount(text, dialect, self.decimals)

    def expects(self, dialect: Dialect) -> str:
        """Return in Dutch what a delivered text should look like."""
        return f"bedrag in {self.unit}{_separators(dialect, decimals=self.decimals)}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        if isinstance(self.unit, str) and not self.unit.strip():
            yield Fault("the unit is empty", f"what the amount is counted in, as in {self.form}")
        if type(self.decimals) is not int or not 0 <= self.decimals <= MOST_DECIMALS:
            yield Fault(f"decimals={self.decimals!r}", f"a whole number from 0 to {MOST_DECIMALS}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Scale(Column):
    """An answer on a scale of whole numbers, both ends included.

    >>> Scale(label="Waardering", lowest=1, highest=5).sql_type
    'BIGINT'
    """

    form: ClassVar[str] = 's.Scale(label="Waardering", lowest=1, highest=5)'
    sql_type: ClassVar[str] = "BIGINT"

    lowest: int
    highest: int

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest value."""
        return self.lowest, self.highest

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the whole number."""
        return casts.integer(text, dialect)

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002 - a typed number has no dialect
        """Ask for a value on the scale."""
        because = f"{self.label} ligt niet op de schaal van {self.lowest} tot en met {self.highest}"
        template = "$value between $lowest and $highest"
        ends = {"lowest": _literal(self.lowest), "highest": _literal(self.highest)}
        return [intrinsic(self, "scale", template, because, **ends)]

    def expects(self, dialect: Dialect) -> str:  # noqa: ARG002 - a scale has no separators
        """Return in Dutch what a delivered text should look like."""
        return f"geheel getal van {self.lowest} tot en met {self.highest}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        ends = (self.lowest, self.highest)
        if any(type(end) is not int for end in ends) or self.lowest >= self.highest:
            yield Fault(
                f"a scale from {self.lowest!r} to {self.highest!r}", f"two whole numbers, as in {self.form}"
            )


def _literal(value: int | Decimal) -> exp.Expression:
    return exp.Literal.number(str(value))


def _is_exact(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal) and value.is_finite()
    )


def _separators(dialect: Dialect, *, decimals: int) -> str:
    """Return in Dutch what may stand between the digits: ` met hoogstens 2 decimalen na een komma`."""
    names = {",": "komma", ".": "punt", " ": "spatie", "'": "apostrof"}
    words = []
    if decimals:
        digits = "decimaal" if decimals == 1 else "decimalen"
        words.append(f"hoogstens {decimals} {digits} na een {names.get(dialect.decimal, dialect.decimal)}")
    if dialect.thousands:
        words.append(f"een {names.get(dialect.thousands, dialect.thousands)} tussen duizendtallen")
    return f" met {' en '.join(words)}" if words else ""
