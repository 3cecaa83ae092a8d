"""What a golden record tells of a customer, which of it belongs together, and what may be shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.schema import canonical

if TYPE_CHECKING:
    from klantprofiel.schema import Column

NAME: Final = ("given_name", "initials", "surname_prefix", "surname")
ADDRESS: Final = ("street", "house_number", "house_number_addition", "postal_code", "place", "country")

PARTS: Final = dict.fromkeys(NAME, "name") | dict.fromkeys(ADDRESS, "address")
"""The part that an attribute belongs to; an attribute that is not named here is a part of its own.

A part comes whole from one source record: the street of one record with the house number of another is an
address where nobody lives.
"""

CODE_LIKE: Final = "^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$"
"""A number or a range of numbers as delivered: `3`, `5+`, `45-54`, `< 18`."""

CODES: Final = {
    "household_size": CODE_LIKE,
    "age_band": CODE_LIKE,
    "country": "^[A-Za-z]{2,3}$",
}
"""What a value must look like to be shown as it is: free text may name a person, a code does not."""

HIDDEN: Final = "***"
MONTHS: Final = ("registered_on", "updated_on")
"""Days that are shown by year and month."""


def attributes() -> dict[str, Column]:
    """Return what a golden record tells of a customer: the canonical columns without the source's own number.

    >>> list(attributes())[:3]
    ['given_name', 'initials', 'surname_prefix']
    """
    return {name: column for name, column in canonical.Customers.columns.items() if name != "customer_id"}


def part_of(attribute: str) -> str:
    """Return the part that an attribute comes with.

    >>> part_of("street"), part_of("email")
    ('address', 'email')
    """
    return PARTS.get(attribute, attribute)


def parts() -> tuple[str, ...]:
    """Return the parts of a golden record, in the order of their first attribute.

    >>> parts()[:3]
    ('name', 'sex', 'birth_date')
    """
    return tuple(dict.fromkeys(map(part_of, attributes())))


def masked(name: str, value: exp.Column) -> exp.Expr:
    """Return what may be shown of a value: codes, the months of days, and the rest as its kind masks it.

    >>> masked("registered_on", exp.column("registered_on")).sql("duckdb")
    "STRFTIME(registered_on, '%Y-%m')"
    """
    if name in MONTHS:
        return exp.func("strftime", value, exp.Literal.string("%Y-%m"), dialect="duckdb")
    if name not in CODES:
        return attributes()[name].mask(value)
    is_code = exp.RegexpLike(this=exp.Trim(this=value), expression=exp.Literal.string(CODES[name]))
    is_there = exp.not_(value.copy().is_(exp.null()))
    return exp.case().when(is_code, exp.Trim(this=value.copy())).when(is_there, exp.Literal.string(HIDDEN))
