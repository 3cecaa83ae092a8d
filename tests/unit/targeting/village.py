"""Three segments of a few customers whose spending can be added up by hand, in a real warehouse."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from klantprofiel.segmentation import Quality, Segmentation
from klantprofiel.segmentation.store import MEMBERS, PROFILES, SEGMENTS, arrow_table
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.warehouse import Run, Tables

AS_OF = date(2026, 10, 1)
MOMENT = datetime(2026, 10, 1, 3)  # noqa: DTZ001  stored moments are UTC without a zone

# segment, monetary_eur, spend_recent_eur, spend_before_eur
CUSTOMERS = (
    ("S1", "100.10", "30.00", "10.00"),
    ("S1", "200.20", "0.00", "30.00"),
    ("S1", None, None, None),
    ("S2", "0.10", "90.00", "30.00"),
    ("S2", "0.20", "0.00", "0.00"),
    ("S3", None, None, None),
)
SIZES = {"S1": 3, "S2": 2, "S3": 1}

CRITERIA = """\
dated: 2026-09-01
decided_by: directie
competitors: [Bol, Coolblue]
criteria:
  growth: {question: growth, axis: attractiveness, label: Groei, unit: aandeel, source: measured,
           direction: more, low: -2, high: 2, weight: 2}
  value: {question: value, axis: attractiveness, label: Waarde, unit: EUR, source: measured,
          direction: more, low: 0, high: 300, weight: 1}
  volume: {question: volume, axis: attractiveness, label: Volume, unit: klanten, source: measured,
           direction: more, low: 0, high: 4, weight: 1}
  advantage: {question: advantage, axis: strength, label: Voordeel, unit: schaal 1-5, source: judged,
              direction: more, low: 1, high: 5, weight: 3}
  threat: {question: opportunities, axis: attractiveness, label: Bedreiging, unit: schaal 0-10,
           source: judged, direction: less, low: 0, high: 10, weight: 1}
"""
HEADER = "segment;criterion;competitor;low;mode;high;who;source;date;valid_until"
JUDGEMENTS = (
    "S1;advantage;Bol;4;4;4;marketing;onderzoek;2026-08-15;2027-08-15",
    "S1;advantage;Coolblue;2;2,5;3;marketing;onderzoek;2026-08-15;2027-08-15",
    "S2;advantage;Bol;5;5;5;marketing;onderzoek;15-08-2026;15-08-2027",
    "S1;threat;;2;2;2;strategie;rapport;2026-01-01;2026-12-31",
    "S2;threat;;5;5;5;strategie;rapport;2025-01-01;2026-09-30",
)


@contextmanager
def village(path: Path) -> Iterator[Run]:
    """Open a run that holds the profiles of the customers."""
    rows = [
        {
            "customer_id": f"K-{number:06d}",
            **{
                name: None if amount is None else Decimal(amount)
                for name, amount in zip(
                    ("monetary_eur", "spend_recent_eur", "spend_before_eur"), amounts, strict=True
                )
            },
        }
        for number, (_, *amounts) in enumerate(CUSTOMERS, start=1)
    ]
    amount = pa.decimal128(18, 2)
    kinds = {
        "customer_id": pa.string(),
        "monetary_eur": amount,
        "spend_recent_eur": amount,
        "spend_before_eur": amount,
    }
    with Warehouse(path).run("targeting", as_of=AS_OF, recorded_at=MOMENT) as run:
        frame = pa.Table.from_pylist(rows, schema=pa.schema(kinds))
        run.write("profiles", frame, describes="profiles.", grain="One row per customer.")
        yield run


def segmentation(tables: Tables, name: str | None = None) -> Segmentation:
    """Return the three segments."""
    members = [
        {"customer_id": f"K-{number:06d}", "segment_id": segment_id}
        for number, (segment_id, *_) in enumerate(CUSTOMERS, start=1)
    ]
    sizes = [
        {
            "segment_id": segment_id,
            "label": f"Groep {segment_id}",
            "size": size,
            "share": size / len(CUSTOMERS),
        }
        for segment_id, size in SIZES.items()
    ]
    return Segmentation(
        name=name,
        as_of=AS_OF,
        purpose="onderzoek",
        bases=("behavioural",),
        variables=("monetary_eur",),
        method="KMeansSegmenter(n_segments=3, random_state=0)",
        n_excluded=0,
        n_unassigned=0,
        n_incomplete=0,
        quality_found=Quality(0.5, (1.0,)),
        notes=(),
        segment_table=arrow_table(sizes, SEGMENTS),
        member_table=arrow_table(members, MEMBERS),
        profile_table=arrow_table([], PROFILES),
        tables=tables,
    )


def files(path: Path, *lines: str, criteria: str = CRITERIA, header: str = HEADER) -> tuple[Path, Path]:
    """Write the criteria and the judgements; those of the village when no lines are given."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "targeting.yaml").write_text(criteria, encoding="utf-8")
    rows = "\n".join([header, *(lines or JUDGEMENTS)]) + "\n"
    (path / "judgements.csv").write_text(rows, encoding="utf-8")
    return path / "targeting.yaml", path / "judgements.csv"
