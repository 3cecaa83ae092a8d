"""A column of citizen service numbers never lands, whatever it is called; other numbers do."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion import Delivery, bsn_values
from klantprofiel.ingestion.bsn import WEIGHTS, WIDE_DIGITS, holds_bsn, is_bsn, is_bsn_name, nine_digits
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import DAY, Visits, csv, landed, left_aside, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
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
    st.from_regex(r"[ .]?0{0,2}[0-9]{8,9}([.,]0{1,3})?[ -]?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}([.][0-9]{3}){2}([,.]0{1,2})?", fullmatch=True),
    st.from_regex(r"[0-9]([.,][0-9]{0,9}0{0,2})?[eE][+]?0?[5-9]", fullmatch=True),
    st.from_regex(r"(BSN|nr[.]|e) ?[0-9]{8,9} ?(e|x1)?", fullmatch=True),
    st.from_regex("[\uff10-\uff19]{8,9}([\uff0e\uff0c]\uff10)?", fullmatch=True),
    st.text(max_size=12),
)


@settings(max_examples=30)
@given(st.lists(_text, min_size=1, max_size=30))
def test_the_engine_counts_as_the_check_does(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "texts.parquet"
    odd = 'a "b" $column'
    parquet.write_table(pa.table({odd: texts, "_line": list(range(len(texts)))}), path)
    counted = bsn_values._n_different(_Tables(), path, odd, 1)  # type: ignore[arg-type]  # noqa: SLF001
    looked = f"select {bsn_values.different_and_passing(odd)} from read_parquet($path)"
    assert _Tables().rows(looked, path=str(path)) == [counted]
    different = {nine_digits(text) for text in texts if is_bsn(text)}
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


FULL_WIDTH = str.maketrans("0123456789.", WIDE_DIGITS + "\uff0e")
WRITTEN: dict[str, Callable[[str], str]] = {
    "181174030,00": "{},00".format,
    "181174030.00": "{}.00".format,
    "181174030.0000": "{}.0000".format,
    "181.174.030": lambda one: f"{one[:3]}.{one[3:6]}.{one[6:]}",
    "181.174.030,00": lambda one: f"{one[:3]}.{one[3:6]}.{one[6:]},00",
    "181,174,030.00": lambda one: f"{one[:3]},{one[3:6]},{one[6:]}.00",
    "1.81174030E+08": lambda one: f"{int(one):.8E}",
    "1,81174030E+08": lambda one: f"{int(one):.8E}".replace(".", ","),
    "1.8117403e8": lambda one: f"{int(one):.8e}".replace("e+0", "e").replace("0e", "e"),
    "1.81174030000000E+08": lambda one: f"{int(one):.14E}",
    "BSN 181174030": "BSN {}".format,
    "B.S.N.: 181174030": "B.S.N.: {}".format,
    "NL181174030": "NL{}".format,
    "181174030 (bsn)": "{} (bsn)".format,
    "0181174030": "0{}".format,
    "000181174030": "000{}".format,
    "wide 181174030": lambda one: one.translate(FULL_WIDTH),
    "wide 181174030.00": lambda one: f"{one}.00".translate(FULL_WIDTH),
}


@pytest.mark.parametrize("form", WRITTEN.values(), ids=WRITTEN)
def test_they_are_seen_however_they_are_written(warehouse: Warehouse, form: Callable[[str], str]) -> None:
    passing, failing = numbers(60, passing=True), numbers(30, passing=False)
    assert all(is_bsn(form(one)) for one in passing)
    assert not any(is_bsn(form(one)) for one in failing)
    with pytest.raises(DeliveryError, match="'Nummer' holds citizen service numbers"):
        deliver(warehouse, list(map(form, passing + failing)), declared=False)


class Payments(s.EventTable):
    """Betalingen: one row per payment."""

    purpose = "proef"
    retention = s.years(1)
    payment_id = s.Text(label="Betaling", source="betaling", key=True)
    paid = s.Amount(label="Bedrag", unit="EUR", source="bedrag", nullable=True)
    paid_on = s.Date(label="Dag", source="dag")


@pytest.mark.parametrize("as_frame", [True, False])
def test_they_are_seen_among_amounts(warehouse: Warehouse, tmp_path: Path, *, as_frame: bool) -> None:
    amounts = [Decimal(f"{one}.00") for one in numbers(60, passing=True)]
    if as_frame:
        columns = {
            "betaling": [str(at) for at in range(60)],
            "bedrag": pa.array(amounts, pa.decimal128(18, 2)),
            "dag": [DAY] * 60,
        }
        delivery = Delivery.of_frame(Payments, pa.table(columns), name="betalingen")
    else:
        path = tmp_path / "betalingen.csv"
        rows = [f"{at};{amount};01-09-2026".replace(".", ",") for at, amount in enumerate(amounts)]
        path.write_text(csv(*rows, header="betaling;bedrag;dag"), encoding="utf-8")
        delivery = Delivery(Payments, path)
    with pytest.raises(DeliveryError, match="'bedrag' holds citizen service numbers"):
        take_in(warehouse, delivery)
    assert landed(warehouse) == []


class Calls(s.ReferenceTable):
    """Gesprekken: one row per call."""

    dialect = s.JsonLines()
    call_id = s.Text(label="Gesprek", source="gesprek", key=True)


@pytest.mark.parametrize("nested", [{"bsn": "x"}, [{"a": {"Klant-BSN": None}}], {"a": {}, "sofinummer": []}])
def test_a_name_inside_an_undeclared_object_is_enough(
    warehouse: Warehouse, tmp_path: Path, nested: object
) -> None:
    path = tmp_path / "gesprekken.jsonl"
    first = {"gesprek": "a"}
    path.write_text(f"{json.dumps(first)}\n{json.dumps(first | {'p': nested})}\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="holds citizen service numbers"):
        take_in(warehouse, Delivery(Calls, path))
    assert landed(warehouse) == []


@pytest.mark.parametrize("nested", [{"bsn": "x"}, [{"a": {"Klant-BSN": "x"}}]])
def test_a_name_inside_an_undeclared_struct_is_enough(warehouse: Warehouse, nested: object) -> None:
    frame = pa.table({"bezoek": ["a"], "duur": [1], "dag": [DAY], "p": [nested]})
    with pytest.raises(DeliveryError, match="holds citizen service numbers"):
        take_in(warehouse, Delivery.of_frame(Visits, frame, name="bezoeken"))
    assert landed(warehouse) == []


def test_other_names_inside_undeclared_values_land(warehouse: Warehouse) -> None:
    nested = {"websnelheid": 1, "absent": [{"naam": "x"}]}
    frame = pa.table({"bezoek": ["a"], "duur": [1], "dag": [DAY], "p": [nested]})
    take_in(warehouse, Delivery.of_frame(Visits, frame, name="bezoeken"))
    assert landed(warehouse)


def _with_check_digit(twelve: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(twelve))
    return twelve + str(-total % 10)


OTHERS: dict[str, Callable[[random.Random], str]] = {
    "nine digits": lambda draws: f"{draws.randrange(10**9):09d}",
    "whole amounts": lambda draws: f"{draws.randrange(10**7, 10**9)},00",
    "grouped amounts": lambda draws: f"€ {draws.randrange(10**9):,}.00",
    "amounts in cents": lambda draws: f"{draws.randrange(10**9) / 100:.2f}",
    "powers": lambda draws: f"{draws.randrange(10**8, 10**9):.8E}",
    "mobile numbers": lambda draws: f"06{draws.randrange(10**8):08d}",
    "mobile numbers abroad": lambda draws: f"+31 6 {draws.randrange(10**8):08d}",
    "telephone numbers": lambda draws: f"020-{draws.randrange(10**7):07d}",
    "IBANs": lambda draws: f"NL{draws.randrange(10, 98)}INGB{draws.randrange(10**10):010d}",
    "EANs": lambda draws: _with_check_digit(f"87{draws.randrange(10**10):010d}"),
    "short EANs": lambda draws: _with_check_digit(f"{draws.randrange(10**7):012d}")[-8:],
    "order numbers": lambda draws: f"ORD-{draws.randrange(10**9):09d}",
    "days": lambda draws: f"{draws.randrange(1900, 2030)}-{draws.randrange(1, 13):02d}-17",
    "shares": lambda draws: f"0.{draws.randrange(10**9):09d}",
}


@pytest.mark.parametrize("draw", OTHERS.values(), ids=OTHERS)
@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_a_column_of_other_numbers_is_not_taken_for_one(
    draw: Callable[[random.Random], str], seed: int
) -> None:
    draws = random.Random(seed)  # noqa: S311  no secret
    texts = {draw(draws) for _ in range(300)}
    n_passing = len({nine_digits(text) for text in texts if is_bsn(text)})
    assert not bsn_values.is_column_of_bsns(len(texts), n_passing)
    assert n_passing < bsn_values.DOUBTFUL_SHARE * len(texts)  # far from it


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
