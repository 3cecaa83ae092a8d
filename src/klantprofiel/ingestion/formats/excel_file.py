"""Excel by contract: cells of text to the letter, typed cells written in the form that the contract declares.

A whole number has no decimals (100000, not 100000.0), and as a text the zeros in front that Excel shows; a
date has the format of its column, and true and false are `true` and `false`. Times are to the second, as
Excel shows them. What Excel cannot tell is kept aside: an error, a formula without a result, and a number of
16 digits and more where text is declared, of which Excel holds 15.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.columns import Matched, match_columns
from klantprofiel.ingestion.faults import Fault, rule_of
from klantprofiel.ingestion.formats.workbook import open_workbook
from klantprofiel.ingestion.piece import Piece, Reject, with_lines
from klantprofiel.schema.formats import ISO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from klantprofiel.ingestion.contract import Contract, Field
    from klantprofiel.ingestion.formats.shown_zeros import Widths
    from klantprofiel.ingestion.formats.workbook import Hidden
    from klantprofiel.schema.dialect import Excel

PIECE_ROWS: Final = 1 << 16
MOST_DIGITS: Final = 10**15  # Excel shows and keeps fifteen digits of a number
LARGEST_EXACT: Final = 2**53  # up to here every whole number is a double
_VARCHAR, _DATE, _TIMESTAMP = "VARCHAR", "DATE", "TIMESTAMP"
_MIDNIGHT: Final = dt.time()


@dataclass(frozen=True)
class ExcelFile:
    """A sheet of a workbook of which the header keeps the contract."""

    name: str
    columns: Matched
    n_columns: int
    fields: tuple[Field, ...]
    dialect: Excel
    rows: Iterator[tuple[int, list[Any]]]
    hidden: Mapping[tuple[int, int], Hidden]
    widths: Widths
    first_column: int

    def certain_kinds(self) -> frozenset[str]:
        """Return no column: a cell may have any type in any row."""
        return frozenset()

    def pieces(self) -> Iterator[Piece]:
        """Yield the records, a piece at a time; `_line` is the number of the row in the sheet."""
        records: list[list[str | None]] = []
        rejects: list[Reject] = []
        lines: list[int] = []
        hidden_in: dict[int, dict[int, Hidden]] = {}
        for (line, at), hidden in self.hidden.items():
            hidden_in.setdefault(line, {})[at] = hidden
        for line, row in self.rows:
            cells = self._as_shown(line, row) if self.widths else row
            hidden_here = hidden_in.get(line, {})
            if not hidden_here and not any(cell != "" for cell in cells):
                continue
            fault = self._fault(cells, hidden_here)
            record = self._record(cells, hidden_here)
            if fault:
                rejects.append(Reject(line, rule_of(fault), self._raw(record, cells)))
            else:
                records.append(record)
                lines.append(line)
            if len(records) + len(rejects) == PIECE_ROWS:
                yield self._piece(records, lines, rejects)
                records, lines, rejects = [], [], []
        yield self._piece(records, lines, rejects)

    def _as_shown(self, line: int, cells: Sequence[Any]) -> list[Any]:
        """Return the cells of a row with zeros in front of the whole numbers in columns of text."""
        shown = list(cells)
        for at in self._of_text:
            if width := self.widths.at(line, at + self.first_column):
                shown[at] = with_zeros(cells[at], width)
        return shown

    @cached_property
    def _of_text(self) -> list[int]:
        """Where the columns of text stand, and those that nobody declared."""
        positions = self.columns.positions
        declared = [positions[field.name] for field in self.fields if field.sql_type == _VARCHAR]
        return [*declared, *self.columns.extra_positions.values()]

    def _record(self, cells: Sequence[Any], hidden: Mapping[int, Hidden]) -> list[str | None]:
        """Return the texts of the declared columns and then of the others."""
        record = [
            as_text(cells[at], field, self.dialect) or None
            for field, at in zip(self.fields, self.columns.positions.values(), strict=True)
        ]
        record += [
            as_text(cells[at], None, self.dialect) or None for at in self.columns.extra_positions.values()
        ]
        if hidden:
            places = (*self.columns.positions.values(), *self.columns.extra_positions.values())
            record = [
                hidden[at].text or None if at in hidden else text
                for at, text in zip(places, record, strict=True)
            ]
        return record

    def _fault(self, cells: Sequence[Any], hidden: Mapping[int, Hidden]) -> Fault | None:
        """Return what is wrong with the row, as far as declared columns are concerned."""
        if any(cell != "" for cell in cells[self.n_columns :]):
            return Fault.TOO_MANY_FIELDS
        for field, at in zip(self.fields, self.columns.positions.values(), strict=True):
            cell = cells[at]
            if at in hidden:
                return hidden[at].fault
            if isinstance(cell, str) and "\0" in cell:
                return Fault.NUL_BYTE
            if field.sql_type == _VARCHAR and isinstance(cell, float) and abs(cell) >= MOST_DIGITS:
                return Fault.LOST_DIGITS
        return None

    def _raw(self, record: Sequence[str | None], cells: Sequence[Any]) -> str:
        """Return a row as quarantine shows it: what each column holds, and what stands beyond the header."""
        shown: dict[str, Any] = dict(zip((*self.columns.positions, *self.columns.extra), record, strict=True))
        if beyond := [as_text(cell, None, self.dialect) for cell in cells[self.n_columns :] if cell != ""]:
            shown[""] = beyond
        return json.dumps(shown, ensure_ascii=False)

    def _piece(
        self, records: Sequence[Sequence[str | None]], lines: Sequence[int], rejects: Sequence[Reject]
    ) -> Piece:
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        n_declared, own_lines = len(self.fields), np.array(lines, np.int64)
        width = n_declared + len(self.columns.extra)
        columns = list(zip(*records, strict=True)) if records else [()] * width
        arrays = [pa.array(column, pa.string()) for column in columns]
        table = pa.table(arrays[:n_declared], names=list(self.columns.positions))
        extra = None
        if self.columns.extra:
            extra = with_lines(pa.table(arrays[n_declared:], names=list(self.columns.extra)), own_lines)
        return Piece(with_lines(table, own_lines), tuple(rejects), extra)


def open_excel(path: Path, contract: Contract, dialect: Excel, name: str) -> ExcelFile:
    """Read the header line of a sheet and hold it against the declared columns.

    Raises
    ------
    DeliveryError
        When the file is no whole .xlsx file, the sheet is not there or not the only one, or a column is
        missing.
    """
    import python_calamine  # noqa: PLC0415  only an Excel file needs it

    workbook = open_workbook(path, name)
    sheet = _chosen(list(workbook.members), dialect, name)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as parsed:
            content = parsed.get_sheet_by_name(sheet)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise DeliveryError(
            f"{name}: the sheet {sheet!r} cannot be read ({type(error).__name__})",
            expected="a workbook that Excel opens without repairs",
            todo="have it opened in Excel, saved as .xlsx and delivered again",
        ) from None
    first_column = content.start[1] if content.start else 0
    rows = enumerate(content.iter_rows(), 1)
    header: list[Any] = next((cells for line, cells in rows if line == dialect.header_line), [])
    headers = [as_text(cell, None, dialect).strip() for cell in header]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise DeliveryError(
            f"{name}: line {dialect.header_line} of the sheet {sheet!r} is empty",
            expected=f"a header line with the columns of {contract.table_name}",
            todo="see whether the export ran; declare header_line= when the header stands lower",
        )
    matched = match_columns(contract, headers, name)
    unseen = workbook.unseen(sheet)
    hidden = {(line, column - first_column): cell for (line, column), cell in unseen.hidden.items()}
    return ExcelFile(
        name, matched, len(headers), contract.fields, dialect, rows, hidden, unseen.widths, first_column
    )


def as_text(cell: Any, field: Field | None, dialect: Excel) -> str:  # noqa: ANN401  calamine's own types
    """Return a cell as the text that a file of its dialect holds for it.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> [as_text(cell, None, s.Excel()) for cell in (100000.0, 0.1, "007", dt.date(2026, 10, 1), True)]
    ['100000', '0,1', '007', '01-10-2026', 'true']
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell).replace(".", dialect.decimal)
    if isinstance(cell, dt.date):
        return _moment(cell, field, dialect)
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(cell)


