"""A damaged file of any format is rows and rejects or a refusal, and damage stays where it is.

Damage is drawn with a seed: bits that flip, pieces that are lost, repeated or overwritten.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from pyarrow import parquet

from klantprofiel import schema as s
from klantprofiel.errors import KlantprofielError
from tests.unit.ingestion.deliveries import read, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "naughty" / "blns.json"
HEADER = ["nr", "naam", "bedrag"]
ROWS = [[f"K{at:03d}", f'Renée "{at}" de Boer;\n€', str(at * 1.5)] for at in range(40)]


def csv_of(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue().encode()


def json_of(rows: list[list[str]]) -> bytes:
    return "".join(
        json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    ).encode()


def parquet_of(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    parquet.write_table(pa.table(columns), out, write_page_checksum=True)
    return out.getvalue()


def excel_of(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for line, row in enumerate([HEADER, *rows]):
        for at, value in enumerate(row):
            page.write_string(line, at, value)
    book.close()
    return out.getvalue()


WRITERS: dict[str, tuple[s.Dialect, Callable[[list[list[str]]], bytes]]] = {
    "csv": (s.Csv(), csv_of),
    "utf-16": (s.Csv(encoding="utf-16"), lambda rows: csv_of(rows).decode().encode("utf-16")),
    "cp1252": (s.Csv(encoding="cp1252"), lambda rows: csv_of(rows).decode().encode("cp1252")),
    "gz": (s.Csv(), lambda rows: gzip.compress(csv_of(rows))),
    "jsonl": (s.JsonLines(), json_of),
    "parquet": (s.Parquet(), parquet_of),
    "xlsx": (s.Excel(), excel_of),
}


def damages(content: bytes, n_times: int, seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)  # noqa: S311  no secret
    for _ in range(n_times):
        data = bytearray(content)
        for _ in range(dice.choice((1, 1, 2, 8))):
            at = dice.randrange(len(data))
            length = dice.choice((1, 3, 40, 400))
            kind = dice.randrange(5)
            if kind == 0:
                data[at] ^= 1 << dice.randrange(8)
            elif kind == 1:
                del data[at : at + length]
            elif kind == 2:
                data[at:at] = data[at : at + length]
            elif kind == 3:
                data[at : at + length] = dice.randbytes(length)
            else:
                data[at:at] = dice.choice((b'"', b";", b"\n", b"\r", b"\0", b"\xff", b"{", b"\\"))
            if not data:
                break
        yield bytes(data)


def outcome(path: Path, table: type[s.Table]) -> str | None:
    """Read a file; return what it is refused with, None when it is read."""
    try:
        found = read(path, table)
    except KlantprofielError as error:
        return str(error)
    assert len(found.records) + len(found.rejects) >= 0
    return None


@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_file_is_rows_and_rejects_or_a_refusal(name: str, tmp_path: Path) -> None:
    dialect, write = WRITERS[name]
    table, path = table_of(dialect, *HEADER), tmp_path / f"f.{name}"
    path.write_bytes(write(ROWS))
    assert [list(row[:-1]) for row in read(path, table).records] == ROWS
    refusals = []
    for damaged in damages(write(ROWS), 250, seed=len(name)):
        path.write_bytes(damaged)
        refusals += [refusal for refusal in [outcome(path, table)] if refusal]
    assert not any(value in refusal for refusal in refusals for value in ("Ren", "de Boer"))
    assert len(refusals) < 250 or name in {"gz", "xlsx"}  # of these, everything but the names has a sum


def test_damage_inside_a_sheet_is_rows_and_rejects_or_a_refusal(tmp_path: Path) -> None:
    table, path = table_of(s.Excel(), *HEADER), tmp_path / "f.xlsx"
    with zipfile.ZipFile(io.BytesIO(excel_of(ROWS[:5]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    targets = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml")
    for target in targets:
        for damaged in damages(members[target], 60, seed=len(target)):
            with zipfile.ZipFile(path, "w") as archive:
                for member, content in members.items():
                    archive.writestr(member, damaged if member == target else content)
            assert "de Boer" not in (outcome(path, table) or "")


@pytest.mark.parametrize("name", ["csv", "cp1252", "jsonl"])
def test_records_that_damage_did_not_touch_come_back_exactly(name: str, tmp_path: Path) -> None:
    dialect, write = WRITERS[name]
    table, path = table_of(dialect, *HEADER), tmp_path / "f"
    rows = [[number, naam.replace("\n", " "), bedrag] for number, naam, bedrag in ROWS]
    lines = write(rows).splitlines(keepends=True)
    dice = random.Random(7)  # noqa: S311  no secret
    for _ in range(300):
        at = dice.randrange(name != "jsonl", len(lines))
        place = dice.randrange(len(lines[at]) - 2)
        line = (
            lines[at][:place]
            + dice.choice((b"", b"x", b"\x81", b"\0", b"}", b"1;2"))
            + lines[at][place + 1 :]
        )
        path.write_bytes(b"".join([*lines[:at], line, *lines[at + 1 :]]))
        found = read(path, table)
        shift = 1 if name == "jsonl" else 2
        untouched = [row for row in found.records if row[-1] != at + 1]
        expected = [(*row, number + shift) for number, row in enumerate(rows) if number + shift != at + 1]
        assert untouched == expected
        assert len(found.records) + len(found.rejects) >= len(rows)


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the big list of naughty strings is not on this machine")
@pytest.mark.parametrize("name", ["csv", "utf-16", "parquet", "xlsx", "jsonl", "gz"])
def test_naughty_strings_come_back_in_every_format(name: str, tmp_path: Path) -> None:
    strings = [string for string in json.loads(NAUGHTY.read_text()) if string and string != "\ufffe"]
    dialect, write = WRITERS[name]
    path = tmp_path / f"f.{name}"
    path.write_bytes(write([[f"k{at}", string, string] for at, string in enumerate(strings)]))
    found = read(path, table_of(dialect, *HEADER))
    assert found.rejects == []
    assert [row[1] for row in found.records] == strings
