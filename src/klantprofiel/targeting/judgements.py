"""What people judge of a segment on a criterion: dated, with a source, and valid until a day.

A CSV file in UTF-8 with exactly these columns; `;` between them and a comma in decimals, as a Dutch
spreadsheet writes it, or `,` between them and a point in decimals. The header line says which:

    segment;criterion;competitor;low;mode;high;who;source;date;valid_until
    S1;advantage;Bol;2,5;3;4;hoofd marketing;klantonderzoek 2026;2026-08-15;2027-08-15

`low`, `mode` and `high` are the lowest, likeliest and highest that is thought possible, in the unit of the
criterion and within its bounds. `competitor` is one of the competitors in the criteria: needed for the
question of advantage, and empty or named elsewhere. Dates are jjjj-mm-dd or dd-mm-jjjj. There is one row per
segment, criterion, competitor and date: of several dates the last one up to the date of the release counts.

Segments are named by size (`S1` is the largest), so a segmentation that is made anew can give a name to other
customers: keep `valid_until` near, and judge again when the segments change.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NoReturn

from klantprofiel.errors import DeclarationError, near_miss
from klantprofiel.project import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from klantprofiel.targeting.criteria import Definition

COLUMNS: Final = (
    "segment",
    "criterion",
    "competitor",
    "low",
    "mode",
    "high",
    "who",
    "source",
    "date",
    "valid_until",
)
_DECIMAL: Final = {";": ",", ",": "."}  # the decimal sign that goes with each delimiter
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DUTCH: Final = re.compile(r"(\d{2})-(\d{2})-(\d{4})")


@dataclass(frozen=True)
class Judgement:
    """One judgement; `line` is where it stands in its file."""

    segment: str
    criterion: str
    competitor: str
    low: Decimal
    mode: Decimal
    high: Decimal
    who: str
    source: str
    judged_on: date
    valid_until: date
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What it judges: segment, criterion, competitor."""
        return self.segment, self.criterion, self.competitor


@dataclass(frozen=True)
class _Place:
    """A row of a file, to point at in errors; it never shows who judged."""

    path: Path
    line: int

    def refuse(self, found: str, expected: str, todo: str = "") -> NoReturn:
        raise DeclarationError(
            f"{self.path}, line {self.line}: {found}", expected=expected, todo=todo or "correct that line"
        )


def load_judgements(path: str | Path, definition: Definition, segments: Iterable[str]) -> list[Judgement]:
    """Read and check the judgements; a relative path starts at the project.

    Parameters
    ----------
    path
        The CSV file.
    definition
        The criteria that are judged.
    segments
        The ids of the segments that can be judged.

    Raises
    ------
    DeclarationError
        For the first line that is not as it should be, with its number, what was expected and what to do.
    """
    file = resolve(path)
    known = tuple(segments)
    found: dict[tuple[str, str, str, date], Judgement] = {}
    for place, row, decimal in _rows(file):
        judgement = _judgement(place, row, decimal)
        _check_names(place, judgement, definition, known)
        _check_scale(place, judgement, definition)
        key = (*judgement.key, judgement.judged_on)
        if key in found:
            place.refuse(
                f"the same segment, criterion, competitor and date as line {found[key].line}",
                "one judgement for each",
                "keep one; write the range of opinions as low to high",
            )
        found[key] = judgement
    return list(found.values())


