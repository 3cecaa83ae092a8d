"""A frame lands as a Parquet file would, once; what would change in silence is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from klantprofiel import schema as s
from klantprofiel.errors import ConfigurationError, DeliveryError
from klantprofiel.ingestion import Delivery, Land
from klantprofiel.ingestion.frame import Frame, content_hash, to_arrow
from klantprofiel.ingestion.piece import Piece, Reject
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import DAY, Visits, landed, take_in

if TYPE_CHECKING:
    from pathlib import Path


class WebOrders(s.EventTable):
    """Bestellingen: one row per order."""

    dialect = s.Csv(zone="Europe/Amsterdam")
    purpose = "proef"
    retention = s.years(1)
    order_id = s.Text(label="Bestelling", key=True)
    amount_eur = s.Amount(label="Bedrag", unit="EUR", nullable=True)
    ordered_at = s.Timestamp(label="Besteld op", nullable=True)
    paid_on = s.Date(label="Betaald op", nullable=True)
    n_items = s.Integer(label="Aantal", nullable=True)
    is_gift = s.Flag(label="Cadeau", nullable=True)


ROWS: list[tuple[str, Decimal | None, datetime | None, date | None, int | None, bool | None]] = [
    ("007", Decimal("12.50"), datetime(2026, 9, 1, 12, 30, tzinfo=UTC), date(2026, 9, 2), 3, True),
    ("café", None, None, None, None, None),
]
TEXTS = [
    ("007", "12.5", "2026-09-01 12:30Z", "2026-09-02", "3", "true", 1),
    ("café", None, None, None, None, None, 2),
]
NAMES = ["order_id", "amount_eur", "ordered_at", "paid_on", "n_items", "is_gift"]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


def columns() -> dict[str, list[Any]]:
    return {name: list(values) for name, values in zip(NAMES, zip(*ROWS, strict=True), strict=True)}


def pandas_objects() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns().items()})


def pandas_nullable() -> pd.DataFrame:
    frame = pandas_objects()
    return frame.assign(
        order_id=frame["order_id"].astype("category"),
        amount_eur=frame["amount_eur"].map(float, na_action="ignore").astype("Float64"),
        ordered_at=pd.to_datetime(frame["ordered_at"], utc=True).dt.tz_convert("Europe/Amsterdam"),
        paid_on=pd.to_datetime(frame["paid_on"]),
        n_items=frame["n_items"].astype("Int64"),
        is_gift=frame["is_gift"].astype("boolean"),
    )


def pandas_numpy() -> pd.DataFrame:
    frame = pandas_nullable()
    return frame.assign(
        order_id=np.array(["007", "café"]),
        amount_eur=np.array([12.5, np.nan]),
        n_items=np.array([3.0, np.nan]),
    )


def frames() -> dict[str, Any]:
    arrow = pa.table(columns())
    polars = pl.DataFrame(columns())
    return {
        "pandas, objects": pandas_objects(),
        "pandas, nullable": pandas_nullable(),
        "pandas, numpy": pandas_numpy(),
        "pandas, arrow": pandas_objects().convert_dtypes(dtype_backend="pyarrow"),
        "pandas, filtered": pd.concat([pandas_objects(), pandas_objects()]).iloc[2:],
        "polars": polars,
        "polars, categories": polars.with_columns(pl.col("order_id").cast(pl.Categorical)),
        "arrow": arrow,
        "arrow, a batch": arrow.to_batches()[0],
        "arrow, a stream": arrow.to_reader(),
        "arrow, in chunks": pa.concat_tables([arrow.slice(0, 1), arrow.slice(1)]),
        "duckdb": duckdb.from_arrow(arrow),
    }


@pytest.mark.parametrize("kind", frames())
def test_every_kind_of_frame_reads_as_the_same_text(kind: str) -> None:
    delivery = Delivery.of_frame(WebOrders, frames()[kind], name="bestellingen")
    assert texts_of(delivery) == normal(TEXTS)


def texts_of(delivery: Delivery) -> list[tuple[Any, ...]]:
    from klantprofiel.ingestion.contract import Contract  # noqa: PLC0415
    from klantprofiel.ingestion.formats.parquet_file import open_typed  # noqa: PLC0415

    reader = open_typed(delivery.frame, Contract.of(delivery.table), "f")
    rows = [tuple(row.values()) for piece in reader.pieces() for row in piece.table.to_pylist()]
    return normal(rows)


def normal(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with numbers and moments in one of the forms that all read alike."""

    def one(at: int, value: Any) -> Any:  # noqa: ANN401
        if at == 1 and value:
            return str(Decimal(value).normalize())
        if at in {2, 3} and value:
            return (
                value.removesuffix("Z").removesuffix(" 00:00:00").removesuffix(":00").removesuffix(" 00:00")
            )
        return value

    return [tuple(one(at, value) for at, value in enumerate(row)) for row in rows]


