from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.exports.csv_file import csv_bytes

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=";"))


@pytest.mark.parametrize("start", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    [_, [cell]] = read_back(csv_bytes(["naam"], [(f"{start}SOM(1)",)]))
    assert cell == f"'{start}SOM(1)"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", " ", "\xa0", "\u200b \x00"]
)
@pytest.mark.parametrize("start", ["=", "＋"])  # noqa: RUF001
def test_a_formula_behind_what_cannot_be_seen_is_made_harmless(unseen: str, start: str) -> None:
    text = f"{unseen}{start}SOM(1)"
    assert read_back(csv_bytes(["naam"], [(text,)]))[1] == [f"'{text}"]


@pytest.mark.parametrize("name", [" Jansen", "\u200bJansen", "Jan =1", ""])
def test_a_name_behind_what_cannot_be_seen_stays_as_it_is(name: str) -> None:
    assert read_back(csv_bytes(["a", "naam"], [(1, name)]))[1] == ["1", name]


@pytest.mark.parametrize("phone", ["+31612345678", "+31 6 1234 5678"])
def test_a_telephone_number_stays_usable(phone: str) -> None:
    assert read_back(csv_bytes(["telefoonnummer"], [(phone,)])) == [["telefoonnummer"], [phone]]


@pytest.mark.parametrize("trick", ["+31612345678+1", "+31;=1", "+A1", "+1\n=1", "+31612345678-1"])
def test_what_only_starts_as_a_telephone_number_is_made_harmless(trick: str) -> None:
    assert read_back(csv_bytes(["x"], [(trick,)]))[1] == [f"'{trick}"]


def test_values_are_written_as_the_dutch_read_them() -> None:
    moment = datetime(2026, 9, 30, 14, 5)  # noqa: DTZ001  stored moments are UTC without a zone
    row = (-3, -0.25, Decimal("-1234.50"), True, False, None, float("nan"), date(2026, 9, 30), moment, "é")
    assert csv_bytes(["a"] * len(row), [row]).decode().splitlines()[1] == (
        "-3;-0,25;-1234,50;ja;nee;;;2026-09-30;2026-09-30 14:05:00;é"
    )


def test_lines_end_as_windows_ends_them_and_the_file_has_no_byte_order_mark() -> None:
    assert csv_bytes(["a"], [("b",)]) == b"a\r\nb\r\n"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=6))
def test_every_text_comes_back_as_it_was_or_with_an_apostrophe_in_front(rows: list[tuple[str, str]]) -> None:
    found = read_back(csv_bytes(["een", "twee"], rows))[1:]
    assert len(found) == len(rows)
    for given_row, found_row in zip(rows, found, strict=True):
        for text, cell in zip(given_row, found_row, strict=True):
            assert cell in {text, f"'{text}"}
            assert not cell.startswith(DANGEROUS) or cell[1:].replace(" ", "").isdigit()
