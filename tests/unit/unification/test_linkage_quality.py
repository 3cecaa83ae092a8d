"""Known worlds: open data sets with a truth, linked by the one default, through the product's own doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmarks.unify_data import DataSet, demo, missing_files, read

import klantprofiel as kp
from klantprofiel.unification.quality import LinkageQuality, identity_quality

if TYPE_CHECKING:
    from pathlib import Path

DEMO_CUSTOMERS = 2_000


def linked(data: DataSet, work: Path) -> LinkageQuality:
    """Return how good `unify` is at a data set."""
    warehouse = kp.Warehouse(work / "klanten")
    with warehouse.run("nightly", as_of=data.as_of) as run:
        data.take_in(run)
        kp.unify(run)
    with kp.open_release(work / "klanten") as release:
        return identity_quality(release, data.truth)


@pytest.mark.parametrize(
    ("name", "least_f1", "least_precision"),
    [
        ("febrl3", 0.999, 0.999),
        ("febrl4", 0.999, 0.999),
        ("fake_20000", 0.9, 0.95),
        ("pseudopeople", 0.98, 0.975),
    ],
)
def test_an_open_data_set_is_linked_as_well_as_is_promised(
    name: str, least_f1: float, least_precision: float, tmp_path: Path
) -> None:
    if missing := missing_files(name):
        pytest.skip(f"{name} is not in {missing[0].parent}")
    quality = linked(read(name, tmp_path), tmp_path)
    assert quality.f1 is not None
    assert quality.precision is not None
    assert quality.f1 >= least_f1
    assert quality.precision >= least_precision


def test_the_demo_company_is_linked_as_well_as_is_promised(tmp_path: Path) -> None:
    """Given households, shared mailboxes and namesakes, then who share them are not put together."""
    quality = linked(demo(tmp_path / "winkel", customers=DEMO_CUSTOMERS), tmp_path)
    assert quality.f1 is not None
    assert quality.precision is not None
    assert quality.f1 >= 0.98
    assert quality.precision >= 0.99  # of so few pairs, .995 is a matter of two
