"""The files of the fictional company: cut into nights without loss, dirty where the truth says so."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.demo import dirt
from klantprofiel.demo.dated import Calendar, latest
from klantprofiel.demo.deliveries import QUIET_NIGHTS, SOURCES
from klantprofiel.demo.files import AGAIN, ON_TIME, TOO_LATE
from klantprofiel.demo.world import make_world
from klantprofiel.demo.writers import BROKEN, ready

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.demo.deliveries import Source
    from klantprofiel.demo.world import World
    from tests.unit.demo.conftest import Company

NAMES = [source.name for source in SOURCES]
BY_NAME = {source.name: source for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_every_row_is_delivered_once_in_the_order_of_the_nights(
    company: Company, world: World, source: Source
) -> None:
    dated = source.make(world)
    files = company.files(source.name)
    nights = {night: number for number, night in enumerate(company.generated.days)}
    delivered = {nights[file.of_day]: file.n_records for file in files}
    assert delivered == dict(Counter(dated.day.tolist()))
    assert 0 in delivered


@pytest.mark.parametrize("name", ["kassabonnen.csv", "webbestellingen.parquet", "toestemmingen.csv"])
def test_what_happened_does_not_depend_on_how_many_days_it_is_delivered_in(name: str, world: World) -> None:
    at_once = make_world(len(world.people), world.seed, 0)
    in_days, whole = BY_NAME[name].make(world), BY_NAME[name].make(at_once)
    assert in_days.rows.equals(whole.rows)
    assert set(whole.day.tolist()) == {0}


def test_a_register_ends_the_same_however_many_days_it_is_delivered_in(world: World) -> None:
    ends = []
    for days in (0, world.calendar.days, 365):
        dated = BY_NAME["klanten.csv"].make(make_world(len(world.people), world.seed, days))
        rows = dated.rows.take(pa.array(np.argsort(dated.day, kind="stable"))).to_pylist()
        ends.append({row["klantnr"]: row for row in rows})
    assert ends[0] == ends[1] == ends[2]


@given(days=st.integers(0, 365), numbers=st.lists(st.integers(-4_000, 1_095), max_size=20))
def test_what_happens_on_a_day_is_delivered_the_night_after(days: int, numbers: list[int]) -> None:
    calendar = Calendar(days)
    nights = calendar.delivery_days
    assert nights[-1] == date(2026, 9, 3)
    for number, delivery in zip(numbers, calendar.delivery_of(np.array(numbers, int)).tolist(), strict=True):
        night_after = date(2023, 9, 3) + timedelta(days=number + 1)
        assert nights[delivery] == max(night_after, nights[0])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=20))
def test_of_each_key_and_delivery_the_last_row_is_kept(rows: list[tuple[int, int]]) -> None:
    rows.sort()
    kept = latest(np.array([key for key, _ in rows], int), np.array([on for _, on in rows], int)).tolist()
    assert [rows[place] for place in kept] == sorted(set(rows))
    assert all(rows[place] not in rows[place + 1 :] for place in kept)


def test_some_files_come_a_day_late_and_some_once_more(company: Company) -> None:
    root = company.generated.directory
    manners = Counter(file.manner for file in company.generated.files)
    assert min(manners[TOO_LATE], manners[AGAIN]) > 0
    for file in company.generated.files:
        assert (root / file.path).exists()
        assert file.path.parent.name == file.delivered_on.isoformat()
        wait = file.delivered_on - file.of_day
        assert wait == timedelta(days=0 if file.manner == ON_TIME else 1)
    for file in company.generated.files:
        if file.manner == AGAIN:
            same = root / "leveringen" / file.of_day.isoformat() / file.source
            assert (root / file.path).read_bytes() == same.read_bytes()
        if file.manner == TOO_LATE:
            assert not (root / "leveringen" / file.of_day.isoformat() / file.source).exists()


def test_the_last_nights_bring_every_file_on_time_and_once(company: Company) -> None:
    last = company.generated.days[-QUIET_NIGHTS:]
    assert all(file.manner == ON_TIME for file in company.generated.files if file.delivered_on in last)


def test_one_row_in_a_hundred_is_dirt_of_every_kind(company: Company) -> None:
    for file in company.generated.files:
        assert file.n_dirty <= 0.01 * file.n_records
        if BY_NAME[file.source].stains and file.manner != AGAIN:
            assert file.n_dirty == file.n_records // 100 == len(company.dirty(file))
        else:
            assert file.n_dirty == 0 or file.manner == AGAIN
    planted = {(row["file"].rpartition("/")[2], row["kind"], row["column"]) for row in company.truth("vuil")}
    for source in SOURCES:
        if company.files(source.name)[0].n_dirty >= 2 * len(source.stains):
            for stain in source.stains:
                assert (source.name, stain.kind, stain.column) in planted or stain.value is dirt.ROW_BEFORE


def test_the_dirt_lies_where_the_truth_says(company: Company) -> None:
    files = {file.path.as_posix(): file for file in company.generated.files}
    values = {
        (source.name, stain.kind, stain.column): stain.value for source in SOURCES for stain in source.stains
    }
    for row in company.truth("vuil"):
        file = files[row["file"]]
        records = company.records(file)
        record = records[row["record"] - 1]
        value = values[file.source, row["kind"], row["column"]]
        if row["column"] == BROKEN:
            assert record == {BROKEN: True}
        elif value is dirt.ROW_BEFORE:
            assert record[row["column"]] == records[row["record"] - 2][row["column"]]
        else:
            assert as_read(record[row["column"]]) == as_read(value)


def as_read(value: Any) -> Any:  # noqa: ANN401 - a workbook has no integers and an empty cell is an empty text
    if value in ("", "#N/A"):
        return None
    return value.isoformat()[:10] if isinstance(value, date | datetime) else value


def test_names_with_letters_that_the_counter_cannot_write_lose_only_those(company: Company) -> None:
    written = {row["achternaam"] for row in company.rows("klanten.csv")}
    known = {row["achternaam"] for row in company.rows("webaccounts.parquet")}
    assert "M\u00fcller" in written
    assert "\u015eahin" in known
    assert "\u015eahin" not in written
    assert "Sahin" in written


def test_a_file_in_cp1252_is_no_utf_8(company: Company) -> None:
    content = (company.generated.directory / company.files("klanten.csv")[0].path).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.decode("cp1252").encode("cp1252") == content


@given(
    sizes=st.lists(st.integers(0, 450), min_size=1, max_size=6),
    n_stains=st.integers(0, 4),
    seed=st.integers(0, 99),
)
def test_dirt_is_counted_per_file_and_leaves_every_other_cell(
    sizes: list[int], n_stains: int, seed: int
) -> None:
    starts = np.append(0, np.cumsum(sizes))
    clean = pa.table({"key": [str(number) for number in range(sum(sizes))]})
    kinds = (dirt.ROW_BEFORE, None, "x", "y")
    stains = tuple(dirt.Stain(f"kind {number}", "key", kinds[number]) for number in range(n_stains))
    table, planted = dirt.plant(np.random.default_rng(seed), clean, starts, stains)
    rows = [starts[row["file"]] + row["record"] - 1 for row in planted.to_pylist()]
    before, after = clean["key"].to_pylist(), table["key"].to_pylist()
    assert sorted(rows) == [row for row in range(len(before)) if before[row] != after[row]]
    per_file = Counter(planted["file"].to_pylist())
    assert all(per_file[file] == (size // 100 if stains else 0) for file, size in enumerate(sizes))


def test_text_of_any_kind_survives_json_lines(tmp_path: Path) -> None:
    table = pa.table({"a": ['say "hi"\n', "\u00e9\\", None], "n": [1, None, 3], BROKEN: [False, False, True]})
    ready(table, "x.jsonl", "utf-8").write(0, 3, tmp_path / "x.jsonl")
    first, second, third = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert (first, second) == (r'{"a": "say \"hi\"\n", "n": 1}', r'{"a": "' + "\u00e9" + r'\\", "n": null}')
    assert third == '{"a": null, "n": 3}'[:40]
