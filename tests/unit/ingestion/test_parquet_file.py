"""A Parquet file is held against declared types, and every value becomes the text that loses nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from sqlglot import exp

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.formats.parquet_file import as_text, open_parquet
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from pathlib import Path


class Lines(s.EventTable):
    """Regels: one row per line."""

    dialect = s.Parquet()
    purpose = "proef"
    retention = s.years(1)
    line_id = s.Text(label="Regel", source="regel", key=True)
    quantity = s.Integer(label="Aantal", nullable=True)
    amount_eur = s.Amount(label="Bedrag", unit="EUR", nullable=True)
    day = s.Date(label="Dag", nullable=True)
    moment = s.Timestamp(label="Moment", nullable=True)
    is_return = s.Flag(label="Retour", nullable=True)


GOOD: dict[str, Any] = {
    "regel": pa.array(["a", "b"]),
    "quantity": pa.array([1, None]),
    "amount_eur": pa.array([1.1, 2.0]),
    "day": pa.array([date(2026, 1, 2), None]),
    "moment": pa.array([datetime(2026, 1, 2, 3, 4, 5), None]),  # noqa: DTZ001  without a zone on purpose
    "is_return": pa.array([True, False]),
}


def write(path: Path, **columns: Any) -> Path:  # noqa: ANN401  pyarrow ships no types
    parquet.write_table(pa.table(columns), path)
    return path


def read(path: Path) -> list[tuple[Any, ...]]:
    pieces = open_parquet(path, Contract.of(Lines), path.name).pieces()
    return [tuple(row.values()) for piece in pieces for row in piece.table.to_pylist()]


def test_values_become_text_with_the_number_of_their_record(tmp_path: Path) -> None:
    assert read(write(tmp_path / "f.parquet", **GOOD)) == [
        ("a", "1", "1.1", "2026-01-02", "2026-01-02 03:04:05", "true", 1),
        ("b", None, "2", None, None, "false", 2),
    ]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1))
def test_doubles_read_back_as_they_were(values: list[float | None]) -> None:
    texts = as_text(pa.array(values, pa.float64()), "DECIMAL(18,2)").to_pylist()
    assert [None if text is None else float(text) for text in texts] == values


@given(st.lists(st.integers(-(2**53), 2**53) | st.none(), min_size=1))
def test_whole_numbers_stored_as_doubles_are_whole(values: list[int | None]) -> None:
    doubles = pa.array([None if value is None else float(value) for value in values], pa.float64())
    texts = as_text(doubles, "BIGINT").to_pylist()
    assert texts == [None if value is None else str(value) for value in values]


@given(st.lists(st.datetimes(), min_size=1), st.sampled_from([None, "Europe/Amsterdam"]))
def test_moments_read_back_as_they_were(values: list[datetime], zone: str | None) -> None:
    moments = pa.array(values, pa.timestamp("us", zone))
    texts = as_text(moments, "TIMESTAMP").to_pylist()
    expected = [value.replace(tzinfo=UTC) if zone else value for value in values]
    assert [datetime.fromisoformat(text) for text in texts] == expected


@pytest.mark.parametrize(
    ("values", "sql_type", "expected"),
    [
        (pa.array([Decimal("10.50")]), "DECIMAL(18,2)", "10.50"),
        (pa.array([2**60]), "BIGINT", str(2**60)),
        (pa.array([2**63], pa.uint64()), "VARCHAR", str(2**63)),
        (pa.array([3.5]), "BIGINT", "3.5"),
        (pa.array([1.5], pa.float16()), "DECIMAL(18,2)", "1.5"),
        (pa.array([1e300]), "BIGINT", "1e+300"),
        (pa.array(["x"]).dictionary_encode(), "VARCHAR", "x"),
        (pa.array([""]), "VARCHAR", None),
        (pa.array([None]), "BIGINT", None),
        (
            pa.array([1_767_323_045_123_456_789], pa.timestamp("ns")),
            "TIMESTAMP",
            "2026-01-02 03:04:05.123456789",
        ),
    ],
)
def test_text_of(values: Any, sql_type: str, expected: str | None) -> None:  # noqa: ANN401
    assert as_text(values, sql_type).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("given", "scale", "expected"),
    [
        ("12.9999990000", 10, None),
        ("12.3400000000", 10, "12.34"),
        ("12.99999999999999999", 17, None),
        ("-0.00000000123456789012345", 23, None),
        ("0", 10, "0.00"),
        ("1234567890123456.7800", 4, "1234567890123456.78"),
    ],
)
def test_an_exact_decimal_is_never_taken_for_a_double(given: str, scale: int, expected: str | None) -> None:
    values = pa.array([Decimal(given)], pa.decimal128(38, scale))
    (text,) = as_text(values, "DECIMAL(18,2)").to_pylist()
    assert as_text(values.dictionary_encode(), "DECIMAL(18,2)").to_pylist() == [text]
    assert Decimal(text) == Decimal(given)
    cast = Lines.columns["amount_eur"].cast(exp.column("text"), s.Parquet())
    found = duckdb.execute(f"select {cast.sql('duckdb')} from (select $text as text)", {"text": text})
    assert found.fetchall() == [(Decimal(expected) if expected else None,)]


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("regel", pa.array([1.0, 2.0]), "numbers with a fraction"),
        ("regel", pa.array([True, False]), "true and false"),
        ("regel", pa.array([b"a", b"b"]), "bytes"),
        ("quantity", pa.array([True, False]), "true and false"),
        ("amount_eur", pa.array([date(2026, 1, 1)] * 2), "dates"),
        ("day", pa.array([1, 2]), "whole numbers"),
        ("day", pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2), "moments with a zone"),
        ("moment", pa.array([date(2026, 1, 1)] * 2), "dates"),
        ("moment", pa.array([[1], [2]]), "values of type list"),
        ("is_return", pa.array([1.0, 0.0]), "numbers with a fraction"),
    ],
)
def test_a_type_that_cannot_hold_the_declared_kind_is_refused(
    tmp_path: Path,
    column: str,
    values: Any,  # noqa: ANN401  pyarrow ships no types
    found: str,
) -> None:
    path = write(tmp_path / "f.parquet", **(GOOD | {column: values}))
    with pytest.raises(DeliveryError, match=f"the column '{column}' holds {found}"):
        open_parquet(path, Contract.of(Lines), "f.parquet")


def test_numbers_as_customer_numbers_and_columns_without_values_are_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "f.parquet", **(GOOD | {"regel": pa.array([7, 8]), "day": pa.nulls(2)}))
    assert [row[0] for row in read(path)] == ["7", "8"]


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    columns = {("Quantity" if name == "quantity" else name): values for name, values in GOOD.items()}
    path = write(tmp_path / "f.parquet", **columns)
    with pytest.raises(DeliveryError, match=r"lacks 'quantity'; it has 'Quantity' where 'quantity' was"):
        open_parquet(path, Contract.of(Lines), "f.parquet")


def test_text_that_cannot_be_read_as_its_kind_is_refused_before_it_lands(tmp_path: Path) -> None:
    columns = {name: pa.concat_arrays([values] * 15) for name, values in GOOD.items()}
    columns["regel"] = pa.array([str(at) for at in range(30)])
    columns["day"] = pa.array(["01-02-2026"] * 30)
    path = write(tmp_path / "f.parquet", **columns)
    warehouse = Warehouse(tmp_path / "klanten")
    with warehouse.run("nightly", as_of=date(2026, 2, 1)) as run:
        with pytest.raises(DeliveryError, match="of 30 values in the column 'day', 30 cannot be read"):
            ingest(run, [Delivery(Lines, path)])
        assert not list(run.land.rglob("*.parquet"))


def test_records_with_nul_bytes_are_kept_aside_as_those_of_csv_files_are(tmp_path: Path) -> None:
    columns = GOOD | {"regel": pa.array(["a\0b", "c"])}
    path = write(tmp_path / "f.parquet", **columns)
    (piece,) = open_parquet(path, Contract.of(Lines), path.name).pieces()
    assert [(row["line_id"], row["_line"]) for row in piece.table.to_pylist()] == [("c", 2)]
    ((reject),) = piece.rejects
    assert (reject.line, reject.rule) == (1, "record.nul_byte")
    assert reject.raw_text.startswith('{"line_id": "a\\u0000b", "quantity": "1"')
    assert piece.n_records == 2


def test_a_file_that_was_cut_off_or_is_something_else_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "f.parquet", **GOOD)
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"regel;quantity\n", whole[:-8] + b"\0" * 8):
        path.write_bytes(damaged)
        with pytest.raises(DeliveryError, match=r"f\.parquet cannot be read as Parquet"):
            read(path)


def test_a_damaged_page_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    parquet.write_table(pa.table(GOOD), path, compression="zstd")
    damaged = bytearray(path.read_bytes())
    damaged[4:60] = b"\xff" * 56
    path.write_bytes(damaged)
    with pytest.raises(DeliveryError, match=r"f\.parquet cannot be read as Parquet"):
        read(path)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    latin = pa.array([b"Ren\xe9e", b"b"]).view(pa.string())
    with pytest.raises(DeliveryError, match="cannot be read as Parquet"):
        read(write(tmp_path / "f.parquet", **(GOOD | {"regel": latin})))
