"""A sheet is read to the letter: dates, leading zeros, long numbers; what Excel lost is kept aside."""

from __future__ import annotations

import datetime as dt
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.formats import workbook
from tests.unit.ingestion.deliveries import Read, read, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "naughty" / "blns.json"
TABLE = table_of(
    s.Excel(),
    "nr",
    number=s.Amount(label="Bedrag", unit="EUR", source="bedrag", nullable=True),
    day=s.Date(label="Dag", source="dag", nullable=True),
    moment=s.Timestamp(label="Moment", source="moment", nullable=True),
)
HEADER = ["nr", "bedrag", "dag", "moment"]
DATE, TIME, DURATION = "dd-mm-yyyy", "dd-mm-yyyy hh:mm:ss", "[h]:mm:ss"


def write(path: Path, fill: Callable[[Any, Any], None], **options: Any) -> Path:  # noqa: ANN401  of xlsxwriter
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, **options})
    fill(book, book.add_worksheet("Blad1"))
    book.close()
    return path


def sheet(path: Path, *rows: Sequence[Any], **options: Any) -> Path:  # noqa: ANN401  of xlsxwriter
    def fill(book: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        forms = {name: book.add_format({"num_format": name}) for name in (DATE, TIME, DURATION)}
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(line, at, value)
                elif isinstance(value, dt.timedelta):
                    page.write(line, at, value, forms[DURATION])
                elif isinstance(value, dt.datetime | dt.time):
                    page.write(line, at, value, forms[TIME])
                elif isinstance(value, dt.date):
                    page.write(line, at, value, forms[DATE])
                elif value is not None:
                    page.write(line, at, value)

    return write(path, fill, **options)


def at_time(*parts: int) -> dt.datetime:
    """Return a moment as a sheet holds it: without a zone."""
    return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  as it says


def remade(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write all members of a workbook again, changed, and without those that become None."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if (content := change(member, old.read(member))) is not None:
                new.writestr(member, content)
    path.write_bytes(out.getvalue())
    return path


def with_cells(path: Path, cells: str) -> Path:
    """Put XML in place of the second row."""
    content = f'<row r="2">{cells}</row></sheetData>'.encode()
    return remade(
        sheet(path, HEADER),
        lambda name, old: old.replace(b"</sheetData>", content) if "sheet1" in name else old,
    )


def test_cells_become_the_text_that_a_dutch_file_holds(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "f.xlsx",
        HEADER,
        ["007", 100000, dt.date(2026, 1, 2), at_time(2026, 1, 2, 3, 4, 5)],
        [100000, 0.1, at_time(2026, 1, 2), dt.date(2026, 1, 2)],
        [123456789012345, -12.5, "31-02-2026", "x"],
        [" a\n b ", 1e-7, None, at_time(2026, 12, 31, 23, 59, 59)],
        [dt.date(2026, 1, 2), "12,50", None, None],
        [True, 2**52, None, None],
        [1.5, None, at_time(2026, 1, 2, 3, 4), None],
        [dt.time(3, 4, 5), None, None, None],
        [dt.timedelta(hours=30, minutes=2), None, None, None],
    )
    assert read(path, TABLE) == Read(
        [
            ("007", "100000", "02-01-2026", "02-01-2026 03:04:05", 2),
            ("100000", "0,1", "02-01-2026", "02-01-2026 00:00:00", 3),
            ("123456789012345", "-12,5", "31-02-2026", "x", 4),
            (" a\n b ", "0,0000001", None, "31-12-2026 23:59:59", 5),
            ("02-01-2026", "12,50", None, None, 6),
            ("true", "4503599627370496", None, None, 7),
            ("1,5", None, "2026-01-02 03:04:00", None, 8),
            ("03:04:05", None, None, None, 9),
            ("30:02:00", None, None, None, 10),
        ],
        [],
        [],
    )


def test_a_date_has_the_format_of_its_column(tmp_path: Path) -> None:
    table = table_of(
        s.Excel(date_format="iso", timestamp_format="iso"),
        "nr",
        day=s.Date(label="Dag", format="%Y%m%d"),
        other=s.Date(label="Andere dag"),
        moment=s.Timestamp(label="Moment", format="%-d/%-m/%y %H:%M"),
        later=s.Timestamp(label="Later"),
    )
    day, moment = dt.date(2026, 3, 4), at_time(2026, 3, 4, 5, 6)
    path = sheet(
        tmp_path / "f.xlsx",
        ["nr", "day", "other", "moment", "later"],
        ["1", day, day, moment, moment],
        ["2", day, day, moment.replace(second=7), day],
    )
    assert read(path, table).records == [
        ("1", "20260304", "2026-03-04", "4/3/26 05:06", "2026-03-04 05:06:00", 2),
        ("2", "20260304", "2026-03-04", "2026-03-04 05:06:07", "2026-03-04 00:00:00", 3),
    ]


def test_every_second_of_a_day_is_read_as_it_was_written(tmp_path: Path) -> None:
    start = at_time(2026, 1, 1)
    moments = [start + dt.timedelta(days=at, seconds=61 * at) for at in range(1400)]
    for is_1904 in (False, True):
        path = sheet(
            tmp_path / "f.xlsx",
            HEADER,
            *([f"{at}", None, None, m] for at, m in enumerate(moments)),
            date_1904=is_1904,
        )
        found = [row[3] for row in read(path, TABLE).records]
        assert found == [moment.strftime("%d-%m-%Y %H:%M:%S") for moment in moments]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n"), max_size=20),
            st.floats(-1e14, 1e14).map(lambda number: float(f"{number:.15g}")),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_text_and_numbers_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float]]
) -> None:
    path = sheet(
        tmp_path_factory.getbasetemp() / "f.xlsx", HEADER, *([f"k{text}", number] for text, number in rows)
    )
    found = read(path, TABLE)
    assert found.rejects == []
    assert [row[0] for row in found.records] == [f"k{text}" for text, _ in rows]
    assert [float(row[1].replace(",", ".")) for row in found.records] == [number for _, number in rows]


