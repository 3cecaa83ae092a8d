"""Facts of those who changed, beside those of all: whatever comes in, nothing is missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles import build_profiles, changed
from klantprofiel.profiles.purchases import PURCHASE_DAYS
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse
from tests.unit.profiles.test_history import Receipts

START = date(2026, 9, 1)
LINES = st.lists(
    st.tuples(
        st.integers(1, 12),  # few numbers, so that many are delivered again
        st.sampled_from(["anna", "bert", "carla", "dirk"]),
        st.integers(0, 60),
        st.integers(1, 9),
    ),
    unique_by=lambda line: line[0],
    min_size=1,
    max_size=5,
)
NIGHTS = st.lists(LINES, min_size=2, max_size=3)


def csv(lines: list[tuple[int, str, int, int]]) -> str:
    """Return the lines as a delivery: order, customer, day and euros."""
    rows = [
        f"{order};{customer};{START - timedelta(days=days):%d-%m-%Y} 10:00:00;{euros},00"
        for order, customer, days, euros in lines
    ]
    return "\n".join(["order_id;customer_id;ordered_at;amount_eur", *rows, ""])


@settings(max_examples=3)
@given(NIGHTS)
def test_facts_of_the_changed_are_those_of_all(nights: list[list[tuple[int, str, int, int]]]) -> None:
    with TemporaryDirectory() as directory, patch.object(changed, "MOST_CHANGED", 1):
        for number, lines in enumerate(nights):
            day = START + timedelta(days=number)
            file = Path(directory, f"{number}.csv")
            file.write_text(csv(lines), encoding="utf-8")
            moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
            with Warehouse(Path(directory, "klanten")).run("nightly", day, recorded_at=moment) as run:
                ingest(run, [Delivery(table=Receipts, path=file)])
                validate(run)
                unify(run)
                build_profiles(run)
                kept = run.rows("from purchase_days order by all")
                anew = f"from ({PURCHASE_DAYS.statement().sql(PURCHASE_DAYS.types)}) order by all"
                assert kept == run.rows(anew)
