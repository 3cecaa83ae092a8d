"""Whose facts a run has to compute again: of whom records came, changed or went since the release before."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from klantprofiel.schema import canonical
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from collections.abc import Collection

    from klantprofiel.warehouse import Run

CHANGED: Final = "identity.changed_customers"
MOST_CHANGED: Final = 0.2
"""When more customers changed than this share, computing all anew costs no more."""

_BATCHES: Final = "identity.read_batches"
_RECORDS: Final = "identity.read_records"
_STATE: Final = "profiles_state"
_READ_BATCHES: Final = Statement.of(
    table=_BATCHES,
    describes="the deliveries that the facts were made of.",
    grain="One row per delivery.",
    select=parse("select distinct batch_id from batches"),
)
_READ_RECORDS: Final = Statement.of(
    table=_RECORDS,
    describes="whose record was whose when the facts were made.",
    grain="One row per customer number of a source.",
    select=parse("select record_id, customer_id from identity.customer_records"),
)
_EVENTS: Final = tuple(
    table.name
    for table in canonical.TABLES
    if "customer_id" in table.columns and table is not canonical.Customers
)
_SOURCES: Final = "select * from sources order by table_name"
# Of a record that moved to another customer, both customers changed.
_CHANGED: Final = f"""
with now as (select record_id, customer_id from identity.customer_records),
before as (select record_id, customer_id from {_RECORDS}),
records as (
    {{events}}
    select record_id from identity.replaced_records
    union
    select record_id from (from now except from before)
    union
    select record_id from (from before except from now)
)
select customer_id from now semi join records using (record_id)
union
select customer_id from before semi join records using (record_id)
order by all
"""


def find_changed(run: Run, made_by: str) -> bool:
    """Make `identity.changed_customers`, and return whether it holds all whose facts may have changed.

    False means that everybody's have to be computed again: nothing was read before, it was `made_by` other
    statements or from other references, a delivery is gone, or too many customers changed.
    """
    before = run.rows(f"select made_by from {_STATE}") if run.has(_STATE) else []
    if before != [(made_by,)] or run.rows(
        f"select 1 from {_BATCHES} anti join batches using (batch_id) limit 1"
    ):
        return False
    events = "".join(
        f"select record_id from identity.{name} semi join new_batches using (batch_id) union "
        for name in _EVENTS
    )
    new = run.arrow(f"select batch_id from batches anti join {_BATCHES} using (batch_id)")
    run.write(
        CHANGED,
        run.arrow(_CHANGED.format(events=events), new_batches=new),
        describes="whose facts are computed again in this run.",
        grain="One row per customer.",
    )
    ((n_changed,),) = run.rows(f"select count(*) from {CHANGED}")
    ((n_customers,),) = run.rows("select count(*) from customers")
    return bool(n_changed <= MOST_CHANGED * n_customers)


def keep_read(run: Run, made_by: str) -> None:
    """Keep of which deliveries and records the facts were made, for the run after this one."""
    run.drop(CHANGED)
    run.execute("delete from identity.replaced_records")
    run.make(_READ_BATCHES)
    run.make(_READ_RECORDS)
    run.create(_STATE, {"made_by": "VARCHAR"}, describes="by what the facts were made.", grain="One row.")
    run.execute(f"delete from {_STATE}")
    run.execute(f"insert into {_STATE} values ($made_by)", made_by=made_by)


def made_of(run: Run, statements: Collection[Statement]) -> str:
    """Return a digest of how facts are made: the statements, the sources, and the references they read."""
    references = {
        table: run.rows(f"select count(*), bit_xor(hash(one)) from {table} as one")
        for table in sorted({table for statement in statements for table in statement.tables})
        if "record_id" not in run.columns(table)
    }
    sql = [statement.sql() for statement in statements]
    return sha256(repr([run.rows(_SOURCES), sql, references]).encode()).hexdigest()
