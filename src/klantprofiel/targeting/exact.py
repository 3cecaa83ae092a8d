"""Exact numbers: fractions while computing, decimals when kept."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

_NUMBER: Final = Decimal(1).scaleb(-6)
_SHARE: Final = Decimal(1).scaleb(-12)
_DIGITS: Final = 60  # enough for any DECIMAL(38) and these places


def exact_number(value: Fraction) -> Decimal:
    """Return what was found as a decimal of six places, halves to even.

    >>> from fractions import Fraction
    >>> exact_number(Fraction(200, 3))
    Decimal('66.666667')
    """
    return _rounded(value, _NUMBER)


def exact_share(value: Fraction) -> Decimal:
    """Return a number from 0 to 1 as a decimal of twelve places, halves to even.

    >>> from fractions import Fraction
    >>> exact_share(Fraction(2, 3))
    Decimal('0.666666666667')
    """
    return _rounded(value, _SHARE)


def between(low: Decimal, high: Decimal) -> Decimal:
    """Return the middle of two numbers, exactly.

    >>> between(Decimal("0.1"), Decimal("0.2"))
    Decimal('0.15')
    """
    with localcontext() as context:
        context.prec = _DIGITS
        return (low + high) / 2


def _rounded(value: Fraction, places: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(places)