def test_a_frame_lands_typed_and_once(warehouse: Warehouse) -> None:
    first = take_in(warehouse, Delivery.of_frame(WebOrders, pandas_objects(), name="maandag"))
    again = take_in(warehouse, Delivery.of_frame(WebOrders, pl.DataFrame(columns()), name="dinsdag"))
    assert [taken.is_new for taken in (*first.taken_in, *again.taken_in)] == [True, False]
    assert "al bekend als maandag" in str(again.summary())
    (batch,) = Land(warehouse.store.land, "web_orders").batches()
    assert (batch.file_name, batch.n_records, batch.is_typed, batch.delivered_on) == ("maandag", 2, True, DAY)
    assert batch.dialect_of(WebOrders) == s.Parquet(zone="Europe/Amsterdam")


def test_columns_that_nobody_declared_are_kept_aside(warehouse: Warehouse) -> None:
    frame = pandas_objects().assign(kleur=pd.Series(["rood", None], dtype=object))
    take_in(warehouse, Delivery.of_frame(WebOrders, frame, name="bestellingen"))
    (batch,) = Land(warehouse.store.land, "web_orders").batches()
    aside = parquet.read_table(Land(warehouse.store.land, "web_orders").extra_path(batch.sha256))
    assert aside.to_pylist() == [{"kleur": "rood", "_line": 1}, {"kleur": None, "_line": 2}]


def test_undeclared_columns_of_one_name_are_told_apart_by_where_they_stand(warehouse: Warehouse) -> None:
    frame = pandas_objects()
    frame.insert(0, "kleur", ["rood", "blauw"])
    frame.insert(len(frame.columns), "kleur", ["groen", None], allow_duplicates=True)
    take_in(warehouse, Delivery.of_frame(WebOrders, frame, name="bestellingen"))
    land = Land(warehouse.store.land, "web_orders")
    (batch,) = land.batches()
    aside = parquet.read_table(land.extra_path(batch.sha256))
    last = f"kleur_{len(frame.columns)}"
    assert aside.select(["kleur", last]).to_pylist() == [
        {"kleur": "rood", last: "groen"},
        {"kleur": "blauw", last: None},
    ]


def test_a_declared_column_that_stands_there_twice_is_refused(warehouse: Warehouse) -> None:
    frame = pandas_objects()
    header = frame.columns[0]
    frame.insert(1, header, frame[header], allow_duplicates=True)
    with pytest.raises(DeliveryError, match=f"has '{header}' more than once"):
        take_in(warehouse, Delivery.of_frame(WebOrders, frame, name="bestellingen"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["a", 1], "several kinds"),
        ([date(2026, 9, 1), datetime(2026, 9, 1, 3)], "several kinds"),  # noqa: DTZ001  the point of it
        ([datetime(2026, 9, 1, 3), datetime(2026, 9, 1, 3, tzinfo=UTC)], "several kinds"),  # noqa: DTZ001
        ([2**70, 1], "several kinds"),
        ([object(), None], "several kinds"),
        ([timedelta(1), None], "holds values of type duration"),
        ([1.5, 2.0], "holds numbers with a fraction"),
        ([b"a", b"b"], "holds bytes"),
        ([["a"], ["b"]], "holds values of type list"),
    ],
)
def test_what_would_change_in_silence_is_refused(
    warehouse: Warehouse, values: list[object], found: str
) -> None:
    frame = pandas_objects().assign(order_id=pd.Series(values, dtype=object))
    with pytest.raises(DeliveryError, match=f"'order_id' {found}|'order_id' holds values of {found}"):
        take_in(warehouse, Delivery.of_frame(WebOrders, frame, name="bestellingen"))
    assert landed(warehouse) == []


def test_no_time_beside_dates_and_moments_changes_nothing() -> None:
    for value in (date(2026, 9, 1), datetime(2026, 9, 1, 3, tzinfo=UTC)):
        table = to_arrow(pd.DataFrame({"x": pd.Series([value, pd.NaT, None], dtype=object)}), "f")
        assert table.column("x").to_pylist() == [value, None, None]


def test_an_index_that_holds_something_is_refused() -> None:
    with pytest.raises(DeliveryError, match=r"the index of the frame holds 'order_id'(?s:.*)reset_index"):
        Delivery.of_frame(WebOrders, pandas_objects().set_index("order_id"), name="f")
    levels = pd.MultiIndex.from_product([["a"], ["b", "c"]])
    with pytest.raises(DeliveryError, match="columns of the frame have 2 levels"):
        Delivery.of_frame(WebOrders, pd.DataFrame([[1, 2]], columns=levels), name="f")


def test_headers_are_held_against_the_declaration(warehouse: Warehouse) -> None:
    frame = pandas_objects().rename(columns={"amount_eur": "amount_euro"})
    with pytest.raises(DeliveryError, match="it has 'amount_euro' where 'amount_eur' was"):
        take_in(warehouse, Delivery.of_frame(WebOrders, frame, name="f"))
    doubled = pandas_objects()[[*NAMES, "order_id"]]
    with pytest.raises(DeliveryError, match="'order_id' more than once"):
        take_in(warehouse, Delivery.of_frame(WebOrders, doubled, name="f"))


