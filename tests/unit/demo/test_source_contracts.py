"""The contracts in schemas/ let in every row that a source makes, and none of the dirt planted in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sqlglot import exp

from klantprofiel.demo.company import LAST_DAY
from klantprofiel.demo.dirt import ROW_BEFORE, plant
from klantprofiel.demo.writers import BROKEN
from klantprofiel.project import find_project
from tests.unit.demo.sources import OWN, made, source

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Frame
    from klantprofiel.schema import Rule, Table

BEYOND_ONE_ROW = {BROKEN}  # a broken line never reaches the contract


@pytest.fixture(scope="module")
def tables() -> dict[str, type[Table]]:
    files: dict[str, type[Table]] = find_project(Path(__file__)).pipeline("nightly").FILES
    return files


def as_text(rows: Frame, table: type[Table]) -> Frame:
    """Return the declared columns as a reader gives them: all text, also what was typed."""

    def text(column: Any) -> Any:  # noqa: ANN401 - pyarrow ships no types
        if pa.types.is_timestamp(column.type):
            return pc.strftime(column, table.dialect.timestamp_format)
        return pc.cast(column, pa.string())

    return pa.table({f"_text_{name}": text(rows[c.header]) for name, c in table.columns.items()})


def judged(rows: Frame, table: type[Table]) -> list[bool]:
    """Return for each row whether every value can be read, is there when needed, and keeps all rules."""
    landed = as_text(rows, table).append_column("_row", pa.array(np.arange(rows.num_rows)))
    values, kept = [], []
    for name, column in table.columns.items():
        text = exp.column(f"_text_{name}", quoted=True)
        values.append(f"{column.cast(text, table.dialect).sql('duckdb')} as {name}")
        kept.append(f"not ({column.unreadable(text, table.dialect).sql('duckdb')})")
        kept += [] if column.nullable else [f"{name} is not null"]
        kept += [predicate(rule) for rule in column.rules(table.dialect)]
    kept += [predicate(rule) for rule in table.rules.values()]
    query = f"""
        select {" and ".join(kept)} as is_clean
        from (select *, {", ".join(values)} from landed) cross join (select $as_of::date as as_of)
        order by _row
    """
    with duckdb.connect() as engine:
        engine.register("landed", landed)
        found = engine.execute(query, {"as_of": LAST_DAY}).fetchall()
    return [is_clean for (is_clean,) in found]


def predicate(rule: Rule) -> str:
    """Return a rule as SQL; who does not know keeps it."""
    return f"coalesce({rule.predicate.sql('duckdb').replace('$as_of', 'as_of')}, true)"


@pytest.mark.parametrize("name", OWN)
def test_every_row_of_a_source_keeps_its_contract(name: str, tables: dict[str, type[Table]]) -> None:
    assert all(judged(made(name).rows, tables[name]))


@pytest.mark.parametrize("name", [name for name in OWN if source(name).stains])
def test_every_planted_stain_is_caught(name: str, tables: dict[str, type[Table]]) -> None:
    rows = made(name).rows.slice(0, 3_000)
    rng = np.random.default_rng(1)
    soiled, planted = plant(rng, rows, np.array([0, rows.num_rows]), source(name).stains)
    seen = {
        stain.kind
        for stain in source(name).stains
        if stain.value is not ROW_BEFORE and stain.column not in BEYOND_ONE_ROW
    }
    expected = {row["record"] - 1 for row in planted.to_pylist() if row["kind"] in seen}
    found = {row for row, is_clean in enumerate(judged(soiled, tables[name])) if not is_clean}
    assert found == expected


@pytest.mark.parametrize("name", OWN)
def test_a_contract_declares_every_delivered_column(name: str, tables: dict[str, type[Table]]) -> None:
    headers = {column.header for column in tables[name].columns.values()}
    assert headers == set(made(name).rows.column_names) - {BROKEN}
