"""A delivery that the gate refuses: set aside, judged on its own day when it comes again, never forgotten.

A shop that delivers an order file every night has five good nights; in the sixth, prices are a hundred times
what they were. The pipeline lists the whole folder every night.
"""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import GateError
from klantprofiel.ingestion import Delivery, Land, ingest
from klantprofiel.validation import accept, one_judge, validate
from klantprofiel.warehouse import Warehouse, open_owner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.gate

FIRST: Final = date(2026, 10, 1)
N_GOOD: Final = 7  # the first holds what was before, and five more make a history
BAD: Final = FIRST + timedelta(days=N_GOOD)
NEXT: Final = BAD + timedelta(days=1)
N_ORDERS: Final = 40


class NightOrders(s.EventTable, maps_to=s.canonical.Orders):
    """Bestellingen van een nacht: one row per order."""

    customers_of = "night"
    purpose = "proef"
    retention = s.years(1)
    dialect = s.Csv(decimal=".", timestamp_format="%Y-%m-%d %H:%M:%S")

    order_id = s.Text(label="Bestelnummer", key=True)
    customer_id = s.Text(label="Klantnummer")
    ordered_at = s.Timestamp(label="Besteld op")
    amount_eur = s.Amount(label="Bedrag", unit="EUR", minimum=0)


class NightShops(s.ReferenceTable, maps_to=s.canonical.Stores):
    """Winkels: one row per shop."""

    store_id = s.Text(label="Winkelnummer", key=True)


