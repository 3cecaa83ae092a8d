"""Customers with three planted groups, as profiles in a real warehouse."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from klantprofiel.profiles import Profiles
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AS_OF = date(2026, 10, 1)
MOMENT = datetime(2026, 10, 1, 3)  # noqa: DTZ001  stored moments are UTC without a zone
SIZES = (150, 100, 50)
REGISTER = """
purposes:
  onderzoek:
    label: Onderzoek
    description: Klantonderzoek zonder contactgegevens.
    channels: {analysis: {ground: legitimate_interest}}
"""
FOUND = {"worry": "unreliable", "pride": "single_item"}
VARIABLES = (  # name, label, facet, basis, kind, unit, protected
    ("frequency", "Aankopen", "gegevens", "behavioural", "count", "aankopen", False),
    ("monetary_eur", "Besteding", "gegevens", "behavioural", "amount", "EUR", False),
    ("channel_main", "Kanaal", "gegevens", "behavioural", "category", "", False),
    ("first_order_on", "Eerste aankoop", "gegevens", "behavioural", "category", "", False),
    ("age_years", "Leeftijd", "gegevens", "demographic", "number", "jaar", False),
    ("health", "Gezondheid", "leefwereld", "demographic", "category", "", True),
    ("region", "Regio", "leefwereld", "geographic", "category", "", False),
    ("country", "Land", "leefwereld", "geographic", "category", "", False),
    ("nickname", "Bijnaam", "behoeften", "psychological", "category", "", False),
    ("worry", "Zorgen", "behoeften", "psychological", "number", "schaal 1 t/m 5", False),
    ("pride", "Trots", "behoeften", "psychological", "number", "schaal 1 t/m 5", False),
)


def variables_table() -> pa.Table:
    """Return the declarations as the profiles room keeps them."""
    names = ("name", "label", "facet", "basis", "kind", "unit", "protected")
    columns = dict(zip(names, map(list, zip(*VARIABLES, strict=True)), strict=True))
    n = len(VARIABLES)
    return pa.table(
        {
            **columns,
            "missing": ["onbekend"] * n,
            "purpose": ["onderzoek"] * n,
            "special": pa.array([False] * n),
            "finding": [FOUND.get(name, "") for name in columns["name"]],
        }
    )


def planted(seed: int = 1) -> pa.Table:
    """Return 300 customers in three groups, and one of whom nothing is known."""
    random = np.random.default_rng(seed)
    group = np.repeat([0, 1, 2], SIZES)
    n = group.size
    frequency = random.poisson(np.array([4, 30, 12])[group]) + 1
    monetary = [Decimal(int(f * 1_000 + random.integers(0, 900))).scaleb(-2) for f in frequency]
    channel = np.where(random.random(n) < 0.9, np.array(["winkel", "web", "web"])[group], "winkel")
    age = np.array([30.0, 35.0, 70.0])[group] + random.normal(0, 4, n)
    columns = {
        "customer_id": [f"K-{number:06d}" for number in range(1, n + 1)],
        "frequency": frequency.tolist(),
        "monetary_eur": monetary,
        "channel_main": channel.tolist(),
        "first_order_on": [AS_OF] * n,
        "age_years": [None if number % 10 == 0 else float(a) for number, a in enumerate(age)],
        "health": random.choice(["goed", "matig"], n).tolist(),
        "region": random.choice(["Utrecht", "Drenthe", "Zeeland"], n).tolist(),
        "country": ["NL"] * n,
        "nickname": [f"naam{number}" for number in range(n)],
        "worry": [float(1 + number % 5) for number in range(n)],
        "pride": [float(1 + number % 4) for number in range(n)],
    }
    for name, values in columns.items():
        values.append("K-999999" if name == "customer_id" else None)
    table = pa.table(columns)
    return table.set_column(2, "monetary_eur", pa.array(columns["monetary_eur"], pa.decimal128(18, 2)))


@contextmanager
def village(
    path: Path, profiles: pa.Table | None = None, objectors: tuple[str, ...] = ()
) -> Iterator[Profiles]:
    """Open a run that holds the profiles and the statements of `objectors`, customer numbers."""
    frame = planted() if profiles is None else profiles
    n = len(objectors)
    consents = {
        "customer_id": pa.array(objectors, pa.string()),
        "purpose": pa.array(["onderzoek"] * n, pa.string()),
        "channel": pa.array(["analysis"] * n, pa.string()),
        "status": pa.array(["objected"] * n, pa.string()),
        "stated_at": pa.array([MOMENT - timedelta(days=30)] * n, pa.timestamp("us")),
    }
    with Warehouse(path).run("segmentation", as_of=AS_OF, recorded_at=MOMENT) as run:
        for name, rows in {
            "profiles": frame,
            "variables": variables_table(),
            "customers": frame.select(["customer_id"]),
            "consents": pa.table(consents),
        }.items():
            run.write(name, rows, describes=f"{name}.", grain="One row per line.")
        yield Profiles(run)


def register_in(path: Path) -> Path:
    """Write the register of purposes."""
    file = path / "purposes.yaml"
    file.write_text(REGISTER, encoding="utf-8")
    return file
