from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from klantprofiel.errors import DeclarationError
from klantprofiel.warehouse import Statement, parse, read_sql
from klantprofiel.warehouse.subset import main, violations

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """-- spending: what each customer spent until $as_of.
-- One row per customer with an order.
with orders_in_scope as (
    select customer_id, amount_eur from identity.orders where ordered_on <= $as_of
)
select customer_id, sum(amount_eur) as monetary_eur from orders_in_scope group by customer_id
"""


def written(directory: Path, text: str, name: str = "spending.sql") -> Path:
    path = directory / name
    path.write_text(text)
    return path


def test_a_file_tells_what_it_makes_reads_and_needs_without_running(tmp_path: Path) -> None:
    statement = read_sql(written(tmp_path, GOOD))

    assert statement.table == "spending"
    assert statement.describes == "what each customer spent until $as_of."
    assert statement.grain == "One row per customer with an order."
    assert statement.parameters == ("as_of",)
    assert statement.tables == ("identity.orders",)
    assert statement.columns == ("customer_id", "monetary_eur")


def test_a_file_runs_as_it_was_written(tmp_path: Path) -> None:
    assert read_sql(written(tmp_path, GOOD)).sql() == "\n".join(GOOD.splitlines()[2:])


@pytest.mark.parametrize("end", ["", ";", " -- who bought; and where"])
def test_the_columns_of_the_last_select_are_cast(tmp_path: Path, end: str) -> None:
    text = "-- shops: where we are.\n-- One row per shop.\nselect '7' as n, 'x' as name"
    statement = read_sql(written(tmp_path, text + end, "shops.sql"))

    assert duckdb.execute(statement.sql({"n": "DECIMAL(18,2)"})).fetchall() == [(Decimal("7.00"), "x")]
    assert duckdb.execute(statement.sql()).fetchall() == [("7", "x")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOOD.replace("-- One row per", "-- Rows of"), "does not start with its header"),
        (GOOD.replace("-- spending", "-- other"), "makes the table other"),
        (GOOD.replace("sum(", "sum(("), "does not parse"),
        (GOOD + "; select 1 as x", "not one select"),
        (
            GOOD.replace("select customer_id, sum(amount_eur) as monetary_eur", "select *"),
            "name every column",
        ),
        (GOOD.replace(" as monetary_eur", ""), "name every column"),
        ("-- spending: x\n-- One row per x.\ndrop table orders", "not one select"),
    ],
)
def test_a_file_that_does_not_keep_the_form_is_refused(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(DeclarationError, match=found):
        read_sql(written(tmp_path, text))


@pytest.mark.parametrize("table", ["Spending", "a b", "identity.x.y", "x;drop", ""])
def test_a_table_has_a_plain_name(table: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be the name of a table"):
        Statement.of(table=table, describes="d.", grain="One row.", select=parse("select 1 as x"))


@pytest.mark.parametrize(
    "query",
    [
        "select a / b as x from t",
        "select cast(a as double) / b as x from t",
        "select a % b as x from t",
        "select list(a) as x from t",
        "select list_sort(list(a)) as x from t",
        "select quantile_cont(a, 0.5) as x from t",
        "select arg_max(a, b) as x from t",
        "select any_value(a) as x from t",
        "select hash(a) as x from t",
        "select columns('a') as x from t",
        "select t.a as x from t asof join u on t.a >= u.a",
        "select current_date as x",
        "select random() as x",
        "select jaro_winkler_similarity(a, b) as x from t",
    ],
)
def test_sql_that_the_engines_read_differently_is_named(query: str) -> None:
    assert list(violations(parse(query)))


@pytest.mark.parametrize(
    "query",
    [
        "select cast(a as double) / nullif(b, 0) as x from t",
        "select 100 * cast(a as double) / nullif(b, 0) as x from t",
        "select list_sort(list(a) filter (where a is not null)) as x from t",
        "select a, row_number() over (partition by b order by c desc, d) as n from t qualify n = 1",
        "select datediff('day', a, $as_of) as x from t left join u on t.a = u.a where b is distinct from c",
        "select md5(a) as x, coalesce(b, 0) as y, case when a = 'x' then 1 else 2 end as z from t",
    ],
)
def test_sql_that_the_engines_read_alike_passes(query: str) -> None:
    assert list(violations(parse(query))) == []


def test_the_check_counts_files_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, GOOD)
    assert main([str(tmp_path)]) == 0
    written(tmp_path, GOOD.replace("sum(amount_eur)", "arg_max(amount_eur, customer_id)"))
    assert main([str(tmp_path)]) == 1
    assert "spending.sql" in capsys.readouterr().out
