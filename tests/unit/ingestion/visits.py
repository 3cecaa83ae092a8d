"""A small declared table, and files for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.ingestion import Ingested
    from klantprofiel.warehouse import Warehouse

DAY = date(2026, 10, 1)
MOMENT = datetime(2026, 10, 1, 4, 30)  # noqa: DTZ001  moments of runs are UTC without saying so


class Visits(s.EventTable):
    """Bezoeken: one row per visit."""

    purpose = "proef"
    retention = s.years(1)
    visit_id = s.Text(label="Bezoek", source="bezoek", key=True)
    seconds = s.Integer(label="Seconden", source="duur", nullable=True)
    visited_on = s.Date(label="Dag", source="dag")


def csv(*rows: str, header: str = "bezoek;duur;dag") -> str:
    return "\n".join([header, *rows, ""])


def take_in(warehouse: Warehouse, *deliveries: Delivery, day: date = DAY) -> Ingested:
    with warehouse.run("nightly", as_of=day, recorded_at=MOMENT) as run:
        return ingest(run, deliveries)


def landed(warehouse: Warehouse) -> list[str]:
    return sorted(path.name for path in warehouse.store.land.rglob("*.parquet"))


def left_aside(warehouse: Warehouse) -> list[Path]:
    return list(warehouse.store.work.iterdir())
