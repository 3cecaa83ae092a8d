"""The workbooks of the demo are what Excel itself would have written, as another reader sees them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from klantprofiel.demo.sheet import SHEET, write_sheet

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MADE = datetime(2026, 9, 3)  # noqa: DTZ001 - a workbook has no zone
MOMENTS_FROM, MOMENTS_TO = datetime(1901, 1, 1), datetime(2099, 1, 1)  # noqa: DTZ001 - nor has a cell
PRINTED = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")), max_size=20)
MOMENTS = st.datetimes(MOMENTS_FROM, MOMENTS_TO).map(lambda at: at.replace(microsecond=0))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.none() | PRINTED.filter(lambda text: "#" not in text and "_x" not in text),
            st.none() | st.integers(-(10**15), 10**15),
            st.none() | MOMENTS,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_another_reader_reads_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, int | None, datetime | None]]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "blad.xlsx"
    text, number, moment = zip(*rows, strict=True)
    table = pa.table(
        {
            "tekst": pa.array(text, pa.string()),
            "getal": pa.array(number, pa.int64()),
            "moment": pa.array(moment, pa.timestamp("s")),
        }
    )
    write_sheet(table, path, made=MADE)
    book = CalamineWorkbook.from_path(path)
    header, *read = book.get_sheet_by_name("blad").to_python(skip_empty_area=False)
    assert header == ["tekst", "getal", "moment"]
    read += [["", "", ""]] * (len(rows) - len(read))  # a last row without a value is no row
    for found, (text_in, number_in, moment_in) in zip(read, rows, strict=True):
        assert found[0] == (text_in or "")
        assert found[1] == ("" if number_in is None else number_in)
        assert found[2] == ("" if moment_in is None else moment_in) or is_midnight(found[2], moment_in)


def is_midnight(found: object, moment: datetime | None) -> bool:
    """Whether the reader gave a day for a moment at its very start."""
    return moment is not None and moment.time() == datetime.min.time() and found == moment.date()


def test_an_error_is_an_error_cell_and_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    table = pa.table({"vraag": ["A01", "#N/A", "#DIV/0!"]})
    for name in ("een", "twee"):
        (tmp_path / name).mkdir()
        write_sheet(table, tmp_path / name / "blad.xlsx", made=MADE)
    first, second = ((tmp_path / name / "blad.xlsx").read_bytes() for name in ("een", "twee"))
    assert first == second
    xml = ZipFile(tmp_path / "een" / "blad.xlsx").read(SHEET).decode()
    assert '<c r="A3" t="e"><f>NA()</f><v>#N/A</v></c>' in xml
    assert '<dimension ref="A1:A4"/>' in xml
