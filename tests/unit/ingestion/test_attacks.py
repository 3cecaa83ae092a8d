"""What goes wrong in text files and Parquet is loaded exactly, kept aside with its rule, or refused."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.formats import encoding
from tests.unit.ingestion.deliveries import Read, read, table_of

if TYPE_CHECKING:
    from pathlib import Path

TABLE = table_of(s.Csv(), "a", "b")
BIG = "x" * 10_000_000


def read_bytes(directory: Path, data: bytes, table: type[s.Table] = TABLE) -> Read:
    path = directory / "f.csv"
    path.write_bytes(data)
    return read(path, table)


@pytest.mark.parametrize(
    ("data", "records", "rejects"),
    [
        ("1;x\r2;y\n3;z\r\n", [("1", "x", 2), ("2", "y", 3), ("3", "z", 4)], []),
        ('1;"x\r\ny\n\rz"\n2;y', [("1", "x\r\ny\n\rz", 2), ("2", "y", 6)], []),
        ('1;x\n2;"afgekapt', [("1", "x", 2)], [(3, "unclosed_quote")]),
        ('1;x\n2;"afge\nkapt', [("1", "x", 2)], [(3, "unclosed_quote"), (4, "too_few_fields")]),
        ('1;x\n2;"klaar"', [("1", "x", 2), ("2", "klaar", 3)], []),
        ("1;x\n2", [("1", "x", 2)], [(3, "too_few_fields")]),
        ("1;x\n2;", [("1", "x", 2), ("2", None, 3)], []),
        ("1;x;\n2;y", [("2", "y", 3)], [(2, "too_many_fields")]),
        ("\n\r\n1;x\n\n\n", [("1", "x", 4)], []),
        (" \n1;x\n", [("1", "x", 3)], [(2, "too_few_fields")]),
        ("1;\0\n\0\n2;y\n", [("2", "y", 4)], [(2, "nul_byte"), (3, "nul_byte")]),
        ('1;"a""b"\n2;"""\n3;""""\n', [("1", 'a"b', 2), ("3", '"', 4)], [(3, "unclosed_quote")]),
        ("=1+1;@x\n'1;-y\n", [("=1+1", "@x", 2), ("'1", "-y", 3)], []),
        ("NULL;NaN\nNA;None\n", [("NULL", "NaN", 2), ("NA", "None", 3)], []),
        ("007;1,50\n1e5;0x1\n", [("007", "1,50", 2), ("1e5", "0x1", 3)], []),
        ("\ufeff1;x\n", [("\ufeff1", "x", 2)], []),
        ("1;\u2028\x0b\x0c\x1c\x85\n2;y\n", [("1", "\u2028\x0b\x0c\x1c\x85", 2), ("2", "y", 3)], []),
        ('1;\\"x\n2;\\\n', [("1", '\\"x', 2), ("2", "\\", 3)], []),
        ('1;""\n"";\n', [("1", None, 2), (None, None, 3)], []),
        (" 1 ; x \n", [(" 1 ", " x ", 2)], []),
        ("\x1a\n1;x\n", [("1", "x", 3)], [(2, "too_few_fields")]),
        (f'1;"{BIG}"\n2;y\n', [("1", BIG, 2), ("2", "y", 3)], []),
        (f"1;{BIG}\n2;{BIG}\n", [("1", BIG, 2), ("2", BIG, 3)], []),
    ],
)
def test_each_record_is_read_exactly_or_kept_aside_with_its_line_and_rule(
    data: str, records: list[Any], rejects: list[tuple[int, str]], tmp_path: Path
) -> None:
    found = read_bytes(tmp_path, b"a;b\n" + data.encode())
    assert found.records == records
    assert [(line, rule) for line, rule, _ in found.rejects] == [(n, f"record.{rule}") for n, rule in rejects]


@pytest.mark.parametrize(
    ("header", "extra"),
    [
        ('\ufeff"a";"b"', ()),
        ('"a";b;"x;y"', ("x;y",)),
        ('a;b;"x\ny"', ("x\ny",)),
        ("a;b;;x;x;_line", ("column_3", "x", "x_5", "_line_6")),
        ("a;b;x;x_4;x", ("x", "x_4", "x_5")),
    ],
)
def test_a_header_may_hold_what_values_hold(header: str, extra: tuple[str, ...], tmp_path: Path) -> None:
    cells = ";".join(str(at) for at in range(2 + len(extra)))
    found = read_bytes(tmp_path, f"{header}\n{cells}\n".encode())
    assert found.records[0][:2] == ("0", "1")
    line = 2 + header.count("\n")
    expected = dict(zip(extra, map(str, range(2, 9)), strict=False))
    assert found.extra == ([{**expected, "_line": line}] if extra else [])


def test_a_header_of_one_endless_name_or_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"the header of f\.csv cannot be read"):
        read_bytes(tmp_path, f"a;b;{BIG}\n1;2;3\n".encode())
    with pytest.raises(DeliveryError, match=r"f\.csv has 100002 columns"):
        read_bytes(tmp_path, b"a;b" + b";x" * 100_000 + b"\n")
    found = read_bytes(tmp_path, b"a;b" + b";x" * 10_000 + b"\n" + b";".join([b"1"] * 10_002) + b"\n")
    assert len(found.extra[0]) == 10_001


@given(
    st.lists(st.tuples(*[st.text(st.sampled_from('ab;"\r\né\0'), max_size=4)] * 4), min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=50)
def test_records_and_undeclared_columns_are_those_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([("x", "b", "a", "y"), *rows])
    name = data.draw(st.sampled_from(["utf-8", "latin-1", "cp1252", "utf-16", "utf-16-be", "utf-8-sig"]))
    table = table_of(s.Csv(encoding=name), "a", "b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "STRETCH_BYTES", data.draw(st.integers(1, 64)))
        found = read_bytes(tmp_path_factory.getbasetemp(), out.getvalue().encode(name), table)
    whole = [[cell or None for cell in row] for row in rows if not any("\0" in cell for cell in row)]
    assert [row[:2] for row in found.records] == [(a, b) for _, b, a, _ in whole]
    assert [(row["x"], row["y"]) for row in found.extra] == [(x, y) for x, _, _, y in whole]
    assert {rule for _, rule, _ in found.rejects} <= {"record.nul_byte"}


def test_undeclared_columns_of_parquet_are_kept_as_text(tmp_path: Path) -> None:
    columns = {
        "n": pa.array([{"x": [1, None], "y": b"\x01"}, None]),
        "b": pa.array(["x", "y"]),
        "a": pa.array(["1", "2\0"]),
        "money": pa.array([1.5, 2.0]),
        "bytes": pa.array([b"\xff", b"ab"]),
        "length": pa.array([timedelta(seconds=1), None]),
    }
    path = tmp_path / "f.parquet"
    parquet.write_table(pa.table([*columns.values(), pa.array([7, 8])], names=[*columns, "money"]), path)
    found = read(path, table_of(s.Parquet(), "a", "b"))
    assert found.records == [("1", "x", 1)]
    (extra,) = found.extra
    assert extra.pop("length") == '"0:00:01"'
    assert extra == {
        "n": '{"x": [1, null], "y": "01"}',
        "money": "1.5",
        "bytes": '"ff"',
        "money_7": "7",
        "_line": 1,
    }
    ((line, rule, raw),) = found.rejects
    assert (line, rule) == (2, "record.nul_byte")
    assert '"column_0": "2\\u0000"' in raw
    assert '"money": "2"' in raw


def test_a_renamed_column_of_parquet_is_named_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    parquet.write_table(pa.table({"A": ["1"], "b": ["2"]}), path)
    with pytest.raises(DeliveryError, match="lacks 'a'; it has 'A' where 'a' was"):
        read(path, table_of(s.Parquet(), "a", "b"))


def test_a_changed_byte_in_a_page_with_a_sum_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    columns = {"a": [f"nummer {at}" for at in range(50)], "b": ["x"] * 50}
    parquet.write_table(
        pa.table(columns), path, write_page_checksum=True, compression="none", use_dictionary=False
    )
    whole = path.read_bytes()
    at = whole.index(b"nummer 7")
    path.write_bytes(whole[:at] + b"l" + whole[at + 1 :])
    with pytest.raises(DeliveryError, match="cannot be read as Parquet"):
        read(path, table_of(s.Parquet(), "a", "b"))
