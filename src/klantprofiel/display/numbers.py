"""Numbers, money, shares and dates as the Dutch write them: 1.234,5; € 1.234,50; 12,3%; 01-10-2026."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.labels import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

_SWAP = str.maketrans(",.", ".,")


class Share(float):
    """A share from 0 to 1 that is shown as a percentage and stays a number for machines.

    >>> dutch(Share(0.1234))
    '12,3%'
    """

    __slots__ = ()


class Euro(Decimal):
    """An exact amount in euro that is shown with its sign and cents.

    >>> dutch(Euro("1234.5"))
    '€ 1.234,50'
    """

    __slots__ = ()


def dutch(value: object) -> str:
    """Return any value of a summary as text; what is unknown (None, NaN) is `onbekend`.

    Text stays as it is. Floats get two decimals, a Decimal keeps its own.

    >>> [dutch(v) for v in (12345, 0.5, Decimal("1.50"), True, None, date(2026, 10, 1), "K-000001")]
    ['12.345', '0,50', '1,50', 'ja', 'onbekend', '01-10-2026', 'K-000001']
    """
    value = _plain(value)
    if value is None:
        return UNKNOWN
    written = next((write for kind, write in _WRITTEN if isinstance(value, kind)), str)
    return written(value)


def dutch_number(value: float | Decimal, *, decimals: int = 0) -> str:
    """Return a number with dots between thousands, a decimal comma and this many decimals; halves go up.

    >>> dutch_number(1234.5, decimals=1), dutch_number(Decimal("-0.004"), decimals=2)
    ('1.234,5', '0,00')
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return UNKNOWN if exact.is_nan() else "oneindig"
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded + 0:,f}".translate(_SWAP)  # adding zero takes the sign off a negative zero


def dutch_short(value: float | Decimal) -> str:
    """Return a number with no more decimals than it needs, and two at most.

    >>> dutch_short(1234.0), dutch_short(0.5), dutch_short(0.125)
    ('1.234', '0,5', '0,13')
    """
    written = dutch_number(value, decimals=2)
    return written.rstrip("0").removesuffix(",") if "," in written else written


def dutch_euro(value: float | Decimal, *, decimals: int = 2) -> str:
    """Return an amount in euro, with its cents unless said otherwise.

    >>> dutch_euro(Decimal("-1234.5")), dutch_euro(2_000_000, decimals=0)
    ('€ -1.234,50', '€ 2.000.000')
    """
    return f"€ {dutch_number(value, decimals=decimals)}"


def dutch_share(value: float | Decimal, *, decimals: int = 1) -> str:
    """Return a share from 0 to 1 as a percentage.

    >>> dutch_share(0.125), dutch_share(1, decimals=0)
    ('12,5%', '100%')
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(float(value)))
    return UNKNOWN if exact.is_nan() else f"{dutch_number(exact * 100, decimals=decimals)}%"


def dutch_date(value: date) -> str:
    """Return a date as dd-mm-jjjj, and a moment with its minutes.

    >>> dutch_date(date(2026, 10, 1)), dutch_date(datetime(2026, 10, 1, 9, 5))
    ('01-10-2026', '01-10-2026 09:05')
    """
    return f"{value:%d-%m-%Y %H:%M}" if isinstance(value, datetime) else f"{value:%d-%m-%Y}"


def _plain(value: object) -> object:
    """Take a number out of its numpy scalar, and turn a missing number into None."""
    if hasattr(value, "dtype") and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Decimal):
        return None if value.is_nan() else value
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124  only NaN differs from itself


_WRITTEN: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]] = (
    # the first that fits: a bool is an int too, a Share a float, a Euro a Decimal
    (bool, lambda value: "ja" if value else "nee"),
    (Share, dutch_share),
    (Euro, dutch_euro),
    (Decimal, lambda value: dutch_number(value, decimals=max(0, -int(value.as_tuple().exponent)))),
    (int, dutch_number),
    (float, lambda value: dutch_number(value, decimals=2)),
    (date, dutch_date),
    ((list, tuple), lambda value: ", ".join(map(dutch, value))),
)
