"""A small release in which it is doubtful who is who, and a plain way to group its records.

Anna stands in crm/1 and web/1 (K-000001), and perhaps in web/2 (K-000002). Bert is crm/2, web/3 and web/4
(K-000003); of web/4 nobody is sure. Carla is crm/3 (K-000004), and nobody is like her. web/9 (K-000005) is
known from orders only, and crm/8 of Carla is not delivered any more.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pyarrow as pa

from klantprofiel.unification.customer_records import keep_registry
from klantprofiel.unification.decisions import decided, touched_by_decisions, with_unlinked
from klantprofiel.unification.decisions.decision import in_force
from klantprofiel.unification.decisions.force import bonds
from tests.spec.ascii import put, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.unification.decisions import Decision
    from klantprofiel.warehouse import Run, Tables, Warehouse


class Signed(TypedDict):
    """Who decides, and why."""

    by: str
    because: str


AS_OF: Final = date(2026, 10, 1)
REGISTRY: Final = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000003    | crm    |
| crm/3     | K-000004    | crm    |
| crm/8     | K-000004    | crm    |
| web/1     | K-000001    | web    |
| web/2     | K-000002    | web    |
| web/3     | K-000003    | web    |
| web/4     | K-000003    | web    |
| web/9     | K-000005    | web    |
"""
RECORDS: Final = """
| record_id | given_name | surname | birth_date | email               | phone       | postal_code |
| crm/1     | anna       | vries   | 1980-03-04 | anna@voorbeeld.nl   | +3161234567 | 3511AB      |
| crm/2     | bert       | jansen  | 1971-05-06 | bert@voorbeeld.nl   |             | 1011CD      |
| crm/3     | carla      | smit    |            |                     |             |             |
| web/1     | anna       | vries   | 1980-03-04 | anna@voorbeeld.nl   |             | 3511AB      |
| web/2     | anna       | vries   |            | vries@voorbeeld.nl  |             | 3511AB      |
| web/3     | bert       | jansen  | 1971-05-06 | bert@voorbeeld.nl   |             | 1011CD      |
| web/4     | bart       | jansen  |            | jansen@voorbeeld.nl |             | 1011CD      |
"""
PAIRS: Final = """
| first_record_id | record_id | given_name_bits | email_bits | score_bits | p_household_share |
| crm/1           | web/1     | 6               | 14         | 20         | 0.1               |
| crm/1           | web/2     | 6               | -4         | -0.5       | 0.4               |
| web/1           | web/2     | 6               | -4         | -1.5       | 0.4               |
| crm/2           | web/3     | 7               | 14         | 21         | 0.1               |
| crm/2           | web/4     | -3              |            | 1          | 0.6               |
| web/3           | web/4     | -3              |            | 1.5        | 0.6               |
"""
EVENTS: Final = """
| customer_id | event  | other_id | n_records | event_on   |
| K-000006    | merged | K-000003 | 0         | 2026-09-01 |
"""
COMPONENTS: Final = """
| record_id | component |
| crm/1     | crm/1     |
| web/1     | crm/1     |
| web/2     | crm/1     |
| crm/2     | crm/2     |
| web/3     | crm/2     |
| web/4     | crm/2     |
"""
VERDICTS: Final = """
| first_record_id | record_id | verdict | weight |
| crm/1           | web/1     | kept    | 20     |
| crm/1           | web/2     | guard   | -0.5   |
"""
CUTS: Final = """
| component | n_records | n_parts |
| crm/2     | 3         | 2       |
"""


def fill(run: Run) -> None:
    """Write the tables, as `unify` would have made them."""
    registry = read(REGISTRY)
    put(run, "identity.customer_records", registry)
    put(run, "identity.source_records", [row for row in registry if row["record_id"] != "crm/8"])
    put(run, "identity.link_records", read(RECORDS))
    put(run, "identity.components", read(COMPONENTS))
    put(run, "identity.group_verdicts", read(VERDICTS))
    put(run, "identity.cut_components", read(CUTS))
    put(run, "link_model", [{"model": "{}"}])
    put(run, "events", read(EVENTS))
    put(run, "pairs", read(PAIRS))
    casts = "cast(given_name_bits as double) as given_name, cast(email_bits as double) as email"
    for table, query in {
        "customer_events": "select * exclude event_on, cast(event_on as date) as as_of from events",
        "identity.link_pairs": f"select first_record_id, record_id, {casts}, "
        "cast(score_bits as double) as score, p_household_share as p_household from pairs",
    }.items():
        run.write(table, run.arrow(query), describes="given.", grain="One row per line.")
    run.drop("events")
    run.drop("pairs")


def publish(warehouse: Warehouse) -> None:
    """Publish the release."""
    with warehouse.run("nightly", as_of=AS_OF) as run:
        fill(run)


def publish_unlinked(warehouse: Warehouse) -> None:
    """Publish a release from before pairs were scored."""
    with warehouse.run("nightly", as_of=AS_OF) as run:
        put(run, "identity.customer_records", read(REGISTRY))


def lose(warehouse: Warehouse, lost: str) -> None:
    """Publish it again, with the numbers that records lost by earlier mergers."""
    with warehouse.run("nightly", as_of=AS_OF) as run:
        put(run, "identity.former_customer_records", read(lost))


def follow(warehouse: Warehouse) -> dict[str, str]:
    """Publish a run that follows the decisions in force, and return the customer of each record."""
    touched = touched_by_decisions(warehouse.ledger, after=0)
    with warehouse.run("nightly", as_of=AS_OF) as run:
        return followed(run, in_force(decided(warehouse.ledger)), touched)


def followed(run: Run, decisions: Sequence[Decision], touched: Sequence[str]) -> dict[str, str]:
    """Group the records of a run by decisions, and return the customer of each."""
    put(run, "identity.touched_records", [{"record_id": record} for record in touched or [""]])
    linked, everybody = (
        run.arrow(f"select record_id from {table} order by 1")["record_id"]
        for table in ("identity.link_records", "identity.source_records")
    )
    grouped = regroup(run, linked, *bonds(decisions, among=linked))
    together, _ = bonds(decisions, among=everybody)
    keep_registry(run, with_unlinked(grouped, together))
    return dict(run.rows("select record_id, customer_id from identity.customer_records order by 1"))


def regroup(release: Tables, record_ids: Any, together: Any, apart: Any) -> Any:  # noqa: ANN401  pyarrow
    """Group records plainly: the strongest link first, and never who is apart."""
    known = {record for (record,) in release.rows("select record_id from identity.link_records")}
    records = [record for record in record_ids.to_pylist() if record in known]
    group = {record: {record} for record in records}
    apart_pairs = [set(pair) for pair in _pairs(apart)]
    links = release.rows(
        "select first_record_id, record_id from identity.link_pairs where score > 0 order by score desc, 1, 2"
    )
    for first, second in [*_pairs(together), *links]:
        if first in group and second in group:
            both = group[first] | group[second]
            if not any(pair <= both for pair in apart_pairs):
                group |= dict.fromkeys(both, both)
    lowest = [records.index(min(group[record])) for record in records]
    return pa.table({"record_id": pa.array(records, pa.string()), "group_id": pa.array(lowest, pa.int64())})


def _pairs(table: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401  pyarrow ships no types
    return list(zip(table["first_record_id"].to_pylist(), table["record_id"].to_pylist(), strict=True))
