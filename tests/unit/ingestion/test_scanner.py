"""The scanner finds the records that Python's csv module finds, and loses nothing when quotes are broken."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.ingestion.faults import Fault
from klantprofiel.ingestion.formats.scanner import Marks, Records, scan

MARKS = Marks(delimiter=ord(";"), quote=ord('"'))
HOSTILE = st.text(alphabet='ab;"\r\n é', max_size=60)


def scanned(text: str | bytes, *, marks: Marks = MARKS) -> Records:
    data = text if isinstance(text, bytes) else text.encode()
    return scan(np.frombuffer(data, np.uint8), marks, is_last=True)


def texts(data: bytes, records: Records) -> list[str]:
    return [data[a:b].decode() for a, b in zip(records.starts, records.ends, strict=True)]


@given(HOSTILE)
def test_a_text_without_broken_quotes_has_the_records_of_pythons_csv_module(text: str) -> None:
    records = scanned(text)
    if records.faults.any():
        return
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
    assert records.n_fields.tolist() == [len(row) for row in rows]


@given(HOSTILE)
def test_every_character_is_in_one_record_or_in_an_empty_line(text: str) -> None:
    data = text.encode()
    records = scanned(data)
    edges = [
        0,
        *(edge for pair in zip(records.starts, records.ends, strict=True) for edge in pair),
        len(data),
    ]
    assert all(before <= after for before, after in pairwise(edges))
    between = [data[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert set(b"".join(between)) <= set(b"\r\n")


@given(HOSTILE)
def test_every_good_record_is_read_by_itself_as_it_is_read_in_the_file(text: str) -> None:
    data = text.encode()
    records = scanned(data)
    for raw, n_fields, fault in zip(texts(data, records), records.n_fields, records.faults, strict=True):
        if fault == Fault.NONE:
            (row,) = csv.reader(io.StringIO(raw, newline=""), delimiter=";")
            assert len(row) == n_fields


@given(HOSTILE, st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_a_file_in_stretches_has_the_records_of_the_whole_file(text: str, sizes: list[int]) -> None:
    data = text.encode()
    whole = scanned(data)
    found: list[tuple[bytes, int, int]] = []
    pending, at, line, trusts = b"", 0, 0, True
    while at < len(data):
        size = sizes[at % len(sizes)]
        pending, at = pending + data[at : at + size], at + size
        part = scan(np.frombuffer(pending, np.uint8), MARKS, is_last=at >= len(data), trusts_quotes=trusts)
        found += [
            (pending[a:b], line + int(n), int(fault))
            for a, b, n, fault in zip(part.starts, part.ends, part.lines, part.faults, strict=True)
        ]
        pending, line, trusts = pending[part.consumed :], line + part.n_lines, part.trusts_quotes
    assert pending == b""
    assert found == [
        (data[a:b], int(n), int(fault))
        for a, b, n, fault in zip(whole.starts, whole.ends, whole.lines, whole.faults, strict=True)
    ]


@given(HOSTILE)
def test_the_line_of_a_record_counts_all_line_ends_before_it(text: str) -> None:
    data = text.encode()
    records = scanned(data)
    for start, line in zip(records.starts, records.lines, strict=True):
        assert line == len(data[:start].splitlines())


def faults(text: str) -> list[tuple[str, Fault]]:
    records = scanned(text)
    return list(
        zip((raw.strip() for raw in texts(text.encode(), records)), map(Fault, records.faults), strict=True)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1;"a\n2;b\n3;"c"\n', [('1;"a', Fault.UNCLOSED_QUOTE), ("2;b", Fault.NONE), ('3;"c"', Fault.NONE)]),
        ('1;"a\n2;b\n3;c', [('1;"a', Fault.UNCLOSED_QUOTE), ("2;b", Fault.NONE), ("3;c", Fault.NONE)]),
        ('1;"a "b" c"\n2;b\n', [('1;"a "b" c"', Fault.TEXT_AFTER_QUOTE), ("2;b", Fault.NONE)]),
        (
            '1;"a\nb "c"\n d"\n2;b\n',
            [
                ('1;"a', Fault.TEXT_AFTER_QUOTE),
                ('b "c"', Fault.TEXT_AFTER_QUOTE),
                ('d"', Fault.QUOTE_IN_FIELD),
                ("2;b", Fault.NONE),
            ],
        ),
        ('1;12" plank\n2;b\n', [('1;12" plank', Fault.NONE), ("2;b", Fault.NONE)]),
        ('1;"a\n2;12" plank\n', [('1;"a', Fault.TEXT_AFTER_QUOTE), ('2;12" plank', Fault.TEXT_AFTER_QUOTE)]),
        ("1;a\0\n2;b\n", [("1;a\0", Fault.NUL_BYTE), ("2;b", Fault.NONE)]),
        ('"""";"a""b"\n', [('"""";"a""b"', Fault.NONE)]),
    ],
)
def test_a_broken_quote_condemns_its_lines_and_no_other(text: str, expected: list[tuple[str, Fault]]) -> None:
    assert faults(text) == expected


def test_a_quote_that_stays_open_waits_for_the_rest_of_the_file_unless_it_is_given_up() -> None:
    data = np.frombuffer(b'1;"a\n2;b\n3;c\n', np.uint8)
    assert scan(data, MARKS, is_last=False).consumed == 0
    given_up = scan(data, MARKS, is_last=False, gives_up=True)
    assert given_up.consumed == len(data)
    assert given_up.faults.tolist() == [Fault.UNCLOSED_QUOTE, Fault.NONE, Fault.NONE]


def test_without_a_declared_quote_every_quote_is_a_character() -> None:
    records = scanned('1;"a\n2;b"\n', marks=Marks(delimiter=ord(";"), quote=None))
    assert records.n_fields.tolist() == [2, 2]
    assert not records.faults.any()
