"""Runs what the schema declares on DuckDB, in a session whose time zone is nobody's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from klantprofiel.schema import Rule

TEXT = exp.column("text")


@cache
def connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set timezone = 'Pacific/Chatham'")
    return con


def evaluate(expression: exp.Expression, texts: Sequence[str | None]) -> list[Any]:
    """Return the value of an SQL expression over the column `text`, for each text."""
    rows = "select unnest($texts::varchar[]) as text, generate_subscripts($texts::varchar[], 1) as place"
    query = f"select {expression.sql('duckdb')} from ({rows}) order by place"
    return [value for (value,) in connection().execute(query, {"texts": list(texts)}).fetchall()]


def keeps(rule: Rule, as_of: date | None = None, /, **row: object) -> bool | None:
    """Return what a rule says about one row."""
    columns = ", ".join(f"${name} as {name}" for name in row)
    query = f"select {rule.predicate.sql('duckdb')} from (select {columns})"
    parameters = row | ({"as_of": as_of} if "$as_of" in query else {})
    answer = connection().execute(query, parameters).fetchone()
    assert answer is not None
    return answer[0]  # type: ignore[no-any-return]
