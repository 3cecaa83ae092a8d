"""What a run has to do anew: the records that came, changed or went, and the customers that they touch."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

PRINTS: Final = {"record_id": "VARCHAR", "lines": "VARCHAR"}
STATE: Final = {"made_by": "VARCHAR", "last_decision": "BIGINT"}
CUSTOMERS: Final = {"customer_id": "VARCHAR"}

_SOURCES: Final = "select * from sources order by table_name"
# Besides those whose records changed: who is a customer now and was not, or the other way round.
_TOUCHED: Final = """
insert into identity.touched_customers
select customer_id from considered
union
select customer_id from identity.customer_records semi join identity.touched_records using (record_id)
union
(select customer_id from customers except select customer_id from {known})
union
(select customer_id from {known} except select customer_id from customers)
"""


class State(NamedTuple):
    """By what the records of a release were unified, and the last decision that counted."""

    made_by: str
    last_decision: int


def state_now(run: Run, *, cap: int, model: str) -> State:
    """Return the state of this run: where `made_by` is another than before, all is made anew."""
    made_by = (version("klantprofiel"), cap, model, *run.rows(_SOURCES))
    digest = sha256(repr(made_by).encode()).hexdigest()
    return State(digest, run.warehouse.ledger.last_decision())


def state_before(run: Run) -> State | None:
    """Return the state of the release before; None when it was not unified."""
    if not run.has("unification_state"):
        return None
    ((made_by, last_decision),) = run.rows("select made_by, last_decision from unification_state")
    return State(made_by, last_decision)


def keep_state(run: Run, state: State) -> None:
    """Write `unification_state`."""
    run.create(
        "unification_state",
        STATE,
        describes="by which version, sources, cap and model records were unified, and up to which decision.",
        grain="One row.",
    )
    run.execute("delete from unification_state")
    run.execute("insert into unification_state values ($made_by, $last_decision)", **state._asdict())


def touch_records(run: Run, *, anew: bool) -> None:
    """Make `identity.touched_records`: all records, or those that came, changed or went."""
    run.create(
        "identity.record_prints",
        PRINTS,
        describes="the delivered lines that each record was read from when the release was made.",
        grain="One row per source record in a customer file.",
        made_from=("identity.customers",),
    )
    run.make(load_sql(__package__, "record_lines"))
    run.make(load_sql(__package__, "touched_records"), anew=anew)
    run.execute(
        "delete from identity.record_prints "
        "where record_id in (select record_id from identity.touched_records)"
    )
    run.execute(
        "insert into identity.record_prints "
        "from identity.record_lines semi join identity.touched_records using (record_id)"
    )
    run.drop("identity.record_lines")


def touch_more(run: Run, records: Any) -> None:  # noqa: ANN401  an Arrow array; pyarrow ships no types
    """Add records to `identity.touched_records`."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    run.execute(
        "insert into identity.touched_records "
        "select distinct record_id from more anti join identity.touched_records using (record_id)",
        more=pa.table({"record_id": pa.array(records, pa.string())}),
    )


def touch_customers(run: Run, considered: Any) -> None:  # noqa: ANN401  the same
    """Make `identity.touched_customers`: whose records changed, or who came or went; `considered` besides."""
    import pyarrow as pa  # noqa: PLC0415  the same

    run.drop("identity.touched_customers")
    run.create(
        "identity.touched_customers",
        CUSTOMERS,
        describes="the customers of whom something changed since the release before.",
        grain="One row per customer, also of those that are gone.",
        made_from=("identity.touched_records",),
    )
    known = "identity.golden_record" if run.has("identity.golden_record") else "customers"
    run.execute(
        _TOUCHED.format(known=known),
        considered=pa.table({"customer_id": considered}),
    )


def forget_touched(run: Run) -> None:
    """Drop what was touched: no release holds it, for it depends on the release before."""
    run.drop("identity.touched_customers")
    run.drop("identity.touched_records")
