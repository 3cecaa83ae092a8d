"""A release of a village of twelve: enough to show a group of ten, and to hide one of two."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from klantprofiel.reading import open_release
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Run

AS_OF = date(2026, 9, 30)
NUMBERS = [f"K-{number:06d}" for number in range(1, 13)]
EARLIER, LATER = datetime(2026, 9, 1), datetime(2026, 9, 2)  # noqa: DTZ001  stored moments are UTC

TABLES: dict[str, dict[str, Sequence[object]]] = {
    "customers": {"customer_id": [*NUMBERS], "n_records": [2, *[1] * 11], "n_sources": [2, *[1] * 11]},
    "customer_events": {
        "customer_id": ["K-000090", "K-000091", "K-000091"],
        "event": ["merged", "created", "merged"],
        "other_id": ["K-000091", None, "K-000001"],
        "as_of": [AS_OF, AS_OF, AS_OF],
    },
    "profiles": {
        "customer_id": [*NUMBERS],
        "recency_days": [3, *[None] * 11],
        "monetary_eur": [Decimal("12.50")] * 12,
        "online_share": [0.25] * 12,
    },
    "variables": {
        "name": ["recency_days", "monetary_eur", "online_share"],
        "label": ["Dagen sinds laatste aankoop", "Besteding", "Aandeel online"],
        "facet": ["gegevens", "gegevens", "leefwereld"],
        "basis": ["behavioural"] * 3,
        "kind": ["count", "amount", "share"],
        "unit": ["dagen", "EUR", "aandeel"],
        "missing": ["nooit besteld", "", ""],
        "purpose": ["segmentatie"] * 3,
        "protected": [False] * 3,
        "special": [False] * 3,
        "theme": ["purchasing"] * 3,
    },
    "segments": {
        "segmentation": ["behoeften"] * 2,
        "segment_id": ["S1", "S2"],
        "label": ["Trouw", "Nieuw"],
        "size": [10, 2],
        "share": [10 / 12, 2 / 12],
    },
    "segment_members": {
        "segmentation": ["behoeften"] * 12,
        "customer_id": [*NUMBERS],
        "segment_id": ["S1"] * 10 + ["S2"] * 2,
    },
    "scorecards": {
        "scorecard": ["kansen", "kansen"],
        "rank": [2, 1],
        "segment_id": ["S2", "S1"],
        "label": ["Nieuw", "Trouw"],
        "score": [Decimal("0.25"), Decimal("0.625")],
        "coverage_share": [Decimal("0.5"), Decimal(1)],
    },
    "provenance": {
        "customer_id": ["K-000001", "K-000001"],
        "attribute": ["email", "phone"],
        "source": ["crm", "webwinkel"],
        "rule": ["best_source", "best_source"],
        "n_values": [3, 1],
        "n_distinct": [2, 1],
        "masked": ["j•••@d•••.nl", "•••78"],
    },
    "consents": {
        "customer_id": [*NUMBERS, "K-000001"],
        "purpose": ["nieuwsbrief"] * 13,
        "channel": ["email"] * 13,
        "status": ["given"] * 12 + ["withdrawn"],
        "stated_at": [EARLIER] * 12 + [LATER],
        "source": ["kassa"] * 13,
    },
    "batch_accounts": {
        "batch_id": ["a", "b"],
        "table_name": ["crm_customers", "crm_customers"],
        "file_name": ["1.csv", "2.csv"],
        "n_records": [10, 4],
        "n_loaded": [10, 3],
        "n_quarantined": [0, 1],
    },
    "orders_account": {
        "source": ["kassa"],
        "n_lines": [20],
        "n_in_profiles": [13],
        "n_after": [4],
        "n_without_customer": [2],
        "n_before_birth": [1],
        "net_eur": [99.5],
    },
    "quarantine_counts": {
        "batch_id": ["b"],
        "table_name": ["crm_customers"],
        "rule": ["not_in_future"],
        "reason": ["ligt in de toekomst"],
        "n_rows": [1],
    },
}


def fill(run: Run) -> None:
    for name, columns in TABLES.items():
        run.write(name, pa.table(columns), describes=f"{name}.", grain="One row per case.")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "klanten")
    with warehouse.run("nightly", as_of=AS_OF) as run:
        fill(run)
    return warehouse


@pytest.fixture
def release(warehouse: Warehouse) -> Iterator[Release]:
    with open_release(warehouse.store.root) as release:
        yield release
