"""What a run has to do anew: the records that came, changed or went, and the customers that they touch."""

from __future__ import annotations

import functools
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from klantprofiel.unification.standard.standard_values import FORMS
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from klantprofiel.warehouse import Run

RECORDS: Final = {"record_id": "VARCHAR"}
COUNTS: Final = {"n_lines": "BIGINT"} | dict.fromkeys(("lines", "weighed_lines"), "DECIMAL(38, 0)")
STATE: Final = {"made_by": "VARCHAR", "last_decision": "BIGINT"}
CUSTOMERS: Final = {"customer_id": "VARCHAR"}

CODE: Final = ("klantprofiel.unification", "klantprofiel.schema")
"""The packages whose code decides what is made of records."""
ENGINES: Final = ("duckdb", "splink")
"""What computes: other versions may hash, compare or order in another way."""

_SOURCES: Final = "select * from sources order by table_name"
_TYPES: Final = """
select table_name, column_name, data_type from duckdb_columns()
where database_name = 'identity' and table_name in (select table_name from sources)
order by all
"""
_PRINTS: Final = "identity.record_prints"
_HAVE_SHRUNK: Final = f"""
from {_PRINTS} as before anti join identity.record_lines as now
using (view_name, source, batch_id, n_lines, lines, weighed_lines)
where view_name <> 'customers'
limit 1
"""
_TOUCHED: Final = """
insert into identity.touched_customers
select customer_id from considered where customer_id is not null
union
select customer_id from identity.customer_records semi join identity.touched_records using (record_id)
"""


class State(NamedTuple):
    """By what the records of a release were unified, and the last decision that counted."""

    made_by: str
    last_decision: int


def state_now(run: Run, *, cap: int, model: str) -> State:
    """Return the state of this run: where `made_by` is another than before, all is made anew."""
    versions = (_code(), *map(version, ENGINES))
    made_by = (*versions, cap, model, *run.rows(_SOURCES), *run.rows(_TYPES))
    digest = sha256(repr(made_by).encode()).hexdigest()
    return State(digest, run.warehouse.ledger.last_decision())


@functools.cache
def _code() -> str:
    """Return a digest of all statements and code that records go through."""
    digest = sha256()
    for package in CODE:
        for name, file in sorted(_files(resources.files(package), package)):
            digest.update(f"{name} {sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(directory: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for each in directory.iterdir():
        if each.is_dir():
            yield from _files(each, f"{name}/{each.name}")
        elif each.name.endswith((".py", ".sql")):
            yield f"{name}/{each.name}", each


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
    """Make `identity.touched_records`, and keep `identity.source_records`: of all records, or of these.

    Touched are the records that came, changed or went. What was read from which delivery is told by
    `identity.record_prints`, so that only deliveries that differ from the release before are read again.
    """
    run.drop("identity.touched_records")
    run.make(load_sql(__package__, "record_lines"), types=COUNTS)
    if anew:
        _touch_all(run)
    else:
        run.make(load_sql(__package__, "touched_records"))
        if run.rows(_HAVE_SHRUNK):
            touch_more(run, _gone(run))
        _renew_source_records(run)
    _keep_prints(run)


def _touch_all(run: Run) -> None:
    """Touch all records, also those that are no more."""
    statement = load_sql(__package__, "source_records")
    before = (
        run.arrow(f"select record_id from {statement.table}")["record_id"] if run.has(statement.table) else []
    )
    run.make(statement)
    run.create(
        "identity.touched_records",
        RECORDS,
        describes="all source records, now and in the release before.",
        grain="One row per source record.",
    )
    run.execute(f"insert into identity.touched_records select record_id from {statement.table}")
    touch_more(run, before)


def _gone(run: Run) -> Any:  # noqa: ANN401  an Arrow array; pyarrow ships no types
    """Return the records that only events mentioned, and now none does."""
    statement = load_sql(__package__, "source_records")
    mentioned = " ".join(
        f"anti join {view} using (record_id)" for view in statement.tables if view != "identity.customers"
    )
    return run.arrow(f"select record_id from {statement.table} {mentioned} where not has_details")[
        "record_id"
    ]


def _renew_source_records(run: Run) -> None:
    statement = load_sql(__package__, "source_records")
    only = "select record_id from {} semi join identity.touched_records using (record_id)"
    mentions = {view: run.arrow(only.format(view)) for view in statement.tables}
    rows = run.read(statement, reading=mentions)
    run.renew(statement, key="record_id", touched="identity.touched_records", rows=rows)


def _keep_prints(run: Run) -> None:
    """Keep what was read from which delivery as `identity.record_prints`."""
    lines = run.arrow("from identity.record_lines order by all")
    statement = load_sql(__package__, "record_lines")
    run.write(
        _PRINTS,
        lines,
        describes="how much of which delivery was in each canonical view when the release was made.",
        grain=statement.grain,
        made_from=statement.tables,
    )
    run.drop(statement.table)


def touch_more(run: Run, records: Any) -> None:  # noqa: ANN401  an Arrow array; pyarrow ships no types
    """Add records to `identity.touched_records`."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    run.execute(
        "insert into identity.touched_records "
        "select distinct record_id from more anti join identity.touched_records using (record_id)",
        more=pa.table({"record_id": pa.array(records, pa.string())}),
    )


def values_of(run: Run, records: Any) -> Any:  # noqa: ANN401  Arrow tables
    """Return the rows of `identity.standard_values` for what these rows of `identity.customers` hold.

    A value that they hold as another kind may be among them.
    """
    held = " union ".join(f"select {kind} from records" for kind in FORMS)
    return run.arrow(f"from identity.standard_values where delivered in ({held})", records=records)


def touch_customers(run: Run, considered: Any) -> None:  # noqa: ANN401  the same
    """Make `identity.touched_customers`: those of touched records, and `considered` besides."""
    import pyarrow as pa  # noqa: PLC0415  the same

    run.drop("identity.touched_customers")
    run.create(
        "identity.touched_customers",
        CUSTOMERS,
        describes="the customers of whom something changed since the release before.",
        grain="One row per customer, also of those that are gone.",
        made_from=("identity.touched_records",),
    )
    run.execute(_TOUCHED, considered=pa.table({"customer_id": considered}))


def forget_touched(run: Run) -> None:
    """Drop what was touched: no release holds it, for it depends on the release before."""
    run.drop("identity.touched_customers")
    run.drop("identity.touched_records")