def test_the_line_is_the_row_of_the_sheet_and_empty_rows_are_none(tmp_path: Path) -> None:
    def fill(_: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write(2, 1, "Overzicht van januari")
        page.write_row(4, 2, HEADER)
        page.write_row(6, 2, ["a", 1])
        page.write_row(9, 2, ["b", 2])
        page.merge_range(10, 2, 12, 2, "c")

    path = write(tmp_path / "f.xlsx", fill)
    table = table_of(s.Excel(header_line=5), "nr", "bedrag")
    found = read(path, table)
    assert [(row[0], row[-1]) for row in found.records] == [("a", 7), ("b", 10), ("c", 11)]


def test_undeclared_columns_are_kept_aside(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "f.xlsx",
        ["x", *HEADER, "x", None, 2024],
        [1.5, "a", 1, None, None, dt.date(2026, 1, 2), "y", True],
        [None, "b", 1, None, None, None, None, None],
    )
    assert read(path, TABLE).extra == [
        {"x": "1,5", "x_6": "02-01-2026", "column_7": "y", "2024": "true", "_line": 2},
        {"x": None, "x_6": None, "column_7": None, "2024": None, "_line": 3},
    ]


def test_cells_beyond_the_header_condemn_their_row(tmp_path: Path) -> None:
    path = sheet(tmp_path / "f.xlsx", HEADER, ["a", 1, None, None, "x"], ["b"])
    ((line, rule, raw),) = read(path, TABLE).rejects
    assert (line, rule) == (2, "record.too_many_fields")
    assert json.loads(raw) == {"column_0": "a", "number": "1", "day": None, "moment": None, "": ["x"]}


def test_what_excel_lost_is_kept_aside_with_its_rule(tmp_path: Path) -> None:
    def fill(_: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 1, [*HEADER, "x"])
        page.write_row(1, 1, ["a", 1])
        page.write_formula(2, 1, "=NA()", None, "#N/A")
        page.write_string(3, 1, "d")
        page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        page.write_number(4, 1, 1234567890123456)
        page.write_string(5, 1, "#N/A")
        page.write_formula(6, 1, '="g"&1', None, "g1")
        page.write_formula(6, 2, "=1+1", None, 2)
        page.write_string(7, 1, "h")
        page.write_formula(7, 2, "=1+1", None, "")
        page.write_string(8, 1, "i")
        page.write_formula(8, 5, "=NA()", None, "#N/A")

    path = write(tmp_path / "f.xlsx", fill)
    found = read(path, TABLE)
    assert [(row[0], row[-1]) for row in found.records] == [
        ("a", 2),
        ("#N/A", 6),
        ("g1", 7),
        ("i", 9),
    ]
    assert found.extra[-1] == {"x": "#N/A", "_line": 9}
    rules = [
        (line, rule, [value for value in json.loads(raw).values() if value])
        for line, rule, raw in found.rejects
    ]
    assert rules == [
        (3, "record.error_cell", ["#N/A"]),
        (4, "record.error_cell", ["d", "#DIV/0!"]),
        (5, "record.lost_digits", ["1234567890123456"]),
        (8, "record.no_result", ["h"]),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<c r="A2" t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c>', ("a", "1", None, None, 2)),
        ('<c t="str"><v>a</v></c><c t="e"><v>#REF!</v></c>', "error_cell"),
        ("<c t='e' r='A2'><v>#N/A</v></c>", "error_cell"),
        ('<c r="A2" t="str"><v>a</v></c><c r="B2"><f>1+1</f></c>', "no_result"),
        ('<c r="A2" t="str"><v>a</v></c><c r="B2"><f>1+1</f><v/></c>', "no_result"),
        ('<c r="A2" t="str"><f>"a"</f><v>a</v></c>', ("a", None, None, None, 2)),
        (
            '<c r="A2" t="str"><v>a</v></c><c r="B2"><v>0.30000000000000004</v></c>',
            ("a", "0,30000000000000004", None, None, 2),
        ),
        ('<c r="A2" t="str"><v>&lt;&#233;&gt;</v></c>', ("<é>", None, None, None, 2)),
        ('<c r="A2"><v>9007199254740993</v></c>', "lost_digits"),
        ('<c r="A2" t="str"><v>a</v></c><c r="B2"><v>1e999</v></c>', ("a", "Infinity", None, None, 2)),
    ],
)
def test_cells_as_other_programs_write_them(cells: str, expected: Any, tmp_path: Path) -> None:  # noqa: ANN401
    path = with_cells(tmp_path / "f.xlsx", cells)
    found = read(path, TABLE)
    if isinstance(expected, tuple):
        assert found == Read([expected], [], [])
    else:
        assert [(line, rule) for line, rule, _ in found.rejects] == [(2, f"record.{expected}")]
        assert found.records == []


