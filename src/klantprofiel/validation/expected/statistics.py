"""What every delivery was like: the history that later deliveries are judged against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.validation.account import Kept
from klantprofiel.validation.expected import measures as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from klantprofiel.schema import Table
    from klantprofiel.validation.account import BatchAccount
    from klantprofiel.warehouse import Run

LEAST_LEFT: Final = 0.5  # of a day whose rows were mostly replaced since, what is left says too little

STATISTICS: Final = Kept(
    "delivery_statistics",
    "what each delivery was like, as numbers over many rows: the history that the next is judged against.",
    "One row per table, day of delivery, column, metric and, for shares of categories, category.",
    {
        "table_name": "VARCHAR",
        "delivered_on": "DATE",
        "column_name": "VARCHAR",
        "metric": "VARCHAR",
        "category": "VARCHAR",
        "value": "DOUBLE",
        "n": "BIGINT",
    },
)


def keep_statistics(run: Run, accounts: Sequence[BatchAccount]) -> None:
    r"""Measure the days of delivery of these accounts, and those that were loaded and never measured.

    Called when all tables are loaded and the canonical views are made. A day that is measured again replaces
    what was known of it. Only numbers over many rows are kept, and names of categories of at least ten rows
    in columns that are about no person.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery, ingest
    >>> from klantprofiel.validation import validate
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    ...     floor_m2 = s.Integer(label="Oppervlak", unit="m2", nullable=True)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory, "winkels.csv")
    ...     _ = file.write_text("shop_id;floor_m2\n1;200\n2;\n")
    ...     with Warehouse(directory + "/klanten").run("nightly", datetime.date(2026, 10, 1)) as run:
    ...         _ = ingest(run, [Delivery(Shops, file)])
    ...         validated = validate(run)
    ...         keep_statistics(run, validated.accounts)
    ...         run.rows("select value, n from delivery_statistics where metric = 'filled_share'")
    [(0.5, 2)]
    """
    STATISTICS.create(run)
    for table in run.declarations.values():
        fresh = {each.batch.delivered_on for each in accounts if each.batch.table_name == table.name}
        days = sorted(fresh | _unmeasured(run, table.name))
        if days:
            _keep(run, table, days)


def _unmeasured(run: Run, table_name: str) -> set[date]:
    rows = run.rows(
        """
        select distinct delivered_on from batches where table_name = $name and delivered_on not in (
            select delivered_on from delivery_statistics where table_name = $name
        )
        """,
        name=table_name,
    )
    return {day for (day,) in rows}


def _keep(run: Run, table: type[Table], days: list[date]) -> None:
    """Measure the days of one table and put that in the place of what was known of them."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run with deliveries needs it

    rows = sorted(_measured(run, table, days))
    names = [name for name in STATISTICS.columns if name != "table_name"]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    run.execute(
        "delete from delivery_statistics where table_name = $name and list_contains($days, delivered_on)",
        name=table.name,
        days=days,
    )
    run.execute(
        f"insert into delivery_statistics select $name, {', '.join(names)} from measured",
        name=table.name,
        measured=pa.table(columns),
    )


Row = tuple["date", str, str, str, "float | None", int]


def _measured(run: Run, table: type[Table], days: list[date]) -> Iterator[Row]:
    """Yield every measured number: day, column, metric, category, value and on how many rows it rests."""
    accounts = _accounts(run, table.name)
    standing = dict(run.rows(f"select delivered_on, count(*) from identity.{table.name} group by 1"))
    known = sorted(accounts)
    for day in days:
        n_records, n_loaded, n_quarantined = accounts[day]
        yield day, "", m.ROWS, "", float(n_loaded), n_loaded
        if n_records:
            yield day, "", m.QUARANTINED, "", n_quarantined / n_records, n_records
        earlier = [each for each in known if each < day and accounts[each][1]]
        if earlier:
            before = earlier[-1]
            n_before = accounts[before][1]
            yield day, "", m.STANDING, "", min(1.0, standing.get(before, 0) / n_before), n_before
    telling = [day for day in days if standing.get(day, 0) > LEAST_LEFT * accounts[day][1]]
    if not telling:
        return
    for row in run.rows(" union all ".join(_selects(table, telling, known[0])), days=telling):
        if row[4] is not None:
            yield row