def with_zeros(cell: Any, width: int) -> Any:  # noqa: ANN401  calamine's own types
    """Return a whole number from zero up as the digits that Excel shows; any other cell as it is.

    A number of which Excel lost digits stays one, and is kept aside as such.

    >>> with_zeros(7.0, 5), with_zeros(7.5, 5), with_zeros("7", 5)
    ('00007', 7.5, '7')
    """
    is_whole = isinstance(cell, float) and cell.is_integer() and 0 <= cell < MOST_DIGITS
    return str(int(cell)).zfill(width) if is_whole else cell


def _number(cell: float) -> str:
    """Return the shortest digits that read back as this number, without an exponent."""
    if cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    return f"{Decimal(repr(cell)):f}".removesuffix(".0")


def _moment(cell: dt.date, field: Field | None, dialect: Excel) -> str:
    """Return a date, or a date and time to the second, in the format of its column.

    What that format cannot hold is written in ISO 8601, and so cannot be read as if nothing was lost.
    """
    moment = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, _MIDNIGHT)
    moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    is_day = moment.time() == _MIDNIGHT and (field is None or field.sql_type != _TIMESTAMP)
    form = (field.format if field else "") or (dialect.date_format if is_day else dialect.timestamp_format)
    if field and field.sql_type == _DATE and not is_day:
        return moment.isoformat(" ")
    if form == ISO:
        return moment.date().isoformat() if is_day else moment.isoformat(" ")
    text = moment.strftime(form)
    return text if dt.datetime.strptime(text, form.replace("%-", "%")) == moment else moment.isoformat(" ")  # noqa: DTZ007


def _chosen(sheets: Sequence[str], dialect: Excel, name: str) -> str:
    """Return the declared sheet, or the only one."""
    if dialect.sheet is None and len(sheets) == 1:
        return sheets[0]
    if dialect.sheet in sheets:
        return str(dialect.sheet)
    found = f"has no sheet {dialect.sheet!r}" if dialect.sheet else f"has {len(sheets)} sheets"
    raise DeliveryError(
        f"{name} {found}: {', '.join(map(repr, sheets))}",
        expected="the sheet that its table declares" if dialect.sheet else "one sheet, or the name of one",
        todo='declare dialect = s.Excel(sheet="...") with the name on the tab',
    )
