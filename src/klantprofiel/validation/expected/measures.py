"""What is measured of the rows of one delivery day, by the kinds of a table's columns: SQL over those rows.

The same SQL fills the history, before the gate, and is asked again by the gate where Great Expectations has
no expectation of its own. Every measure is one number over many rows and no double is summed, so that the
same rows give the same number with any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from klantprofiel.schema import BirthDate, Date, Scale, Text, Timestamp
from klantprofiel.schema.codes import Coded
from klantprofiel.schema.numbers import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.schema import Column, Table

ROWS: Final = "n_rows"
QUARANTINED: Final = "quarantined_share"
STANDING: Final = "standing_share"
DISTINCT: Final = "distinct_share"
FILLED: Final = "filled_share"
MEAN: Final = "mean"
LOWER_QUARTILE: Final = "lower_quartile"
MEDIAN: Final = "median"
UPPER_QUARTILE: Final = "upper_quartile"
POSITIVE: Final = "positive_share"
SHORT: Final = "short_length"
LONG: Final = "long_length"
FAMILIAR: Final = "familiar_share"
FRESH_LAG: Final = "fresh_lag_days"
MEDIAN_LAG: Final = "median_lag_days"
LONG_LAG: Final = "long_lag_days"
MEAN_LAG: Final = "mean_lag_days"
KNOWN: Final = "known_share"
CATEGORY: Final = "category_share"

HEAD: Final = 1_000  # of every earlier file these lines stand for what was seen before: enough, and cheap
MOST_CATEGORIES: Final = 50
LEAST_OF_A_CATEGORY: Final = 10  # fewer persons than this are nobody's to count
REFERS_TO: Final = {"customer_id": "customers", "product_id": "products", "store_id": "stores"}


@dataclass(frozen=True)
class Measure:
    """One number per delivery day: `sql` is an aggregate over its rows, `n_sql` how many rows it rests on."""

    column: str
    metric: str
    sql: str
    n_sql: str


def measures_of(table: type[Table]) -> list[Measure]:
    """Return what is measured of a table by one pass over the rows of a day.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    ...     floor_m2 = s.Integer(label="Oppervlak", unit="m2", nullable=True)
    >>> [(measure.column, measure.metric) for measure in measures_of(Shops)][:3]
    [('', 'distinct_share'), ('shop_id', 'short_length'), ('shop_id', 'long_length')]
    """
    measures = list(_content(table))
    for name, column in table.columns.items():
        if column.nullable:
            measures.append(Measure(name, FILLED, share(f"count({quoted(name)})"), "count(*)"))
        measures += _of_kind(name, column)
    return measures


def familiar_columns(table: type[Table]) -> tuple[str, ...]:
    """Return the columns of which a value is usually one that was seen before."""
    return tuple(
        name
        for name, column in table.columns.items()
        if isinstance(column, Text) and not column.key and len(table.columns) > 1
    )


def category_columns(table: type[Table]) -> tuple[str, ...]:
    """Return the columns whose values may be counted by name: about no person."""
    return tuple(
        name
        for name, column in table.columns.items()
        if isinstance(column, Coded)
        or (type(column) is Text and not (column.key or column.personal or name == "customer_id"))
    )


def references(table: type[Table]) -> dict[str, tuple[str, str]]:
    """Return per referring column its value as SQL, and the select of every value that it may have."""
    own = table.maps_to.name if table.maps_to else ""
    found = {}
    for name, view in REFERS_TO.items():
        if name in table.columns and view != own:
            system = f"{table.customers_of}/".replace("'", "''")
            value = f"'{system}' || {quoted(name)}" if view == "customers" else quoted(name)
            target = "record_id" if view == "customers" else name
            found[name] = (value, f"select {target} from identity.{view} where {target} is not null")
    return found


def quoted(name: str) -> str:
    """Return a name as it stands in SQL."""
    return f'"{name}"'


def share(count: str, of: str = "count(*)") -> str:
    """Return a share (0 to 1) of two counts; unknown when there is nothing to divide."""
    return f"cast({count} as double) / nullif({of}, 0)"


def _content(table: type[Table]) -> Iterator[Measure]:
    """Measure which share of the rows differs from every other row in what is no key."""
    content = ", ".join(quoted(name) for name in table.columns if name not in table.keys)
    if content:
        yield Measure("", DISTINCT, share(f"count(distinct hash({content}))"), "count(*)")


def _of_kind(name: str, column: Column) -> Iterator[Measure]:
    value, n_values = quoted(name), f"count({quoted(name)})"
    if isinstance(column, Number | Scale):
        if not column.key:
            yield from _of_number(name, column)
    elif isinstance(column, Date | Timestamp):
        yield from _of_moment(name, column)
    elif isinstance(column, Text):
        for metric, part in ((SHORT, 0.1), (LONG, 0.9)):
            yield Measure(name, metric, f"cast(quantile_disc(length({value}), {part}) as double)", n_values)


def _of_number(name: str, column: Column) -> Iterator[Measure]:
    value, n_values = quoted(name), f"count({quoted(name)})"
    yield Measure(name, MEAN, f"cast(sum({value}) as double) / nullif({n_values}, 0)", n_values)
    if isinstance(column, Scale):
        return
    yield Measure(name, POSITIVE, share(f"count(*) filter (where {value} > 0)", n_values), n_values)
    if not column.personal:
        for metric, part in ((LOWER_QUARTILE, 0.25), (MEDIAN, 0.5), (UPPER_QUARTILE, 0.75)):
            yield Measure(name, metric, f"cast(quantile_disc({value}, {part}) as double)", n_values)


def _of_moment(name: str, column: Column) -> Iterator[Measure]:
    lag = f"datediff('day', cast({quoted(name)} as date), delivered_on)"
    n_values = f"count({quoted(name)})"
    if column.personal or isinstance(column, BirthDate):  # a quantile of days would be someone's own day
        yield Measure(name, MEAN_LAG, f"cast(sum({lag}) as double) / nullif({n_values}, 0)", n_values)
        return
    for metric, part in ((FRESH_LAG, 0.1), (MEDIAN_LAG, 0.5), (LONG_LAG, 0.9)):
        yield Measure(name, metric, f"cast(quantile_disc({lag}, {part}) as double)", n_values)