class Nights:
    """A shop with a folder of deliveries that every night lists in full."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "leveringen"
        self.folder.mkdir(exist_ok=True)
        self.warehouse = Warehouse(root / "klanten")
        self.land = Land(self.warehouse.store.land, "night_orders")

    def write(self, day: date, *, times: int = 1, n_orders: int = N_ORDERS) -> Path:
        number = day.toordinal()
        rows = [
            f"{number}-{n};{n % 9};{day - timedelta(days=1)} {8 + n % 12:02}:{n % 60:02}:00;"
            f"{times * (10 + (number + 7 * n) % 30)}.{n % 100:02}"
            for n in range(n_orders)
        ]
        path = self.folder / f"orders-{day}.csv"
        path.write_text("\n".join(["order_id;customer_id;ordered_at;amount_eur", *rows, ""]), "utf-8")
        return path

    def night(self, as_of: date, *, dies: bool = False) -> None:
        days = {path: date.fromisoformat(path.stem.removeprefix("orders-")) for path in self.folder.iterdir()}
        deliveries = [Delivery(NightOrders, path, day) for path, day in sorted(days.items())]
        self.take_in(as_of, deliveries, dies=dies)

    def take_in(self, as_of: date, deliveries: list[Delivery], *, dies: bool = False) -> None:
        moment = datetime.combine(as_of, time(4))
        with self.warehouse.run("nightly", as_of=as_of, recorded_at=moment) as run:
            ingest(run, deliveries)
            if dies:
                raise InterruptedError
            validate(run)

    def digest(self) -> str:
        with open_owner(self.warehouse.store.root) as release:
            return release.digest()

    def days(self, table: str = "identity.night_orders") -> list[date]:
        with open_owner(self.warehouse.store.root) as release:
            return [day for (day,) in release.rows(f"select distinct delivered_on from {table} order by 1")]

    def refused(self) -> list[date]:
        return [batch.delivered_on for batch in self.land.refused.batches()]

    def results(self, run_id: str) -> dict[str, Any]:
        store = self.warehouse.store
        is_refused = run_id in store.refused_ids()
        files = store.refused_files(run_id) if is_refused else store.files(run_id).judged
        found: dict[str, Any] = json.loads(files.results.read_text(encoding="utf-8"))
        return found

    def page(self, run_id: str) -> str:
        store = self.warehouse.store
        is_refused = run_id in store.refused_ids()
        files = store.refused_files(run_id) if is_refused else store.files(run_id).judged
        return files.page.read_text(encoding="utf-8")


def days_judged(results: dict[str, Any], state: str) -> set[str]:
    return {
        each["meta"]["day"]
        for suite in results["suites"]
        for each in suite["results"]
        if each["meta"]["state"] == state and each["meta"]["day"]
    }


@pytest.fixture(scope="module")
def _one_judge() -> Iterator[None]:
    with one_judge():
        yield


@pytest.fixture(scope="module")
def refused_shop(tmp_path_factory: pytest.TempPathFactory, _one_judge: None) -> Nights:
    """Give the shop after its good nights and the refused one."""
    shop = Nights(tmp_path_factory.mktemp("geweigerd"))
    for number in range(N_GOOD):
        shop.write(FIRST + timedelta(days=number))
    shop.night(BAD - timedelta(days=1))
    shop.write(BAD, times=100)
    with pytest.raises(GateError, match=f"night_orders .delivery of {BAD}., range of amount_eur") as caught:
        shop.night(BAD)
    assert "land/night_orders/refused" in str(caught.value)
    return shop


@pytest.fixture
def shop(refused_shop: Nights, tmp_path: Path) -> Nights:
    root = refused_shop.folder.parent
    shutil.copytree(root, tmp_path, dirs_exist_ok=True, symlinks=True)
    return Nights(tmp_path)


@pytest.fixture(scope="module")
def never_bad(tmp_path_factory: pytest.TempPathFactory, _one_judge: None) -> str:
    """Give what the release of a shop holds that never had the bad file."""
    shop = Nights(tmp_path_factory.mktemp("nooit"))
    for number in range(N_GOOD):
        shop.write(FIRST + timedelta(days=number))
    shop.night(BAD - timedelta(days=1))
    shop.write(BAD)
    shop.write(NEXT)
    shop.night(NEXT)
    return shop.digest()


def test_what_is_refused_is_set_aside_and_leaves_no_trace_in_the_history(shop: Nights) -> None:
    results = shop.results("000002-nightly")

    assert shop.refused() == [BAD]
    assert BAD not in {batch.delivered_on for batch in shop.land.batches()}
    assert days_judged(results, "broken") == {str(BAD)}
    assert [each["delivered_on"] for each in results["meta"]["set_aside"]] == [str(BAD)]
    assert "Apart gezet" in shop.page("000002-nightly")
    assert max(shop.days("delivery_statistics")) == BAD - timedelta(days=1)


def test_a_good_night_does_not_carry_a_refused_day_along(shop: Nights) -> None:
    shop.write(NEXT)

    for _ in range(2):  # however often it is tried
        with pytest.raises(GateError, match=f"delivery of {BAD}") as caught:
            shop.night(NEXT)
        assert f"delivery of {NEXT}" not in str(caught.value)
        assert shop.refused() == [BAD]
        assert NEXT in {batch.delivered_on for batch in shop.land.batches()}
    assert shop.warehouse.current() == "000001-nightly"
    results = shop.results("000004-nightly")
    assert (days_judged(results, "broken"), days_judged(results, "kept")) == (
        {str(BAD)},
        {str(BAD), str(NEXT)},
    )
    assert f"levering van {BAD:%d-%m-%Y}" in shop.page("000004-nightly")


def test_a_mended_file_replaces_the_bad_one_without_a_trace(shop: Nights, never_bad: str) -> None:
    shop.write(NEXT)
    with pytest.raises(GateError):
        shop.night(NEXT)
    shop.write(BAD)

    shop.night(NEXT)

    assert shop.digest() == never_bad
    assert days_judged(shop.results("000004-nightly"), "kept") == {str(BAD), str(NEXT)}


def test_a_file_that_was_mended_badly_is_refused_again(shop: Nights) -> None:
    shop.write(NEXT)
    shop.write(BAD, times=99)

    with pytest.raises(GateError, match=f"delivery of {BAD}"):
        shop.night(NEXT)


def test_what_was_accepted_is_published_with_the_day_and_says_so(shop: Nights) -> None:
    accept(shop.warehouse, "000002-nightly", by="Els", because="de prijzen zijn in centen")
    shop.write(NEXT)

    shop.night(NEXT)

    assert shop.days()[-2:] == [BAD, NEXT]
    assert days_judged(shop.results("000003-nightly"), "accepted") == {str(BAD)}
    assert "geaccepteerd door Els" in shop.page("000003-nightly")
    assert shop.refused() == []


def test_without_the_bad_file_the_next_night_is_published_without_its_day(shop: Nights) -> None:
    shop.write(NEXT)
    (shop.folder / f"orders-{BAD}.csv").unlink()

    shop.night(NEXT)

    for table in ("identity.night_orders", "batches", "delivery_statistics"):
        assert BAD not in shop.days(table)
        assert NEXT in shop.days(table)
    assert shop.refused() == [BAD]
    assert days_judged(shop.results("000003-nightly"), "kept") == {str(NEXT)}


def test_a_crash_after_landing_does_not_forget_the_refusal(shop: Nights) -> None:
    shop.write(NEXT)
    with pytest.raises(InterruptedError):
        shop.night(NEXT, dies=True)
    assert shop.refused() == []
    assert [batch.was_refused for batch in shop.land.batches()][-2:] == [True, False]

    with pytest.raises(GateError, match=f"delivery of {BAD}"):
        shop.night(NEXT)


def test_a_day_of_a_run_that_died_before_it_was_judged_is_judged_by_the_next(shop: Nights) -> None:
    (shop.folder / f"orders-{BAD}.csv").unlink()
    shop.write(NEXT, times=100)
    with pytest.raises(InterruptedError):
        shop.night(NEXT, dies=True)
    shop.write(NEXT + timedelta(days=1))

    with pytest.raises(GateError, match=f"delivery of {NEXT}"):
        shop.night(NEXT + timedelta(days=1))


def test_days_that_come_in_one_night_are_judged_as_if_each_had_come_in_its_own(shop: Nights) -> None:
    (shop.folder / f"orders-{BAD}.csv").unlink()
    days = [NEXT + timedelta(days=number) for number in range(3)]
    for day in days:
        shop.write(day, times=100 if day == days[1] else 1)

    with pytest.raises(GateError) as caught:
        shop.night(days[-1])

    assert f"delivery of {days[1]}" in str(caught.value)
    assert not any(f"delivery of {day}" in str(caught.value) for day in (days[0], days[2]))
    assert shop.refused() == [BAD, days[1]]
    shop.write(days[1])
    shop.night(days[-1])
    assert shop.days()[-3:] == days


def test_only_the_deliveries_of_the_judged_day_and_table_are_set_aside(shop: Nights) -> None:
    """An orderly supplier is not asked twice: other tables and days stay where they landed."""
    shop.write(NEXT, n_orders=3)
    store = shop.folder.parent / "winkels.csv"
    store.write_text("store_id\n1\n", encoding="utf-8")
    deliveries = [Delivery(NightOrders, shop.folder / f"orders-{NEXT}.csv"), Delivery(NightShops, store)]

    with pytest.raises(GateError, match=f"delivery of {NEXT}., volume"):
        shop.take_in(NEXT, deliveries)

    assert shop.refused() == [BAD, NEXT]
    assert len(Land(shop.warehouse.store.land, "night_shops").batches()) == 1