def _accounts(run: Run, table_name: str) -> dict[date, tuple[int, int, int]]:
    """Return per day of delivery how many records it held, and how many were loaded and quarantined."""
    rows = run.rows(
        """
        select delivered_on, cast(sum(batch_accounts.n_records) as bigint),
            cast(sum(n_loaded) as bigint), cast(sum(n_quarantined) as bigint)
        from batches join batch_accounts using (table_name, batch_id)
        where table_name = $name group by delivered_on
        """,
        name=table_name,
    )
    return {day: (n_records, n_loaded, n_quarantined) for day, n_records, n_loaded, n_quarantined in rows}


def _selects(table: type[Table], days: list[date], first: date) -> Iterator[str]:
    yield _aggregates(table)
    for column, (value, of) in m.references(table).items():
        name = m.quoted(column)
        known = m.share(f"count(*) filter (where {value} in ({of}))", f"count({name})")
        yield _select(table, column, m.KNOWN, known, f"count({name})")
    for column in m.category_columns(table):
        yield _categories(table, column)
    if days[-1] > first:
        for column in m.familiar_columns(table):
            yield _familiar(table, column, first)


def _select(table: type[Table], column: str, metric: str, value: str, n: str) -> str:
    return (
        f"select delivered_on, '{column}', '{metric}', '', {value}, {n} from identity.{table.name} "
        "where list_contains($days, delivered_on) group by delivered_on"
    )


def _aggregates(table: type[Table]) -> str:
    """Return the select that takes all plain measures in one pass, a row per day and measure."""
    listed = [
        f"{{'column': '{each.column}', 'metric': '{each.metric}', 'value': {each.sql}, 'n': {each.n_sql}}}"
        for each in m.measures_of(table)
    ]
    return (
        "select delivered_on, measure['column'], measure['metric'], '', measure['value'], measure['n'] from ("
        f"select delivered_on, unnest([{', '.join(listed)}]) as measure from identity.{table.name} "
        "where list_contains($days, delivered_on) group by delivered_on)"
    )


def _categories(table: type[Table], column: str) -> str:
    name = m.quoted(column)
    counted = (
        f"select delivered_on, cast({name} as varchar) as _category, count(*) as n "
        f"from identity.{table.name} "
        f"where list_contains($days, delivered_on) and {name} is not null group by delivered_on, _category"
    )
    together = (
        "select *, cast(sum(n) over (partition by delivered_on) as bigint) as n_in_all, "
        f"count(*) over (partition by delivered_on) as n_categories from ({counted})"
    )
    return (
        f"select delivered_on, '{column}', '{m.CATEGORY}', _category, {m.share('n', 'n_in_all')}, n_in_all "
        f"from ({together}) where n >= {m.LEAST_OF_A_CATEGORY} and n_categories <= {m.MOST_CATEGORIES}"
    )


def _familiar(table: type[Table], column: str, first: date) -> str:
    """Return the select of the share of values that stood in the head of an earlier file."""
    name, records = m.quoted(column), f"identity.{table.name}"
    seen = (
        f"select {name}, min(delivered_on) as first_on from {records} "
        f"where line_number <= {m.HEAD} and {name} is not null group by {name}"
    )
    return (
        f"select delivered_on, '{column}', '{m.FAMILIAR}', '', "
        f"{m.share('count(*) filter (where first_on < delivered_on)', f'count({name})')}, count({name}) "
        f"from {records} left join ({seen}) as seen using ({name}) "
        f"where list_contains($days, delivered_on) and delivered_on > date '{first}' group by delivered_on"
    )