def _rows(file: Path) -> Iterator[tuple[_Place, Mapping[str, str], str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DeclarationError(
            f"there is no file {file}",
            expected="a CSV file with judgements",
            todo="check the path, or pass judgements=None when there are none",
        ) from None
    except UnicodeDecodeError:
        raise DeclarationError(
            f"{file} is not UTF-8", expected="CSV in UTF-8", todo="save it as `CSV UTF-8`"
        ) from None
    stream = io.StringIO(text, newline="")
    delimiter = _delimiter(file, stream.readline().rstrip("\r\n"))
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    line = 2
    try:
        for row in reader:
            place, line = _Place(file, line), reader.line_num + 2
            if len(row) not in {0, len(COLUMNS)}:
                place.refuse(f"{len(row)} fields", f"{len(COLUMNS)} fields, separated by {delimiter}")
            if any(field.strip() for field in row):
                yield place, dict(zip(COLUMNS, map(str.strip, row), strict=True)), _DECIMAL[delimiter]
    except csv.Error:
        _Place(file, line).refuse("a quotation mark that is not closed", "fields as in the other lines")


def _delimiter(file: Path, header: str) -> str:
    for delimiter in _DECIMAL:
        if [name.strip() for name in header.split(delimiter)] == list(COLUMNS):
            return delimiter
    names = [name.strip() for name in re.split("[;,]", header)]
    wrong = next((name for name in names if name not in COLUMNS), None)
    about = f": there is no column {wrong!r}{near_miss(wrong, COLUMNS)}" if wrong else ""
    raise DeclarationError(
        f"{file}, line 1: another header than expected{about}",
        expected=f"{';'.join(COLUMNS)} (or with commas, and then a point in decimals)",
        todo="write these columns in this order",
    )


def _judgement(place: _Place, row: Mapping[str, str], decimal: str) -> Judgement:
    for column in ("segment", "criterion", "who", "source"):
        if not row[column]:
            place.refuse(f"the field {column} is empty", f"every judgement has its {column}")
    low, mode, high = (_number(place, row, column, decimal) for column in ("low", "mode", "high"))
    if not low <= mode <= high:
        place.refuse(f"low {low}, mode {mode}, high {high}", "low <= mode <= high")
    since, until = (_date(place, row, column) for column in ("date", "valid_until"))
    if until < since:
        place.refuse(f"valid until {until}, judged on {since}", "a valid_until on or after the date")
    return Judgement(
        segment=row["segment"],
        criterion=row["criterion"],
        competitor=row["competitor"],
        low=low,
        mode=mode,
        high=high,
        who=row["who"],
        source=row["source"],
        judged_on=since,
        valid_until=until,
        line=place.line,
    )


def _number(place: _Place, row: Mapping[str, str], column: str, decimal: str) -> Decimal:
    text = row[column]
    if not re.fullmatch(rf"-?\d{{1,12}}(\{decimal}\d{{1,6}})?", text, re.ASCII):
        example = f"3{decimal}5"
        place.refuse(
            f"{column} is {text!r}", f"a number such as {example}, without dots or spaces in thousands"
        )
    return Decimal(text.replace(",", "."))


def _date(place: _Place, row: Mapping[str, str], column: str) -> date:
    text = row[column]
    parts = m.groups() if (m := _ISO.fullmatch(text)) else (m := _DUTCH.fullmatch(text)) and m.groups()[::-1]
    if parts:
        with contextlib.suppress(ValueError):
            return date(*map(int, parts))
    return place.refuse(f"{column} is {text!r}", "a day that exists, as jjjj-mm-dd or dd-mm-jjjj")


def _check_names(
    place: _Place, judgement: Judgement, definition: Definition, segments: tuple[str, ...]
) -> None:
    criteria, rivals = definition.criteria, definition.competitors
    if judgement.segment not in segments:
        place.refuse(
            f"there is no segment {judgement.segment!r}{near_miss(judgement.segment, segments)}",
            f"one of {', '.join(segments)}",
        )
    if judgement.criterion not in criteria:
        place.refuse(
            f"there is no criterion {judgement.criterion!r}{near_miss(judgement.criterion, criteria)}",
            f"one of {', '.join(criteria)}",
        )
    if judgement.competitor and judgement.competitor not in rivals:
        place.refuse(
            f"there is no competitor {judgement.competitor!r}{near_miss(judgement.competitor, rivals)}",
            f"one of {', '.join(rivals)}" if rivals else "no competitor: the criteria name none",
            "correct the name, or add it to `competitors` in the criteria",
        )
    if not judgement.competitor and criteria[judgement.criterion].question == "advantage":
        place.refuse("no competitor", "the competitor over whom we have the advantage")


def _check_scale(place: _Place, judgement: Judgement, definition: Definition) -> None:
    criterion = definition.criteria[judgement.criterion]
    if criterion.source == "measured":
        place.refuse(
            f"a judgement of {judgement.criterion!r}, which is measured",
            "judgements of criteria whose source is judged",
            "remove that line, or make the criterion judged",
        )
    if judgement.low < criterion.low or judgement.high > criterion.high:
        place.refuse(
            f"{judgement.low} to {judgement.high} is outside the scale of {judgement.criterion!r}",
            f"from {criterion.low} to {criterion.high} ({criterion.unit})",
        )
