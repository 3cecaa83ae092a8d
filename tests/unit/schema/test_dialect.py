"""How a source writes is said once, and said right."""

from __future__ import annotations

import pytest

from klantprofiel import schema as s
from klantprofiel.schema import formats


def test_the_default_is_what_dutch_office_software_writes() -> None:
    dialect = s.Csv()
    assert (dialect.delimiter, dialect.quote, dialect.encoding) == (";", '"', "utf-8")
    assert (dialect.decimal, dialect.thousands) == (",", None)
    assert (dialect.date_format, dialect.timestamp_format) == ("%d-%m-%Y", "%d-%m-%Y %H:%M:%S")
    assert dialect.zone == "Europe/Amsterdam"


def test_parquet_is_typed_and_in_utc() -> None:
    dialect = s.Parquet()
    assert (dialect.decimal, dialect.thousands, dialect.zone) == (".", None, "UTC")
    assert (dialect.date_format, dialect.timestamp_format) == ("iso", "iso")


@pytest.mark.parametrize(
    "dialect",
    [
        s.Csv(delimiter="\t", quote="'", encoding="cp1252", decimal=".", thousands=" "),
        s.Csv(delimiter="|", date_format="iso", timestamp_format="iso", zone="UTC"),
        s.Csv(timestamp_format="%Y-%m-%dT%H:%M:%S.%f", date_format="%-d/%-m/%y"),
        s.Csv(encoding="utf-16"),
        s.Csv(encoding="utf-8-sig"),
        s.Csv(encoding="latin-1"),
        s.Csv(delimiter=",", decimal="."),
        s.Csv(quote=None),
        s.JsonLines(),
        s.JsonLines(encoding="cp1252", decimal=",", date_format="%d-%m-%Y", zone="Europe/Amsterdam"),
        s.Excel(),
        s.Excel(sheet="Blad 2", header_line=4, decimal=".", timestamp_format="iso"),
        s.Parquet(zone="America/New_York"),
    ],
)
def test_a_right_dialect_has_no_faults(dialect: s.Dialect) -> None:
    assert list(dialect.faults()) == []


@pytest.mark.parametrize(
    ("form", "words"),
    [("%d-%m-%Y", "dd-mm-jjjj"), ("%-d/%-m/%y", "d/m/jj"), ("%Y%m%dT%H%M", "jjjjmmddTuumm"), ("iso", "zo")],
)
def test_a_format_can_be_told_in_dutch(form: str, words: str) -> None:
    assert formats.in_dutch(form, iso="zo") == words


@pytest.mark.parametrize(
    "form", ["%d-%m", "%m-%Y", "%d-%m-%Y %z", "%d-%b-%Y", "%d%", "%", "dd", "", None, "%d-%m-%Y%Y"]
)
def test_a_format_that_does_not_tell_a_day_is_refused(form: object) -> None:
    assert formats.fault_in(form, with_time=True)


@pytest.mark.parametrize(
    ("dialect", "found"),
    [
        (s.Csv(decimal=""), "decimal=''"),
        (s.Csv(quote=""), "quote=''"),
        (s.Excel(sheet=""), "sheet=''"),
        (s.Excel(header_line=0), "header_line=0"),
        (s.Excel(header_line=True), "header_line=True"),
        (s.Excel(decimal="1"), "decimal='1' is part of a number"),
        (s.Excel(date_format="%d-%m"), "has no year"),
        (s.JsonLines(encoding="utf-9"), "encoding='utf-9' is unknown"),
        (s.JsonLines(zone="Nergens"), "zone='Nergens' is unknown"),
        (s.JsonLines(timestamp_format="%Y"), "has no day"),
    ],
)
def test_a_wrong_dialect_tells_its_fault(dialect: s.Dialect, found: str) -> None:
    (fault,) = dialect.faults()
    assert found in fault.found


def test_every_dialect_tells_how_numbers_and_moments_are_written() -> None:
    for dialect in (s.Csv(), s.Excel(), s.JsonLines(), s.Parquet()):
        assert (dialect.thousands, len(dialect.decimal)) == (None, 1)
        assert dialect.date_format
        assert dialect.timestamp_format
        assert dialect.zone