def test_a_cell_that_was_merged_with_another_is_no_empty_cell(tmp_path: Path) -> None:
    def fill(_: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 0, HEADER)
        page.write_column(1, 0, "abcdef")
        page.merge_range(1, 1, 2, 1, 5)  # B2:B3
        page.merge_range(3, 0, 3, 1, "c")  # A4:B4
        page.merge_range(4, 7, 6, 8, "naast de tabel")  # nothing that is declared

    found = read(write(tmp_path / "f.xlsx", fill), TABLE)
    assert [record[:2] for record in found.records] == [("a", "5"), ("e", None), ("f", None)]
    assert [(line, rule) for line, rule, _ in found.rejects] == [
        (3, "record.merged_cell"),
        (4, "record.merged_cell"),
        (5, "record.too_many_fields"),
    ]


def test_a_sheet_is_chosen_by_its_name_hidden_or_not(tmp_path: Path) -> None:
    def fill(book: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 0, HEADER)
        other = book.add_worksheet("Verborgen & meer")
        other.hide()
        other.write_row(0, 0, HEADER)
        other.write_row(1, 0, ["b"])

    path = write(tmp_path / "f.xlsx", fill)
    with pytest.raises(DeliveryError, match="has 2 sheets: 'Blad1', 'Verborgen & meer'"):
        read(path, TABLE)
    with pytest.raises(DeliveryError, match="has no sheet 'Blad2': 'Blad1', "):
        read(path, table_of(s.Excel(sheet="Blad2"), "nr"))
    hidden = table_of(s.Excel(sheet="Verborgen & meer"), "nr", "bedrag", "dag", "moment")
    assert read(path, hidden).records == [("b", None, None, None, 2)]
    assert read(path, table_of(s.Excel(sheet="Blad1"), *HEADER)).records == []


