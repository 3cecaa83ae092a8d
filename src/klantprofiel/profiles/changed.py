"""Whom a run computes again: those of whom records came, changed or went since the release before."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.schema import canonical
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from klantprofiel.profiles.theme import Facts
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
    describes="whose record was whose when the facts were made, in which household, and born when.",
    grain="One row per customer number of a source.",
    select=parse(
        """
        select registry.record_id, registry.customer_id, households.household_id, golden.birth_date
        from identity.customer_records as registry
        left join identity.households as households on households.record_id = registry.record_id
        left join identity.golden_record as golden on golden.customer_id = registry.customer_id
        """
    ),
)
_NOTHING_READ: Final = dict.fromkeys(("record_id", "customer_id", "household_id"), "VARCHAR") | {
    "birth_date": "DATE"
}
_EVENTS: Final = tuple(
    table.name
    for table in canonical.TABLES
    if "customer_id" in table.columns and table is not canonical.Customers
)
_SOURCES: Final = "select * from sources order by table_name"
# Without these a golden record may differ though no record of it does.
_JUDGED: Final = (
    ("unification_state", "select made_by from unification_state"),
    (
        "identity.placeholder_values",
        "select distinct kind, standard from identity.placeholder_values order by all",
    ),
)
_IN_NEW_BATCHES: Final = "select record_id from identity.{} semi join new_batches using (batch_id)"
_REPLACED: Final = """
select record_id from identity.replaced_records
{} join (select table_name from sources where maps_to = 'customers') using (table_name)
"""
_OF_EVENTS: Final = " union ".join([*map(_IN_NEW_BATCHES.format, _EVENTS), _REPLACED.format("anti")])
_OF_CUSTOMERS: Final = " union ".join(
    ["from of_events", _IN_NEW_BATCHES.format("customers"), _REPLACED.format("semi")]
)
# Of a record that moved to another customer, both customers changed.
_MOVED: Final = f"""
select now.customer_id as customer_now, before.customer_id as customer_before
from ({_READ_RECORDS.sql()}) as now full join {_RECORDS} as before on before.record_id = now.record_id
where
    now.customer_id is distinct from before.customer_id
    or now.household_id is distinct from before.household_id
    or now.birth_date is distinct from before.birth_date
"""
_CUSTOMERS: Final = f"""
select customer_id from identity.customer_records semi join records using (record_id)
union
select customer_id from {_RECORDS} semi join records using (record_id)
union
select customer_now from moved where customer_now is not null
union
select customer_before from moved where customer_before is not null
order by all
"""


@dataclass(frozen=True)
class Kept:
    """What a run keeps of the release before: all but that of customers in `identity.changed_customers`.

    Parameters
    ----------
    as_of
        The date of the figures that are there.
    has_states
        Whether states are kept as well. They are not when too many customer records came, as in a file of all
        customers; `identity.changed_customers` then holds only whose facts may have changed.
    """

    as_of: date
    has_states: bool

    def holds(self, facts: Facts) -> bool:
        """Whether these facts are kept of who did not change."""
        return self.has_states or not facts.is_state


def find_changed(run: Run, made_by: str) -> Kept | None:
    """Make `identity.changed_customers`, and return what is kept of the release before.

    Nothing is when nothing was read before, it was `made_by` other statements or from other references, a
    delivery is gone, too many customers changed, or the release before is of a later date.
    """
    if not run.has(_RECORDS) or list(run.columns(_RECORDS)) != list(_NOTHING_READ):
        run.drop(_RECORDS)
        run.create(_RECORDS, _NOTHING_READ, describes=_READ_RECORDS.describes, grain=_READ_RECORDS.grain)
    as_of = _date_before(run, made_by)
    if as_of is None or as_of > run.as_of:
        return None
    new = run.arrow(f"select batch_id from batches anti join {_BATCHES} using (batch_id)")
    of_events = run.arrow(_OF_EVENTS, new_batches=new)
    moved = run.arrow(_MOVED)
    with_facts = run.arrow(_CUSTOMERS, records=of_events, moved=moved)
    if not _are_few(run, with_facts):
        return None
    records = run.arrow(_OF_CUSTOMERS, new_batches=new, of_events=of_events)
    with_states = run.arrow(_CUSTOMERS, records=records, moved=moved)
    has_states = _are_few(run, with_states)
    run.write(
        CHANGED,
        with_states if has_states else with_facts,
        describes="whose facts are computed again in this run.",
        grain="One row per customer.",
    )
    return Kept(as_of, has_states)


def keep_read(run: Run, made_by: str, kept: Kept | None) -> None:
    """Keep of which deliveries and records the profiles were made, for the run after this one."""
    run.make(_READ_BATCHES)
    if kept is None:
        run.make(_READ_RECORDS)
    else:
        _renew_records(run)
    run.drop(CHANGED)
    run.execute("delete from identity.replaced_records")
    run.make(
        Statement.of(
            table=_STATE,
            describes="by what profiles were made, and as of which date.",
            grain="One row.",
            select=parse("select cast($made_by as varchar) as made_by, cast($as_of as date) as as_of"),
        ),
        made_by=made_by,
    )


def made_of(run: Run, statements: Collection[str], read: Collection[str]) -> str:
    """Return a digest of how profiles are made: the SQL, and what of no single customer it reads.

    That is the engine, the sources, what unification took for placeholders, and the tables of `read` in which
    no customers are.
    """
    references = {
        table: run.rows(f"select count(*), bit_xor(hash(one)) from {table} as one")
        for table in sorted(set(read))
        if run.has(table) and not {"record_id", "customer_id"} & set(run.columns(table))
    }
    judged = [run.rows(query) for table, query in _JUDGED if run.has(table)]
    made_by = [version("duckdb"), run.rows(_SOURCES), judged, list(statements), references]
    return sha256(repr(made_by).encode()).hexdigest()


def _date_before(run: Run, made_by: str) -> date | None:
    """Return the date of the figures, if made in the same way of deliveries that are all there still."""
    if not run.has(_STATE) or "as_of" not in run.columns(_STATE):
        return None
    ((before, as_of),) = run.rows(f"select made_by, as_of from {_STATE}")
    if before != made_by or run.rows(f"select 1 from {_BATCHES} anti join batches using (batch_id) limit 1"):
        return None
    found: date = as_of
    return found


def _renew_records(run: Run) -> None:
    """Read the records of those who changed; a record that moved has left one of them and come to another."""
    owners = run.arrow(f"from identity.customer_records semi join {CHANGED} using (customer_id)")
    read = {
        "identity.customer_records": owners,
        "identity.households": run.arrow(
            "from identity.households semi join owners using (record_id)", owners=owners
        ),
        "identity.golden_record": run.arrow(
            f"from identity.golden_record semi join {CHANGED} using (customer_id)"
        ),
    }
    rows = run.read(_READ_RECORDS, reading=read)
    run.renew(_READ_RECORDS, key="customer_id", touched=CHANGED, rows=rows)


def _are_few(run: Run, customers: Any) -> bool:  # noqa: ANN401  an Arrow table; pyarrow ships no types
    ((n_customers,),) = run.rows("select count(*) from customers")
    return bool(customers.num_rows <= MOST_CHANGED * n_customers)
