"""Many small files are looked at together, and each is judged as it would be by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion import Delivery, door
from klantprofiel.ingestion.bsn import is_bsn
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import Visits, csv, landed, left_aside, take_in

if TYPE_CHECKING:
    from pathlib import Path

BSNS = [str(number) for number in range(100_000_000, 100_002_000) if is_bsn(str(number))][:60]
FAULTS = {
    "another kind": (csv(*(f"v{at};x{at};01-10-2026" for at in range(60))), "'duur', 60 cannot be read"),
    "BSNs": (csv(*(f"{each};1;01-10-2026" for each in BSNS)), "citizen service numbers"),
    "BSNs that nobody declared": (
        csv(*(f"v{each};1;01-10-2026;{each}" for each in BSNS), header="bezoek;duur;dag;code"),
        "citizen service numbers",
    ),
    "a header": (csv(header="bezoek;tijd;dag"), "lacks 'duur'"),
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


def deliver(directory: Path, *texts: str) -> Delivery:
    for at, text in enumerate(texts):
        (directory / f"bezoeken_{at}.csv").write_text(text, encoding="utf-8")
    return Delivery(Visits, directory)


def good(n_files: int) -> list[str]:
    return [csv(*(f"v{file}_{at};{at};01-10-2026" for at in range(60))) for file in range(n_files)]


def test_good_files_are_judged_together(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "check_kinds", None)
    monkeypatch.setattr(door, "refuse_values", None)
    (tmp_path / "in").mkdir()
    taken = take_in(warehouse, deliver(tmp_path / "in", *good(5)))
    assert [each.n_records for each in taken.taken_in] == [60] * 5


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_file_among_good_ones_is_refused_and_those_before_it_have_landed(
    fault: str, warehouse: Warehouse, tmp_path: Path
) -> None:
    text, expected = FAULTS[fault]
    (tmp_path / "in").mkdir()
    one, two, three = good(3)
    with pytest.raises(DeliveryError, match=expected) as caught:
        take_in(warehouse, deliver(tmp_path / "in", one, two, text, three))
    assert "bezoeken_2.csv" in str(caught.value)
    assert len(landed(warehouse)) == 2
    assert left_aside(warehouse) == []
