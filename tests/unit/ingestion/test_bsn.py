"""A column of citizen service numbers never lands, whatever it is called; other numbers do."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion import Delivery, bsn_values
from klantprofiel.ingestion.bsn import WEIGHTS, holds_bsn, is_bsn, is_bsn_name
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import Visits, csv, landed, left_aside, take_in

if TYPE_CHECKING:
    from pathlib import Path

DRAWS = random.Random(11)  # noqa: S311  no secret


def numbers(n: int, *, passing: bool) -> list[str]:
    found: list[str] = []
    while len(found) < n:
        number = f"{DRAWS.randrange(10**7, 10**9):09d}"
        if is_bsn(number) == passing:
            found.append(number)
    return found


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


def deliver(warehouse: Warehouse, values: list[str], *, declared: bool) -> None:
    path = warehouse.store.root.parent / "bezoeken.csv"
    if declared:
        rows = [f"{value};1;01-09-2026" for value in values]
        path.write_text(csv(*rows), encoding="utf-8")
    else:
        rows = [f"{at};1;01-09-2026;{value}" for at, value in enumerate(values)]
        path.write_text(csv(*rows, header="bezoek;duur;dag;Nummer"), encoding="utf-8")
    take_in(warehouse, Delivery(Visits, path))


@pytest.mark.parametrize(
    "header",
    [
        "bsn", "BSN", "B.S.N.", "klant_bsn", "KlantBSN", "bsnNummer", "bsn-nr", "BSN 2", "clientbsn",
        "Burgerservicenummer", "burger service nr", "BURGERSERVICE_NUMMER", "sofinummer", "Sofi-nummer",
        "sofi nr",
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_name(header: str) -> None:
    assert is_bsn_name(header)


@pytest.mark.parametrize(
    "header",
    [
        "absent",
        "websnelheid",
        "absnr",
        "klantnummer",
        "Sofia",
        "sofinanciering",
        "burger",
        "service nummer",
        "b_s",
        "",
    ],
)
def test_another_name_is_another_name(header: str) -> None:
    assert not is_bsn_name(header)


def test_the_check_is_the_known_one() -> None:
    assert [is_bsn(text) for text in ("111222333", "123456782", "1234.56.782", "11222333")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert is_bsn("10000008") == is_bsn("010000008")
    assert not any(map(is_bsn, ("", "0", "00000000", "000000000", "111111111", "1112223334", "11122233a")))


@given(st.integers(1, 10**9 - 1))
def test_one_number_in_eleven_passes_and_a_slip_in_one_digit_never_does(number: int) -> None:
    text = f"{number:09d}"
    nearest = [str(number - number % 11 + at).zfill(9) for at in range(11)]
    assert sum(is_bsn(near) for near in nearest if len(near) == 9) <= 2
    if is_bsn(text):
        slips = [text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :] for at in range(len(WEIGHTS))]
        assert not any(map(is_bsn, slips))


class _Tables:
    """The tables of a bare engine."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        return self.connection.execute(query, values).fetchall()


_text = st.one_of(
    st.from_regex(r"[0-9]{7,10}", fullmatch=True),
    st.from_regex(r"[0-9]{2,4}[-. ]{0,2}[0-9]{2,4}[-. ][0-9]{1,4}", fullmatch=True),
    st.sampled_from(["111222333", "123456782", "000000000", "00000000"]),
    st.from_regex(r"[ .]?[0-9]{8,9}([.,]0)?[ -]?", fullmatch=True),
    st.text(max_size=12),
)


@settings(max_examples=30)
@given(st.lists(_text, min_size=1, max_size=30))
def test_the_engine_counts_as_the_check_does(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    path = tmp_path_factory.getbasetemp() / "texts.parquet"
    odd = 'a "b" $column'
    parquet.write_table(pa.table({odd: texts, "_line": list(range(len(texts)))}), path)
    counted = bsn_values._n_different(_Tables(), path, odd, 1)  # type: ignore[arg-type]  # noqa: SLF001
    looked = f"select {bsn_values.different_and_passing(odd)} from read_parquet($path)"
    assert _Tables().rows(looked, path=str(path)) == [counted]
    bare = [re.sub("[^0-9]", "", re.sub("[.,]0[^0-9A-Za-z]*$", "", text)) for text in texts if is_bsn(text)]
    different = set(bare)
    assert counted[1] == len(different)
    assert len(different) <= counted[0] <= len(set(texts))


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("form", ["{}", "{:.4}.{}", " {}\xa0", "{},0"])
def test_a_column_of_them_never_lands(warehouse: Warehouse, form: str, *, declared: bool) -> None:
    whole = numbers(60, passing=True) + numbers(35, passing=False)
    values = [f"{one[:4]}.{one[4:]}" if ".4" in form else form.format(one) for one in whole]
    column = "'bezoek'" if declared else "'Nummer'"
    with pytest.raises(DeliveryError, match=f"the column {column} holds citizen service numbers") as caught:
        deliver(warehouse, values, declared=declared)
    assert not any(one in str(caught.value) for one in whole)
    assert landed(warehouse) == []
    assert left_aside(warehouse) == []


@pytest.mark.parametrize("declared", [True, False])
def test_other_numbers_of_nine_digits_land(warehouse: Warehouse, *, declared: bool) -> None:
    consecutive = [str(100_200_300 + at) for at in range(300)]
    deliver(warehouse, consecutive, declared=declared)
    assert landed(warehouse)


def test_fewer_than_fifty_different_ones_are_left_to_chance(warehouse: Warehouse) -> None:
    deliver(warehouse, numbers(49, passing=True) * 3, declared=False)
    assert landed(warehouse)


def test_they_are_seen_in_a_sparse_column_of_a_large_file(warehouse: Warehouse) -> None:
    hidden = iter(numbers(100, passing=True))
    values = [next(hidden) if at % 611 == 5 else "" for at in range(61_000)]
    with pytest.raises(DeliveryError, match="'Nummer' holds citizen service numbers"):
        deliver(warehouse, values, declared=False)


def test_a_name_is_enough(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "bezoeken.csv"
    path.write_text(csv("a;1;01-09-2026;", header="bezoek;duur;dag;Sofi-nummer"), encoding="utf-8")
    with pytest.raises(DeliveryError, match="'Sofi-nummer' holds citizen service numbers"):
        take_in(warehouse, Delivery(Visits, path))
    assert landed(warehouse) == []


def test_a_declared_header_is_looked_at_too(warehouse: Warehouse, tmp_path: Path) -> None:
    class Hidden(s.ReferenceTable):
        """Verborgen: one row per number."""

        number = s.Text(label="Nummer", source="B.S.N.", key=True)

    path = tmp_path / "nummers.csv"
    path.write_text("B.S.N.\n1\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="holds citizen service numbers"):
        take_in(warehouse, Delivery(Hidden, path))


def test_the_refusal_says_why_and_what_to_do() -> None:
    assert "the law" in holds_bsn("f", "x").expected
    assert "delete this file" in holds_bsn("f", "x").todo
