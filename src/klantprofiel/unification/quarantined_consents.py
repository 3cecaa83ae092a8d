"""Statements about the use of data that are in quarantine: unreadable, and so no permission.

Who wrote `misschien` may have said no. Such a record counts as a statement with the status `unclear`, made at
the end of the day of its delivery, until the customer states something after that. A record that could not be
divided into fields names nobody, and nothing can follow from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.warehouse import parse

if TYPE_CHECKING:
    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

EVERYTHING: Final = "all"
"""The purpose or channel of a statement that does not readably name one."""

TABLE: Final = "identity.quarantined_consents"
COLUMNS: Final = {
    "batch_id": "VARCHAR",
    "table_name": "VARCHAR",
    "line_number": "BIGINT",
    "record_id": "VARCHAR",
    "source": "VARCHAR",
    "purpose": "VARCHAR",
    "channel": "VARCHAR",
    "stated_at": "TIMESTAMP",
    "is_repeat": "BOOLEAN",
}

# A delivered text that no loaded statement has may be a name that slipped into the wrong column.
_NAMED: Final = """
select
    batch_id, $table_name, line_number, $customers_of || '/' || customer_number, $source,
    case
        when purpose in (select known.purpose from identity.consents as known)
            or ($is_declared and regexp_full_match(purpose, '[a-z][a-z_ -]{0,29}')) then purpose
        else $everything
    end,
    case
        when channel in (select known.channel from identity.consents as known)
            or ($is_declared and regexp_full_match(channel, '[a-z][a-z_ -]{0,29}')) then channel
        else $everything
    end,
    cast(delivered_on as timestamp) + interval 1 day - interval 1 second,
    rules = ['key.unique'] and exists (
        select 1 from identity.consents as loaded
        where loaded.record_id = $customers_of || '/' || customer_number
            and loaded.source = $source
            and loaded.purpose is not distinct from said.purpose
            and loaded.channel is not distinct from said.channel
            and loaded.stated_at is not distinct from said.stated_at
            and loaded.status = said.status
    )
from ({said}) as said
where customer_number is not null
order by batch_id, line_number
"""


def keep_quarantined_consents(run: Run) -> None:
    """Write down whom the consent records in quarantine are about, and over which purpose and channel.

    A delivered purpose or channel is translated as its declaration says. Without the declaration in this run,
    what an earlier run wrote stays, and of new records only a text that loaded statements use is believed;
    anything else stands for all purposes, or all channels. An exact repeat of a loaded statement
    (`is_repeat`) adds nothing; without the declaration no repeat is known to be exact.
    """
    run.create(
        TABLE,
        COLUMNS,
        describes="whom the consent records in quarantine are about; an exact repeat adds nothing.",
        grain="One row per consent record in quarantine that names a customer.",
        made_from=("identity.quarantine", "batches", "sources", "identity.consents"),
    )
    run.execute(
        f"delete from {TABLE} as kept where not exists (select 1 from identity.quarantine as found "
        "where found.batch_id = kept.batch_id and found.table_name = kept.table_name "
        "and found.line_number = kept.line_number)"
    )
    sources = run.rows(
        "select table_name, source, customers_of from sources where maps_to = 'consents' order by table_name"
    )
    for name, source, customers_of in sources:
        table = run.declarations.get(name)
        if table is not None:
            run.execute(f"delete from {TABLE} where table_name = $name", name=name)
        said = _said(table, run.columns(f"identity.{name}"))
        run.execute(
            f"insert into {TABLE} {_NAMED.replace('{said}', said.sql('duckdb'))}",
            table_name=name,
            source=source,
            customers_of=customers_of,
            everything=EVERYTHING,
            is_declared=table is not None,
        )


def _said(table: type[Table] | None, loaded: dict[str, str]) -> exp.Query:
    """Return the select that reads the records in quarantine of a table that were not read before."""
    select = parse(
        f"""
        select found.batch_id, found.line_number, found.rules, batches.delivered_on
        from identity.quarantine as found
        inner join batches on batches.batch_id = found.batch_id and batches.table_name = found.table_name
        where found.table_name = $table_name and not exists (
            select 1 from {TABLE} as kept
            where kept.batch_id = found.batch_id and kept.table_name = found.table_name
                and kept.line_number = found.line_number
        )
        """
    )
    number = exp.TryCast(
        this=_read(table, "customer_id"), to=exp.DataType.build(loaded["customer_id"], dialect="duckdb")
    )
    values = {
        "customer_number": exp.Coalesce(
            this=exp.cast(number, "varchar"), expressions=[_delivered("customer_id")]
        ),
        "purpose": _read(table, "purpose"),
        "channel": _read(table, "channel"),
        "stated_at": exp.TryCast(this=_read(table, "stated_at"), to=exp.DataType.build("timestamp")),
        "status": _read(table, "status"),
    }
    return select.select(*(exp.alias_(value, name) for name, value in values.items()))


def _delivered(column: str) -> exp.Expr:
    """Return the delivered text of a column; NULL when nothing or only whitespace was delivered."""
    return parse(f"select nullif(trim(json_extract_string(found.record, '$.{column}')), '')").selects[0]


def _read(table: type[Table] | None, column: str) -> exp.Expr:
    """Return what a delivered text stands for, as far as its declaration is at hand."""
    if table is None or column not in table.columns:
        return _delivered(column)
    return table.columns[column].cast(_delivered(column), table.dialect)
