"""Dates of which day and month may have changed places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

MOST_MONTHS: Final = 12


def swapped(day: date) -> date | None:
    """Return the date with day and month in each other's place; None when that is no date, or the same.

    >>> from datetime import date
    >>> swapped(date(1980, 3, 12)), swapped(date(1980, 3, 13)), swapped(date(1980, 3, 3))
    (datetime.date(1980, 12, 3), None, None)
    """
    if day.day > MOST_MONTHS or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def are_swapped(left: str, right: str) -> str:
    """Return the SQL condition that two DATE columns differ only in the places of day and month.

    It is false, and never unknown, where a date is missing.

    >>> are_swapped("birth_date_l", "birth_date_r").splitlines()[0]
    'coalesce(birth_date_l <> birth_date_r and year(birth_date_l) = year(birth_date_r)'
    """
    return (
        f"coalesce({left} <> {right} and year({left}) = year({right})\n"
        f"and month({left}) = day({right}) and day({left}) = month({right}), false)"
    )
