"""A company in a run in memory: what sources deliver, night after night, and what unification makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.golden.attributes import attributes
from tests.spec.ascii import put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.warehouse import Run

FIRST: Final = date(2026, 1, 31)
CUSTOMERS: Final = [f"K-00000{number}" for number in range(1, 5)]
RECORDS: Final = [f"crm/{number}" for number in range(1, 6)]
BEGUN: Final[list[tuple[Any, ...]]] = [
    *(("customers", number, "3511AB", 1, 366) for number in range(4)),
    *(("registry", number, CUSTOMERS[number % 4]) for number in range(5)),
    *(("orders", number, number - 1, 20 * number, ("winkel", "p1", 5)) for number in range(1, 5)),
    ("products", "p1", "bol"),
    ("areas", "3511", "52.1"),
    ("areas", "1012", "52.4"),
    ("stores", 1, 100),
    ("campaign_contacts", 9, 1, 300),
]
"""What came on the first day: four customers who bought 20, 40, 60 and 80 days before it."""
_TOLD: Final = ("postal_code", "birth_date", "registered_on")


@dataclass
class Company:
    """What sources delivered so far and what unification made of it, as the profiles room finds it."""

    as_of: date = FIRST
    tables: dict[str, dict[Any, dict[str, Any]]] = field(default_factory=dict)
    replaced: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)
    n_taken_in: int = 0

    def receive(self, arrivals: Sequence[tuple[Any, ...]]) -> None:
        """Take in what came tonight, each thing in a file of its own."""
        for table, key, *values in arrivals:
            batch = f"batch {len(self.batches)}"
            self.batches.append({"batch_id": batch, "table_name": f"crm_{table}", "source": "crm"})
            row = {"batch_id": batch, "delivered_on": self.as_of, **getattr(self, f"_{table}")(key, *values)}
            before = self.tables.setdefault(table, {}).get(key)
            if before and "record_id" in before and table in ("orders", "campaign_contacts", "customers"):
                self.replaced.append({"table_name": f"crm_{table}", "record_id": before["record_id"]})
            self.tables[table][key] = row

    def put_into(self, run: Run) -> None:
        """Write the tables of this night into the run."""
        run.as_of = self.as_of
        run.recorded_at += timedelta(days=1)
        for name in ("orders", "campaign_contacts", "customers", "products", "areas", "stores"):
            put(run, f"identity.{name}", list(self.tables.get(name, {}).values()))
        owners = {row["record_id"]: row["customer_id"] for row in self.tables["registry"].values()}
        known = {row["record_id"]: row for row in self.tables["customers"].values()}
        homes = list(self.tables.get("households", {}).values())
        put(run, "identity.customer_records", _rows(self.tables["registry"], "record_id", "customer_id"))
        nowhere = [{"record_id": None, "household_id": None}]
        put(run, "identity.households", [{key: row[key] for key in nowhere[0]} for row in homes] or nowhere)
        golden = [
            dict.fromkeys(attributes())
            | {"customer_id": customer}
            | next(({k: row[k] for k in _TOLD} for r, row in known.items() if owners.get(r) == customer), {})
            for customer in sorted(set(owners.values()))
        ]
        put(run, "identity.golden_record", golden)
        put(run, "customers", [{"customer_id": row["customer_id"], "n_records": 1} for row in golden])
        for row in self.batches[self.n_taken_in :]:
            run.execute(
                "insert into batches (batch_id, table_name, source) values ($batch_id, $table_name, $source)",
                **row,
            )
        self.n_taken_in = len(self.batches)
        for row in self.replaced:
            run.execute("insert into identity.replaced_records values ($table_name, $record_id)", **row)
        self.replaced = []

    def _orders(self, key: int, record: int, ago: int, bought: tuple[str, str, int]) -> dict[str, Any]:
        channel, product, euros = bought
        values = {"channel": channel, "product_id": product, "amount_eur": euros, "order_id": f"b{key}"}
        return values | {"record_id": RECORDS[record], "ordered_at": self.as_of - timedelta(days=ago)}

    def _campaign_contacts(self, key: int, record: int, ago: int) -> dict[str, Any]:
        at = self.as_of - timedelta(days=ago)
        return {
            "record_id": RECORDS[record],
            "contacted_at": at,
            "response": "clicked" if key % 2 else "none",
        }

    def _customers(self, key: int, postal_code: str, births: int, ago: int) -> dict[str, Any]:
        values = {"postal_code": postal_code, "registered_on": self.as_of - timedelta(days=ago)}
        return values | {"record_id": RECORDS[key], "birth_date": date(1980 + 30 * births, 5, 5)}

    def _registry(self, key: int, customer: str) -> dict[str, Any]:
        return {"record_id": RECORDS[key], "customer_id": customer}

    def _households(self, key: int, household: str) -> dict[str, Any]:
        return {"record_id": RECORDS[key], "household_id": household}

    def _products(self, key: str, category: str) -> dict[str, Any]:
        return {"product_id": key, "category": category, "source": "crm"}

    def _areas(self, key: str, latitude: str) -> dict[str, Any]:
        return {"pc4": key, "latitude": latitude, "longitude": "5.0", "source": "cbs"}

    def _stores(self, key: int, ahead: int) -> dict[str, Any]:
        opened = self.as_of + timedelta(days=ahead)
        return {"store_id": f"w{key}", "postal_code": "1012", "opened_on": opened, "source": "crm"}


def _rows(rows: dict[Any, dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    return [{column: row[column] for column in columns} for row in rows.values()]


def contents(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table that the room makes, sorted."""
    others = {"catalog", "batches"}
    tables = [name for name in run._names() if name not in others]  # noqa: SLF001  it lists what a digest would
    return {table: run.rows(f"from {table} order by all") for table in tables}
