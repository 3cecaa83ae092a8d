"""A shop that delivers its customers and orders: declarations, and a short way to deliver and to look."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse, open_owner

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.validation import Validated

DAY, NEXT_DAY, THIRD_DAY = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)
MOMENT = datetime(2026, 10, 1, 4, 30)  # noqa: DTZ001  moments of runs are UTC without saying so


class ShopCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten van de winkel: one row per customer."""

    source = "shop"
    rank = 2
    purpose = "proef"
    retention = s.years(1)
    quarantine = s.at_most(share=1)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    email = s.Email(label="E-mailadres", nullable=True)
    registered_on = s.Date(label="Ingeschreven op", source="sinds", nullable=True)
    credit_eur = s.Amount(label="Tegoed", source="tegoed", unit="EUR", minimum=0)

    not_in_future = s.rule("registered_on <= $as_of", because="inschrijving ligt in de toekomst")


class ShopOrders(s.EventTable, maps_to=s.canonical.Orders):
    """Bestellingen van de winkel: one row per order."""

    customers_of = "shop"
    purpose = "proef"
    retention = s.years(1)

    order_id = s.Text(label="Bestelnummer", source="nr", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr", nullable=True)
    ordered_at = s.Timestamp(label="Besteld op", source="op")


class ShopConsents(s.EventTable, maps_to=s.canonical.Consents):
    """Toestemmingen van de winkel: one row per statement."""

    customers_of = "shop"
    purpose = "proef"
    retention = s.years(1)
    quarantine = s.at_most(share=1)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    about = s.Text(label="Doel", source="doel", name="purpose", key=True)
    channel = s.Text(label="Kanaal", source="kanaal", key=True)
    stated_at = s.Timestamp(label="Verklaard op", source="op", key=True)
    status = s.Choice(label="Status", values={"ja": "given", "nee": "withdrawn"}, key=True)


HEADER = "klantnr;email;sinds;tegoed"


class Company:
    """A directory with a warehouse, and a short way to deliver to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.warehouse = Warehouse(root / "klanten")

    def file(self, name: str, *rows: str, header: str = HEADER) -> Path:
        path = self.root / name
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return path

    def deliver(self, day: date, *paths: Path, table: type[s.Table] = ShopCustomers) -> Validated:
        with self.warehouse.run("nightly", as_of=day, recorded_at=MOMENT) as run:
            ingest(run, [Delivery(table, path) for path in paths])
            return validate(run)

    def judge(self, day: date, table: type[s.Table]) -> Validated:
        """Judge what landed before, as the table is declared now."""
        with self.warehouse.run("nightly", as_of=day, recorded_at=MOMENT) as run:
            run.declarations[table.name] = table
            return validate(run)

    def land(self, day: date, *paths: Path, table: type[s.Table] = ShopCustomers) -> None:
        """Let files land in a run that then dies."""
        with contextlib.suppress(InterruptedError):
            self._land_and_die(day, [Delivery(table, path) for path in paths])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with open_owner(self.warehouse.store.root) as release:
            return release.rows(query)

    def columns(self, table: str) -> dict[str, str]:
        with open_owner(self.warehouse.store.root) as release:
            return release.columns(table)

    def digest(self) -> str:
        with open_owner(self.warehouse.store.root) as release:
            return release.digest()

    def _land_and_die(self, day: date, deliveries: list[Delivery]) -> None:
        with self.warehouse.run("nightly", as_of=day, recorded_at=MOMENT) as run:
            ingest(run, deliveries)
            raise InterruptedError


ORDERS = "nr;klantnr;op"
CREDITS = "select customer_id, credit_eur from identity.shop_customers order by 1"
