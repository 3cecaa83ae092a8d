"""Which records people mean: a record as crm/123, or a customer as K-000123, which are all its records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss

if TYPE_CHECKING:
    from klantprofiel.warehouse import Tables

REGISTRY: Final = "identity.customer_records"

_NUMBER: Final = re.compile(r"[Kk][-_ ]?0*(?P<digits>[0-9]{1,12})")
_NEAR: Final = """
select name
from (select distinct {column} as name from identity.customer_records) as names
order by levenshtein(name, $name), name
limit 3
"""


def is_customer(name: str) -> bool:
    """Whether a name is that of a customer, in whatever form, and not of a record.

    >>> is_customer("K-000123"), is_customer("k123"), is_customer("crm/123")
    (True, True, False)
    """
    return _NUMBER.fullmatch(name.strip()) is not None


def records_of(release: Tables, name: str) -> tuple[str, ...]:
    """Return the records that a name stands for, in order, those not delivered any more too.

    Raises
    ------
    NotFoundError
        When there is no such record or customer; the nearest one is named.
    """
    asked = name.strip()
    if is_customer(asked):
        return _records_of_customer(release, asked)
    if release.rows(f"select 1 from {REGISTRY} where record_id = $name limit 1", name=asked):
        return (asked,)
    raise NotFoundError(
        f"there is no record {asked!r} in this release{_near(release, asked, 'record_id')}",
        expected="a record as source/number, such as crm/123, or a customer, such as K-000123",
        todo="find them with `klantprofiel identity review`",
    )


def records_of_all(release: Tables, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the different records that several names stand for, in order."""
    return tuple(sorted({record for name in names for record in records_of(release, name)}))


def check_records(names: tuple[str, ...], todo: str) -> None:
    """Refuse the name of a customer where only records can be meant."""
    if customer := next((name for name in names if is_customer(name)), None):
        raise ConfigurationError(
            f"{customer.strip()} is a whole customer", expected="one record of it, such as crm/123", todo=todo
        )


def customers_of(release: Tables, records: tuple[str, ...]) -> dict[str, str]:
    """Return the customer of each of these records."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who decides needs it

    wanted = pa.table({"record_id": pa.array(records, pa.string())})
    rows = release.rows(
        f"select registry.record_id, registry.customer_id from {REGISTRY} as registry "
        "inner join wanted on wanted.record_id = registry.record_id order by 1",
        wanted=wanted,
    )
    return dict(rows)


def _records_of_customer(release: Tables, asked: str) -> tuple[str, ...]:
    match = _NUMBER.fullmatch(asked)
    number = f"K-{int(match['digits']):06d}" if match else asked
    query = f"select record_id from {REGISTRY} where customer_id = $number order by 1"
    if rows := release.rows(query, number=number):
        return tuple(record for (record,) in rows)
    merged = release.rows(
        "select other_id from customer_events where customer_id = $number and event = 'merged' "
        "order by as_of desc, other_id limit 1",
        number=number,
    )
    if merged:
        raise NotFoundError(
            f"{number} was merged into {merged[0][0]}",
            expected="a customer of this release",
            todo=f"name {merged[0][0]}, or the records that you mean",
        )
    raise NotFoundError(
        f"there is no customer {number} in this release{_near(release, number, 'customer_id')}",
        expected="a customer number of this release, such as K-000001",
    )


def _near(release: Tables, name: str, column: str) -> str:
    nearest = release.rows(_NEAR.format(column=column), name=name)
    return near_miss(name, [other for (other,) in nearest])
