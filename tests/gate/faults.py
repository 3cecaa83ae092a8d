"""The ten faults that the gate is there for, planted in one night of one table as SQL over its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Planted:
    """A fault in a night: what it is called, its rows, and what has to refuse it: (column, about)."""

    name: str
    table: str
    select: str
    refused_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Roles:
    """Which columns of a company play which part in the faults."""

    orders: str
    money: str
    moment: str
    category: str  # of which one value disappears
    gone: str
    nullable: str
    swapped: tuple[str, str]  # two texts
    swapped_in: str  # the table of those two
    numbers: tuple[str, str] | None = None
    currency: str = ""
    other_currency: str = "USD"
    key: str = "order_id"


HALF: Final = "half a delivery"
AGAIN: Final = "yesterday again, in another order"


def faults_of(roles: Roles, night: str, before: str) -> Iterator[Planted]:
    """Yield the faults for a night and the one before it, as `date '...'`; rows have the declared columns."""
    yield from _of_whole_files(roles, night, before)
    yield from _of_values(roles, night)
    yield from _of_swaps(roles, night)


def _of_whole_files(roles: Roles, night: str, before: str) -> Iterator[Planted]:
    orders = f"world.{roles.orders}"
    rows = f"from {orders} where delivered_on = {night}"
    numbered = f"select *, row_number() over (order by {roles.moment}, {roles.key}) as _place {rows}"
    half = f"select * exclude (_place) from ({numbered}) where _place <= (select count(*) / 2 {rows})"
    yield Planted(HALF, roles.orders, half, (("", "volume"),))
    again = f"select * replace ({night} as delivered_on) from {orders} where delivered_on = {before}"
    yield Planted(AGAIN, roles.orders, again, (("", "freshness"),))
    copied = _replaced(roles.orders, night, **{roles.key: f"{roles.key} || '-2'"})
    twice = f"select * {rows} union all {copied}"
    yield Planted("a doubled file", roles.orders, twice, (("", "uniqueness"),))
    lacking = f"select * {rows} and cast({roles.category} as varchar) <> '{roles.gone}'"
    refused_by = ((roles.category, "category"), (roles.category, "distribution"))
    yield Planted("a category gone", roles.orders, lacking, refused_by)


def _of_values(roles: Roles, night: str) -> Iterator[Planted]:
    def orders(name: str, *refused_by: tuple[str, str], **values: str) -> Planted:
        return Planted(name, roles.orders, _replaced(roles.orders, night, **values), refused_by)

    strangers = (("customer_id", "relation"), ("customer_id", "distribution"))
    yield orders("orders of unknown customers", *strangers, customer_id="'X' || customer_id")
    yield orders("prices x100", (roles.money, "range"), **{roles.money: f"{roles.money} * 100"})
    for days in (30, -30, 365):
        shifted = {roles.moment: f"{roles.moment} - interval ({days}) day"}
        yield orders(f"dates {days} days off", (roles.moment, "freshness"), **shifted)
    dollars = {roles.money: f"{roles.money} * 1.09"}
    if roles.currency:
        refused_by = ((roles.currency, "distribution"), (roles.currency, "category"))
        told = {**dollars, roles.currency: f"'{roles.other_currency}'"}
        yield orders("a new currency", *refused_by, **told)
    yield orders("amounts x1.09, no currency column", (roles.money, "range"), **dollars)
    emptied = _replaced(roles.swapped_in, night, **{roles.nullable: "null"})
    yield Planted("an emptied column", roles.swapped_in, emptied, ((roles.nullable, "share"),))


def _of_swaps(roles: Roles, night: str) -> Iterator[Planted]:
    one, other = roles.swapped
    swapped = _replaced(roles.swapped_in, night, **{one: other, other: one})
    refused_by = ((one, "distribution"), (other, "distribution"))
    yield Planted("swapped texts", roles.swapped_in, swapped, refused_by)
    if roles.numbers:
        one, other = roles.numbers
        swapped = _replaced(roles.orders, night, **{one: other, other: one})
        yield Planted("swapped numbers", roles.orders, swapped, ((one, "range"), (other, "range")))


def _replaced(table: str, night: str, **values: str) -> str:
    changes = ", ".join(f"{value} as {column}" for column, value in values.items())
    return f"select * replace ({changes}) from world.{table} where delivered_on = {night}"