def test_a_header_is_held_against_the_contract(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="lacks 'nr'; it has 'Nr' where 'nr' was"):
        read(sheet(tmp_path / "f.xlsx", ["Nr", *HEADER[1:]]), TABLE)
    empty: tuple[list[list[Any]], ...] = ([], [[None], HEADER])
    for rows in empty:
        with pytest.raises(DeliveryError, match="line 1 of the sheet 'Blad1' is empty"):
            read(sheet(tmp_path / "f.xlsx", *rows), TABLE)


def test_what_is_no_whole_workbook_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path / "f.xlsx", HEADER, ["a", 1])
    whole = path.read_bytes()
    for damaged in (b"", b"nr;bedrag\n", whole[: len(whole) // 2], whole[:-30], whole[200:], b"PK\x03\x04"):
        path.write_bytes(damaged)
        with pytest.raises(DeliveryError, match=r"f\.xlsx cannot be unpacked, or has no sheets"):
            read(path, TABLE)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(DeliveryError, match=r"is an old \.xls file, or has a password"):
        read(path, TABLE)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = sheet(tmp_path / "f.xlsx", HEADER, ["a", 1])
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    for damage in range(at, at + 200, 7):
        path.write_bytes(whole[:damage] + bytes([whole[damage] ^ 0x10]) + whole[damage + 1 :])
        with pytest.raises(DeliveryError):
            read(path, TABLE)


@pytest.mark.parametrize(
    "lost", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
def test_a_workbook_that_lacks_a_part_is_refused(lost: str, tmp_path: Path) -> None:
    def without(member: str, content: bytes) -> bytes | None:
        return None if member == lost else content

    path = remade(sheet(tmp_path / "f.xlsx", HEADER, ["a", 1]), without)
    with pytest.raises(DeliveryError):
        read(path, TABLE)


def test_a_part_with_a_document_type_or_in_utf_16_is_refused(tmp_path: Path) -> None:
    def declares_a_type(member: str, content: bytes) -> bytes:
        doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]>'
        return doctype + content.partition(b"?>")[2] if member == "xl/workbook.xml" else content

    def in_utf_16(member: str, content: bytes) -> bytes:
        return content.decode().encode("utf-16") if member.endswith("sheet1.xml") else content

    for change in (declares_a_type, in_utf_16):
        path = remade(sheet(tmp_path / "f.xlsx", HEADER, ["a", 1]), change)
        with pytest.raises(DeliveryError, match=r"cannot be unpacked, or has no sheets"):
            read(path, TABLE)


def test_a_bomb_is_refused_whatever_its_headers_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "FREE_BYTES", 1 << 20)
    path = sheet(tmp_path / "f.xlsx", HEADER, ["a", 1])
    remade(path, lambda name, content: content + b" " * 20_000_000 if "sheet1" in name else content)
    with pytest.raises(DeliveryError, match=r"f\.xlsx unpacks to 19 MB"):
        read(path, TABLE)
    honest = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(honest.replace(struct.pack("<I", size), struct.pack("<I", 1000)))
    with pytest.raises(DeliveryError, match="cannot be unpacked"):
        read(path, TABLE)


def test_a_sheet_that_reaches_too_far_is_refused(tmp_path: Path) -> None:
    def fill(_: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 0, HEADER)
        page.write(1_048_575, 16_383, "x")

    with pytest.raises(DeliveryError, match="reaches over 17179869184 cells"):
        read(write(tmp_path / "f.xlsx", fill), TABLE)


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the big list of naughty strings is not on this machine")
def test_naughty_strings_come_back_to_the_letter(tmp_path: Path) -> None:
    strings = [string for string in json.loads(NAUGHTY.read_text()) if string]
    found = read(sheet(tmp_path / "f.xlsx", HEADER, *([string] for string in strings)), TABLE)
    unknown_to_excel = {"\ufffe": "_xFFFE_"}  # as the writer had to put it
    expected = [unknown_to_excel.get(string, string) for string in strings]
    assert {row[-1]: row[0] for row in found.records} == dict(enumerate(expected, 2))
    assert found.rejects == []
