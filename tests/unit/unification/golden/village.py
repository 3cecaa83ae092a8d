"""Golden tables of a few records, of which the customer is given: what linking would have found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from klantprofiel.unification.golden import known_customers, make_golden
from klantprofiel.unification.standard.standard_values import standardise
from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given_rows, put, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.warehouse import Run, Warehouse

ROOM: Final = "klantprofiel.unification"
BATCHES: Final = """
| batch_id | table_name    | source | file_name |
| b1       | crm_customers | crm    | crm.csv   |
| b2       | web_customers | web    | web.csv   |
"""
WITHOUT_DECISIONS: Final = SimpleNamespace(
    ledger=SimpleNamespace(high_water=lambda _kind: 0, decisions=list, last_decision=lambda: 0)
)
Rows = "Sequence[Mapping[str, object]]"


def golden(
    customers: str | Sequence[Mapping[str, object]], owners: Mapping[str, str], orders: str = ""
) -> Run:
    """Return a run with the golden tables of the records; `owners` tells the customer of each."""
    rows = read(customers) if isinstance(customers, str) else list(customers)
    run = given_rows({"identity.customers": rows, "identity.orders": read(orders), "batches": read(BATCHES)})
    run.warehouse = cast("Warehouse", WITHOUT_DECISIONS)
    own(run, owners)
    unify_golden(run)
    touch(run, set(owners.values()))
    make_golden(run)
    return run


def own(run: Run, owners: Mapping[str, str]) -> None:
    """Write which customer each record is."""
    put(
        run,
        "identity.customer_records",
        [
            {"record_id": record, "customer_id": customer, "source": record.partition("/")[0]}
            for record, customer in owners.items()
        ],
    )


def unify_golden(run: Run) -> None:
    """Make what golden tables are made from."""
    standardise(run)
    run.view(known_customers())
    run.make(load_sql(ROOM, "source_records"))
    run.make(load_sql(ROOM, "customers"), types={"n_records": "BIGINT"})


def touch(run: Run, customers: set[str]) -> None:
    """Write whose golden rows are to be made."""
    put(run, "identity.touched_customers", [{"customer_id": each} for each in sorted(customers)])


def column(run: Run, name: str) -> list[Any]:
    """Return an attribute of each golden record, by customer."""
    return [value for (value,) in run.rows(f"select {name} from identity.golden_record order by customer_id")]