@pytest.mark.parametrize(
    "frame", [{"a": [1]}, [1], pd.Series([1]), pl.Series([1]), pl.LazyFrame({"a": [1]}), None]
)
def test_what_is_no_frame_is_refused(frame: object) -> None:
    with pytest.raises(ConfigurationError, match="f is delivered as a"):
        Delivery.of_frame(WebOrders, frame, name="f")
    with pytest.raises(ConfigurationError, match="a frame called"):
        Delivery.of_frame(WebOrders, pandas_objects(), name=" ")


def test_texts_in_columns_of_another_kind_are_judged_as_typed_text(warehouse: Warehouse) -> None:
    frame = pd.DataFrame({"bezoek": map(str, range(30)), "duur": None, "dag": ["2026-09-01"] * 30})
    take_in(warehouse, Delivery.of_frame(Visits, frame, name="iso"))
    with pytest.raises(DeliveryError, match=r"'dag', 30 cannot be read(?s:.*)JJJJ-MM-DD|jjjj-mm-dd"):
        take_in(warehouse, Delivery.of_frame(Visits, frame.assign(dag="01-09-2026"), name="anders"))


def test_a_delivery_is_of_a_day_that_the_run_knows(warehouse: Warehouse) -> None:
    earlier, later = DAY - timedelta(3), DAY + timedelta(1)
    take_in(warehouse, Delivery.of_frame(WebOrders, pandas_objects(), name="f", delivered_on=earlier))
    (batch,) = Land(warehouse.store.land, "web_orders").batches()
    assert batch.delivered_on == earlier
    with pytest.raises(ConfigurationError, match="on 2026-10-02 in a run as of 2026-10-01"):
        take_in(warehouse, Delivery.of_frame(WebOrders, pandas_objects(), name="f", delivered_on=later))
    for wrong in ("2026-10-01", datetime(2026, 10, 1)):  # noqa: DTZ001  a moment where a day should be
        with pytest.raises(ConfigurationError, match="delivered_on="):
            Delivery(WebOrders, "x.csv", wrong)  # type: ignore[arg-type]


def test_a_frame_of_no_rows_lands(warehouse: Warehouse) -> None:
    empty = pa.table(columns()).slice(0, 0)
    ingested = take_in(warehouse, Delivery.of_frame(WebOrders, empty, name="leeg"))
    assert [(taken.is_new, taken.n_records) for taken in ingested.taken_in] == [(True, 0)]


_texts = st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=8)


def piece(texts: list[str | None], first_line: int = 1) -> Piece:
    lines = pa.array(range(first_line, first_line + len(texts)), pa.int64())
    return Piece(pa.table({"a": pa.array(texts, pa.string()), "_line": lines}))


@settings(max_examples=50)
@given(_texts, st.integers(0, 8))
def test_how_a_frame_is_cut_changes_no_hash(texts: list[str | None], at: int) -> None:
    at = min(at, len(texts))
    parts = [piece(texts[:at]), piece(texts[at:], at + 1)]
    assert content_hash([piece(texts)]) == content_hash(parts)
    padded = pa.array(["x", *texts], pa.string()).slice(1)
    sliced = Piece(piece(texts).table.set_column(0, "a", padded))
    assert content_hash([piece(texts)]) == content_hash([sliced])


@settings(max_examples=50)
@given(_texts, _texts)
def test_other_texts_have_another_hash(one: list[str | None], other: list[str | None]) -> None:
    assert (content_hash([piece(one)]) == content_hash([piece(other)])) == (one == other)


def test_other_columns_and_rejects_have_another_hash() -> None:
    plain = piece(["x"])
    renamed = Piece(plain.table.rename_columns(["b", "_line"]))
    rejected = Piece(plain.table, (Reject(2, "record.nul_byte", "{}"),))
    beside = Piece(plain.table, (), plain.table.rename_columns(["b", "_line"]))
    assert len({content_hash([each]) for each in (plain, renamed, rejected, beside)}) == 4


@pytest.mark.parametrize("n", [0, 2])
def test_a_pandas_column_without_a_value_may_be_of_any_kind(n: int) -> None:
    nothing = {name: np.full(n, np.nan) for name in columns()}
    delivery = Delivery.of_frame(WebOrders, pd.DataFrame(nothing), name="leeg")
    assert texts_of(delivery) == [(None,) * 6 + (line,) for line in range(1, n + 1)]


def test_a_frame_with_other_bytes_than_utf_8_is_told_of_as_a_frame() -> None:
    latin = pa.array([b"Ren\xe9e", b"b"]).view(pa.string())
    good = pa.table(columns())
    for frame in (good.set_column(0, "order_id", latin), good.append_column("kleur", latin)):
        with pytest.raises(DeliveryError, match="the frame f holds values that cannot be read"):
            texts_of(Delivery.of_frame(WebOrders, frame, name="f"))


def test_a_frame_knows_its_size() -> None:
    assert Frame(pa.table({"a": [1, 2]})).n_rows == 2
