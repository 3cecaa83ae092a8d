"""Where pairs are worked on: temporary tables of one cursor, and Splink's SQL on them."""

from __future__ import annotations

import contextlib
import functools
import logging
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from klantprofiel.unification.linkage.comparisons import Comparison
    from klantprofiel.warehouse import Run

WORK: Final = "linkage_work"
NUMBER: Final = "number"
FOLDED: Final = (
    *("given_name", "initials", "surname", "surname_long", "other_surname", "street", "place"),
    *("email", "id_number"),
)
"""What the portable comparisons measure distances of: engines count bytes of it, or signs."""
PAIRS: Final = "__splink__blocked_id_pairs"  # what Splink's SQL calls the pairs that it compares


@contextlib.contextmanager
def splinks_own(run: Run, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let what Splink creates on the cursor go to a database in memory, and drop that at the end."""
    run.execute(f"attach ':memory:' as {WORK}")
    ((catalog,),) = cursor.execute("select current_database()").fetchall()
    cursor.execute(f"use {WORK}")
    try:
        yield
    finally:
        cursor.execute(f'use "{catalog}"')
        run.execute(f"detach {WORK}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep Splink from logging: its messages are for who builds a model by hand."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def make_records(
    cursor: duckdb.DuckDBPyConnection, *, only: str | None = None, portable: bool = False
) -> int:
    """Make the table `numbers` and the view `records` of `identity.link_records`; return how many there are.

    `only` names a table of pairs (first_record_id, record_id): only their records are there. With `portable`,
    letters that engines compare differently are left out.
    """
    among = (
        f"where record_id in (select first_record_id from {only} union all select record_id from {only})"
        if only
        else ""
    )
    cursor.execute(
        "create temp table numbers as "
        "select cast(row_number() over (order by record_id) as integer) as number, record_id "
        f"from identity.link_records {among}"
    )
    cursor.execute(
        f"create temp view known_records as select {_columns(portable=portable)} from identity.link_records"
    )
    cursor.execute(f"create temp view records as {records_sql('numbers')}")
    ((n_records,),) = cursor.execute("select count(*) from numbers").fetchall()
    return int(n_records)


@functools.cache
def records_sql(numbers: str) -> str:
    """Return the select of what is compared of the records in a table (number, record_id)."""
    tables = {"identity.link_records": "known_records", "numbers": numbers}
    return exp.replace_tables(load_sql(__package__, "compared_records").select, tables).sql("duckdb")


def _columns(*, portable: bool) -> str:
    if not portable:
        return "*"
    folded = ", ".join(f"nullif(regexp_replace({name}, '[^ -~]', '', 'g'), '') as {name}" for name in FOLDED)
    return f"* replace ({folded})"


def settings_of(comparisons: tuple[Comparison, ...], rounds: int = 12) -> dict[str, Any]:
    """Return Splink's settings for comparisons without weights, to be trained in at most so many rounds."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": NUMBER,
        "comparisons": [comparison.settings() for comparison in comparisons],
        "retain_matching_columns": False,
        "max_iterations": rounds,
    }


@functools.lru_cache(maxsize=32)
def vectors_sql(comparisons: tuple[Comparison, ...], records: str, *, with_frequencies: bool = True) -> str:
    """Return Splink's own SQL for the comparison vectors of the pairs in `__splink__blocked_id_pairs`.

    It ends in a table `vectors`: `number_l`, `number_r`, per comparison `gamma_<name>`, and what is named of
    frequencies. To be followed by a select.
    """
    from splink import SettingsCreator  # noqa: PLC0415  costly
    from splink.internals.comparison_vector_values import (  # noqa: PLC0415  the same
        compute_comparison_vector_values_from_id_pairs_sqls,
    )

    declarations = settings_of(comparisons)
    for comparison, declared in zip(comparisons, declarations["comparisons"], strict=True):
        if comparison.frequency and with_frequencies:
            declared["comparison_levels"][1]["tf_adjustment_column"] = comparison.frequency
    settings = SettingsCreator.from_path_or_dict(declarations).get_settings("duckdb")
    steps = compute_comparison_vector_values_from_id_pairs_sqls(
        settings._columns_to_select_for_blocking,  # noqa: SLF001  the same text that Splink's predict makes
        settings._columns_to_select_for_comparison_vector_values,  # noqa: SLF001
        input_tablename_l=records,
        input_tablename_r=records,
        source_dataset_input_column=None,
        unique_id_input_column=settings.column_info_settings.unique_id_input_column,
    )
    return "with " + ",\n".join(f"{step['output_table_name']} as ({step['sql']})" for step in steps)
