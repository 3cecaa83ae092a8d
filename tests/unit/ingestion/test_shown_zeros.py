"""A number that Excel shows with zeros in front is the text that it shows, where text is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.formats import workbook
from klantprofiel.ingestion.formats.shown_zeros import Widths
from tests.unit.ingestion.deliveries import read, table_of
from tests.unit.ingestion.test_excel_file import remade, sheet, write

if TYPE_CHECKING:
    from pathlib import Path

TABLE = table_of(s.Excel(), "nr", number=s.Amount(label="Bedrag", unit="EUR", source="bedrag", nullable=True))
BOMB = b'<!DOCTYPE x [<!ENTITY a "0"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def by_cell(book: Any, page: Any, code: str, rows: int) -> None:  # noqa: ANN401  xlsxwriter's own
    form = book.add_format({"num_format": code})
    for row in range(1, rows):
        page.write(row, 0, 7, form)


def by_row(book: Any, page: Any, code: str, rows: int) -> None:  # noqa: ANN401  the same
    for row in range(1, rows):
        page.set_row(row, None, book.add_format({"num_format": code}))
        page.write(row, 0, 7)


def by_column(book: Any, page: Any, code: str, rows: int) -> None:  # noqa: ANN401  the same
    page.set_column(0, 1, None, book.add_format({"num_format": code}))
    for row in range(1, rows):
        page.write(row, 0, 7)


@pytest.mark.parametrize("styled", [by_cell, by_row, by_column])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("00000", "00007"),
        ("0000000;@", "0000007"),
        ("[$-413]000", "007"),
        ("0", "7"),
        ("0000 00", "7"),
        ("0.00", "7"),
    ],
)
def test_zeros_in_front_are_kept_however_a_cell_got_its_style(
    styled: Any,  # noqa: ANN401  one of the three above
    code: str,
    expected: str,
    tmp_path: Path,
) -> None:
    def fill(book: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 0, ["nr", "bedrag"])
        styled(book, page, code, 3)
        page.write(2, 1, 12.5)

    found = read(write(tmp_path / "f.xlsx", fill), TABLE)
    assert found.records == [(expected, None, 2), (expected, "12,5", 3)]


def test_only_whole_numbers_in_columns_of_text_have_them(tmp_path: Path) -> None:
    def fill(book: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(2, 1, ["nr", "bedrag", "over"])
        form = book.add_format({"num_format": "00000"})
        for row, value in enumerate(["7", 7.5, -7, 0, 123456, 1e15, True], 3):
            for at in (1, 2, 3):
                page.write(row, at, value, form)
        page.write_row(10, 1, [7, 7, 7])

    table = table_of(s.Excel(header_line=3), "nr", number=s.Amount(label="b", unit="EUR", source="bedrag"))
    found = read(write(tmp_path / "f.xlsx", fill), table)
    assert [row[:2] for row in found.records] == [
        ("7", "7"),
        ("7,5", "7,5"),
        ("-7", "-7"),
        ("00000", "0"),
        ("123456", "123456"),
        ("true", "true"),
        ("7", "7"),
    ]
    assert [row["over"] for row in found.extra][3:5] == ["00000", "123456"]
    assert [(line, rule) for line, rule, _ in found.rejects] == [(9, "record.lost_digits")]


def test_a_sheet_without_such_a_style_is_walked_no_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_Cells", None)
    assert read(sheet(tmp_path / "f.xlsx", ["nr", "bedrag"], [7, 7.5]), TABLE).records == [("7", "7,5", 2)]


def test_the_first_style_holds_for_cells_that_name_none(tmp_path: Path) -> None:
    path = sheet(tmp_path / "f.xlsx", ["nr", "bedrag"], [7, 7.5])
    form = b'<numFmts count="1"><numFmt numFmtId="164" formatCode="000"/></numFmts><fonts'

    def change(member: str, old: bytes) -> bytes:
        if not member.endswith("styles.xml"):
            return old
        before, cells, after = old.replace(b"<fonts", form, 1).partition(b"<cellXfs")
        return before + cells + after.replace(b'numFmtId="0"', b'numFmtId="164"', 1)

    assert read(remade(path, change), TABLE).records == [("007", "7,5", 2)]


@pytest.mark.parametrize("part", ["styles.xml", "workbook.xml", "workbook.xml.rels"])
def test_a_part_that_declares_entities_is_refused(part: str, tmp_path: Path) -> None:
    path = sheet(tmp_path / "f.xlsx", ["nr", "bedrag"], [7, 7.5])
    remade(path, lambda name, old: old.replace(b"?>", b"?>" + BOMB, 1) if name.endswith(part) else old)
    with pytest.raises(DeliveryError, match="cannot be unpacked"):
        read(path, TABLE)


def test_rows_out_of_order_are_refused_where_styles_count(tmp_path: Path) -> None:
    def fill(book: Any, page: Any) -> None:  # noqa: ANN401  xlsxwriter's own
        page.write_row(0, 0, ["nr", "bedrag"])
        by_cell(book, page, "000", 4)

    path = write(tmp_path / "f.xlsx", fill)
    remade(
        path,
        lambda name, old: (
            old.replace(b'"A4"', b'"A1"').replace(b'r="4"', b'r="1"') if "sheet1" in name else old
        ),
    )
    with pytest.raises(DeliveryError):
        read(path, TABLE)


@given(st.lists(st.sampled_from([0, 0, 5, 7]), max_size=30))
def test_a_cell_has_the_width_of_its_own_style(styles: list[int]) -> None:
    widths = Widths()
    for row, width in enumerate(styles, 1):
        widths.add(row, 0, width)
    assert [widths.at(row, 0) for row in range(1, len(styles) + 1)] == styles
    assert bool(widths) is any(styles)
