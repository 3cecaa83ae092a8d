"""Many nights of a company in one process: rows loaded as validation loads them, measured and judged.

The judge here asks the same of the same rows as Great Expectations does, in plain SQL and without its seconds
of import; `test_faults` holds that the two agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from klantprofiel.validation.account import GROWING
from klantprofiel.validation.canonical import make_canonical_views
from klantprofiel.validation.expected import filled, keep_statistics, parameters, suites_for
from klantprofiel.validation.sources import SOURCES, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

Broken = tuple[str, str, str, str]  # table, column, about, type


class Nights:
    """A run that loads `world.<table>`, its declared columns and delivered_on, day by day."""

    def __init__(self, run: Run, tables: Sequence[type[Table]]) -> None:
        self.run = run
        self.tables = {table.name: table for table in tables}
        self.suites = suites_for(tables)
        self.n_judged = 0  # expectations with a history, in the last night that was judged
        for kept in (*GROWING, SOURCES):
            kept.create(run)
        for table in tables:
            run.declarations[table.name] = table
            register(run, table)
        make_canonical_views(run)

    def load(self, name: str, days: Iterable[date], source: str = "") -> None:
        """Load what a table was delivered on some days; `source` is another select of the same columns."""
        table, days = self.tables[name], list(days)
        keys = ", ".join(table.keys)
        same = " and ".join(f"old.{key} = new.{key}" for key in table.keys)
        columns = ", ".join(table.columns)
        rows = (
            f"select *, row_number() over (partition by delivered_on order by {keys}) as line_number "
            f"from ({source or f'from world.{name}'}) where list_contains($days, delivered_on)"
        )
        last = f"row_number() over (partition by {keys} order by delivered_on desc) = 1"
        latest = f"select * from ({rows}) qualify {last}"
        self.run.execute(
            f"delete from identity.{name} as old using ({latest}) as new where {same}", days=days
        )
        self.run.execute(
            f"""
            insert into identity.{name} (batch_id, line_number, delivered_on, recorded_at, {columns})
            select cast(delivered_on as varchar), line_number, delivered_on,
                cast(delivered_on as timestamp), {columns}
            from ({latest}) order by delivered_on, line_number
            """,
            days=days,
        )
        batch = "cast(delivered_on as varchar) as batch_id, $name as table_name, count(*) as n_records"
        self.run.execute(
            f"insert into batches by name select {batch}, delivered_on from ({rows}) group by delivered_on",
            name=name,
            days=days,
        )
        self.run.execute(
            f"insert into batch_accounts by name select {batch}, count(*) as n_loaded, 0 as n_quarantined "
            f"from ({rows}) group by delivered_on",
            name=name,
            days=days,
        )

    def forget(self, name: str, day: date, *, replaced: bool = False) -> None:
        """Take one day of a table out again, as if that night had been refused."""
        for kept in ("batches", "batch_accounts"):
            self.run.execute(
                f"delete from {kept} where table_name = $name and batch_id = $day", name=name, day=str(day)
            )
        self.run.execute(
            "delete from delivery_statistics where table_name = $name and delivered_on >= $day",
            name=name,
            day=day,
        )
        if replaced:
            before = self.run.rows(f"select distinct delivered_on from batches where table_name = '{name}'")
            self.run.execute(f"delete from identity.{name}")
            for kept in ("batches", "batch_accounts"):
                self.run.execute(f"delete from {kept} where table_name = $name", name=name)
            self.load(name, sorted(each for (each,) in before))
        else:
            self.run.execute(f"delete from identity.{name} where delivered_on = $day", day=day)

    def bounds(self, as_of: date) -> dict[str, object]:
        """Measure what was not measured yet, and return the bounds of a night."""
        self.run.as_of = as_of
        keep_statistics(self.run, [])
        return parameters(self.run, self.suites)

    def broken(self, as_of: date, *, only: str = "") -> list[Broken]:
        """Return the expectations that a night breaks: table, column, what it is about, and its type."""
        bounds = self.bounds(as_of)
        found, self.n_judged = [], 0
        for suite in self.suites:
            if only in ("", suite["name"]):
                for expectation, holds in self._judged(suite, bounds):
                    self.n_judged += 1
                    if not holds:
                        meta = expectation["meta"]
                        found.append(
                            (suite["name"], meta.get("column", ""), meta["about"], expectation["type"])
                        )
        return found

    def _judged(self, suite: dict[str, Any], bounds: dict[str, object]) -> Iterator[tuple[Any, bool]]:
        records = f"identity.{suite['name']}"
        latest = f"(select * from {records} where delivered_on = (select max(delivered_on) from {records}))"
        for each in suite["expectations"]:
            expectation = filled(each, bounds)
            if expectation is not None:
                batch = latest if each["meta"]["rows"] == "latest" else records
                kwargs = {
                    key: bounds[value["$PARAMETER"]] if isinstance(value, dict) else value
                    for key, value in expectation["kwargs"].items()
                }
                yield each, self._holds(each["type"], kwargs, batch)

    def _holds(self, kind: str, kwargs: dict[str, Any], batch: str) -> bool:
        if kind == "unexpected_rows_expectation":
            query = kwargs["unexpected_rows_query"].replace("{batch}", batch)
            return not self.run.rows(query)
        if "unique" in kind:
            keys = ", ".join(kwargs.get("column_list", [kwargs.get("column")]))
            return not self.run.rows(f"select 1 from {batch} group by {keys} having count(*) > 1 limit 1")
        return bool(self.run.rows(f"select coalesce({condition(kind, kwargs)}, true) from {batch}")[0][0])


def condition(kind: str, kwargs: dict[str, Any]) -> str:
    """Return an expectation as a condition over its rows."""
    column = f'"{kwargs["column"]}"' if "column" in kwargs else ""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if found := re.fullmatch("expect_(?:column|table)_(max|mean|median|row_count)_to_be_between", kind):
        value = {"row_count": "count(*)", "mean": f"avg({column})"}.get(found[1], f"{found[1]}({column})")
        sides = [f"{value} >= {_sql(low)}"] if low is not None else []
        return " and ".join([*sides, *([f"{value} <= {_sql(high)}"] if high is not None else [])])
    if kind == "expect_column_distinct_values_to_contain_set":
        wanted = ", ".join(_sql(value) for value in kwargs["value_set"])
        return f"list_has_all(list(distinct {column}), [{wanted}])"
    mostly = kwargs.get("mostly", 1)
    if kind == "expect_column_values_to_not_be_null":
        return f"count({column}) >= {mostly} * count(*)"
    if kind == "expect_column_values_to_be_between":
        return f"count(*) filter ({column} > {low}) >= {mostly} * count({column})"
    if kind == "expect_column_value_lengths_to_be_between":
        return f"count(*) filter (length({column}) between {low} and {high}) >= {mostly} * count({column})"
    raise KeyError(kind)


def _sql(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
