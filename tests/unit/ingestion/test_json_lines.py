"""Each line of a JSON lines file is read to the letter of RFC 8259, or is one record in quarantine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.faults import Fault
from klantprofiel.ingestion.formats import encoding, json_lines
from klantprofiel.ingestion.formats.json_lines import Fraction, Objects
from klantprofiel.ingestion.formats.plain_json import are_plain, plain_columns, plain_texts
from tests.unit.ingestion.deliveries import Read, read, table_of

PARSING = Path(__file__).parents[4] / "shared" / "data" / "json" / "test_parsing"
NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "naughty" / "blns.json"
DIALECT = s.JsonLines()
OPTIONAL = {"b": s.Text(label="b", nullable=True), "c": s.Text(label="c", nullable=True)}
TABLE = table_of(DIALECT, **{"a": s.Text(label="a", key=True), **OPTIONAL})


def read_text(directory: Path, text: str | bytes, table: type[s.Table] = TABLE) -> Read:
    path = directory / "proef.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, table)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", "1"),
        ("-0", "-0"),
        ("1E400", "1E400"),
        ("0.10", "0.10"),
        ("12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890"),
        ("9" * 5000, "9" * 5000),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('""', None),
        ('" x "', " x "),
        ('"007"', "007"),
        (r'"\u00e9\ud83d\ude00\n\/"', "é😀\n/"),
        ('"\u2028\x85{[,:"', "\u2028\x85{[,:"),
        ('"1,5"', "1,5"),
    ],
)
def test_a_value_is_kept_as_it_is_written(value: str, expected: str | None, tmp_path: Path) -> None:
    found = read_text(tmp_path, f'{{"a": "k", "b": {value}}}\n')
    assert found == Read([("k", expected, None, 1)], [], [])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"a": "k", "b": NaN}', "not_json"),
        ('{"a": "k", "b": -Infinity}', "not_json"),
        ('{"a": "k", "b": 01}', "not_json"),
        ('{"a": "k", "b": 1.}', "not_json"),
        ("{'a': 'k'}", "not_json"),
        ('{"a": "k",}', "not_json"),
        ('{"a": "k"} {"a": "l"}', "not_json"),
        ('{"a": "k"', "not_json"),
        ('{"a": "k\tl"}', "not_json"),
        ('{"a": "k\0l"}', "not_json"),
        ('\ufeff{"a": "k"}', "not_json"),
        ('\u2003{"a": "k"}', "not_json"),
        ("x", "not_json"),
        ("[1]", "no_object"),
        ('"a"', "no_object"),
        ("null", "no_object"),
        ('{"a": "k", "a": "k"}', "duplicate_name"),
        (r'{"a": "k", "\u0061": "k"}', "duplicate_name"),
        ('{"a": "k", "x": 1, "x": 2}', "duplicate_name"),
        ('{"a": {"b": 1}}', "nested_value"),
        ('{"a": "k", "b": []}', "nested_value"),
        (r'{"a": "k\u0000"}', "nul_byte"),
        (r'{"a": "\ud800"}', "lone_surrogate"),
        (r'{"a": "k", "\udc00": 1}', "lone_surrogate"),
        ('{"a": ' + "[" * 100_000, "too_deep"),
        ('{"a": ' + '{"a": ' * 100_000, "too_deep"),
        (b'{"a": "Ren\xe9e"}', "wrong_encoding"),
        (b'{"a": "\xed\xa0\x80"}', "wrong_encoding"),
        (b'{"a": "\xc0\x80"}', "wrong_encoding"),
    ],
)
def test_a_line_that_is_no_record_is_one_reject(line: str | bytes, fault: str, tmp_path: Path) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    found = read_text(tmp_path, b'{"a": "1"}\r\n' + raw + b'\r\n{"a": "3"}')
    assert found.records == [("1", None, None, 1), ("3", None, None, 3)]
    ((number, rule, raw_text),) = found.rejects
    assert (number, rule) == (2, f"record.{fault}")
    assert raw_text == raw.decode("utf-8", "backslashreplace")


def test_undeclared_names_are_kept_aside_nested_ones_as_their_json(tmp_path: Path) -> None:
    found = read_text(
        tmp_path,
        '{"a": 1, "x": "y"}\n{ "n" : [1.0, {"b": 2e5} ] , "a":2,"o": { } }\nbroken\n{"a": 3, "_line": 7}\n',
    )
    assert [row[0] for row in found.records] == ["1", "2", "3"]
    assert found.extra == [
        {"x": "y", "n": None, "o": None, "_line_5": None, "_line": 1},
        {"x": None, "n": '[1.0, {"b": 2e5} ]', "o": "{ }", "_line_5": None, "_line": 2},
        {"x": None, "n": None, "o": None, "_line_5": "7", "_line": 4},
    ]


def test_a_file_may_start_with_a_byte_order_mark_and_have_blank_lines(tmp_path: Path) -> None:
    found = read_text(tmp_path, b'\xef\xbb\xbf\r\n {"a": 1}\r\n \t\n\n{"a":2 }')
    assert found == Read([("1", None, None, 2), ("2", None, None, 5)], [], [])


def test_other_encodings_are_read_as_declared(tmp_path: Path) -> None:
    for name in ("cp1252", "utf-16", "utf-8-sig"):
        table = table_of(s.JsonLines(encoding=name), "a")
        assert read_text(tmp_path, '{"a": "Renée €"}\n'.encode(name), table).records == [("Renée €", 1)]


def test_a_number_has_the_declared_decimal(tmp_path: Path) -> None:
    table = table_of(s.JsonLines(decimal=","), "a")
    assert read_text(tmp_path, '{"a": 1.5}\n{"a": "1.5"}', table).records == [("1,5", 1), ("1.5", 2)]


NUMBERS = {
    "12.500": ("12.50", None),
    "1234.500": ("1234.50", None),
    "12.505": (None, None),
    "1.25e1": ("12.50", None),
    "5.551115123125783e-17": ("0.00", None),
    "5.5e-17": (None, None),
    "1e2": ("100.00", 100),
    "2.0": ("2.00", 2),
    "2": ("2.00", 2),
    "-0.0": ("0.00", 0),
    "1e400": (None, None),
    "1e99999999999999999999": (None, None),
    '"12.500"': (None, None),  # a text may mean thousands
    '"12.50"': ("12.50", None),
}


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("is_plain", [True, False])
def test_a_number_is_no_text_that_may_mean_thousands(decimal: str, is_plain: bool, tmp_path: Path) -> None:  # noqa: FBT001
    dialect = s.JsonLines(decimal=decimal)
    bedrag = s.Amount(label="bedrag", unit="EUR", nullable=True)
    columns = {"bedrag": bedrag, "aantal": s.Integer(label="aantal", unit="stuks", nullable=True)}
    table = table_of(dialect, **{"a": s.Text(label="a", key=True), **columns})
    shown = [each.replace(".", decimal) if each.startswith('"') else each for each in NUMBERS]
    lines = [f'{{"a": "k", "bedrag": {each}, "aantal": {each}}}' for each in shown]
    text = "\n".join([*lines, *([] if is_plain else ["{}"])])
    rows = read_text(tmp_path, text, table).records[: len(NUMBERS)]
    casts = [columns[name].cast(exp.column(name), dialect).sql("duckdb") for name in columns]
    shown_as = ", ".join(f"cast({each} as varchar)" for each in casts)
    query = f"select {shown_as} from (select $bedrag as bedrag, $aantal as aantal)"
    found = [duckdb.execute(query, {"bedrag": row[1], "aantal": row[2]}).fetchone() for row in rows]
    assert found == [(amount, None if count is None else str(count)) for amount, count in NUMBERS.values()]


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"proef\.jsonl is empty"):
        read_text(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "look"),
    [
        (b'[{"a": 1}]\n', "in no array"),
        (b'{"a": 1', "in no array"),
        (b"a;b\n1;2\n", "in no array"),
        (b"PK\x03\x04", "zip or Excel"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_without_any_object_is_refused(data: bytes, look: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="has no line that holds a JSON object") as caught:
        read_text(tmp_path, data)
    assert look in str(caught.value)


def test_a_declared_column_that_is_in_no_record_is_refused_unless_it_may_be_empty(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="lacks 'a'"):
        read_text(tmp_path, '{"b": 1}\n{"c": 2}')
    assert read_text(tmp_path, '{"a": 1}').records == [("1", None, None, 1)]


@pytest.mark.parametrize("name", ["B", " b", "b "])
def test_a_name_in_other_capitals_is_no_empty_value(name: str, tmp_path: Path) -> None:
    renamed = f'{{"a": 2, "{name}": "x"}}'
    found = read_text(tmp_path, f'{{"a": 1, "b": "y"}}\n{renamed}\n{{"a": 3, "b": "z", "{name}": "x"}}\n')
    assert [row[:2] for row in found.records] == [("1", "y"), ("3", "z")]
    assert found.rejects == [(2, "record.renamed", renamed)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "STRETCH_BYTES", 8)
        found = read_text(tmp_path, f'{renamed}\n{renamed}\n{{"a": 1, "b": "y"}}\n')
    assert [line for line, _, _ in found.rejects] == [1, 2]


def test_utf_8_lines_in_a_single_byte_encoding_are_kept_aside(tmp_path: Path) -> None:
    table = table_of(s.JsonLines(encoding="cp1252"), **{"a": s.Text(label="a", key=True), **OPTIONAL})
    found = read_text(tmp_path, b'{"a": "\xe9"}\n{"a": "\xc3\xa9"}\n', table)
    assert [row[0] for row in found.records] == ["é"]
    assert found.rejects == [(2, "record.wrong_encoding", '{"a": "Ã©"}')]


def test_a_renamed_column_is_named_and_refused(tmp_path: Path) -> None:
    table = table_of(DIALECT, "klantnr", telefoon=s.Text(label="Telefoon", nullable=True))
    with pytest.raises(DeliveryError, match="lacks 'klantnr'; it has 'KlantNr' where 'klantnr' was"):
        read_text(tmp_path, '{"KlantNr": 1, "telefoon": 2}', table)
    with pytest.raises(DeliveryError, match="it has 'telefoon_' where 'telefoon' was"):
        read_text(tmp_path, '{"klantnr": 1, "telefoon_": 2}', table)
    assert read_text(tmp_path, '{"klantnr": 1, "plaats": 2}', table).extra == [{"plaats": "2", "_line": 1}]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="not utf-8, on line 2") as caught:
        read_text(tmp_path, b'{"a": 1}\n' + '{"a": "é"}\n'.encode("cp1252") * 30)
    assert "looks like cp1252" in str(caught.value)


def test_a_line_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoding, "STRETCH_BYTES", 64)
    monkeypatch.setattr(json_lines, "LONGEST_LINE_BYTES", 256)
    with pytest.raises(DeliveryError, match="has a line of more than"):
        read_text(tmp_path, '{"a": 1}\n' + "x" * 1000)


def test_a_value_of_ten_megabytes_is_read_whole(tmp_path: Path) -> None:
    huge = "é" * 5_000_000
    found = read_text(tmp_path, json.dumps({"a": huge, "b": 1}, ensure_ascii=False) + '\n{"a": 2}')
    assert found == Read([(huge, "1", None, 1), ("2", None, None, 2)], [], [])


SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
OBJECTS = st.fixed_dictionaries(
    {"a": SCALARS}, optional={"b": SCALARS, "c": SCALARS, "x": SCALARS | st.lists(SCALARS)}
)


def texts(value: Any) -> str | None:  # noqa: ANN401  of any JSON type
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)


@given(st.lists(OBJECTS, min_size=1, max_size=8), st.booleans(), st.integers(1, 64))
def test_what_python_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    ascii_only: bool,  # noqa: FBT001
    size: int,
) -> None:
    data = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    directory = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "STRETCH_BYTES", size)
        found = read_text(directory, data)
    has_nul = [any(isinstance(value, str) and "\0" in value for value in each.values()) for each in records]
    nul = [line for line, is_nul in enumerate(has_nul, 1) if is_nul]
    assert [line for line, *_ in found.rejects] == nul
    expected = [
        (*(texts(record.get(name)) for name in "abc"), line)
        for line, record in enumerate(records, 1)
        if line not in nul
    ]
    assert found.records == expected


@pytest.mark.skipif(not PARSING.is_dir(), reason="JSONTestSuite is not on this machine")
def test_the_json_test_suite_is_judged_as_its_author_says(tmp_path: Path) -> None:
    judged = {"y": 0, "n": 0, "i": 0}
    for path in sorted(PARSING.glob("*.json")):
        content = path.read_bytes().replace(b"\n", b" ")
        data = b'{"a": "1", "x": 1}\n{"a": "2", "x": ' + content + b'}\n{"a": "3"}'
        found = read_text(tmp_path, data)
        lines = [row[-1] for row in found.records]
        judged[path.name[0]] += 1
        assert lines in ([1, 3], [1, 2, 3]), path.name
        assert [line for line, *_ in found.rejects] == [line for line in (1, 2, 3) if line not in lines]
        if path.name.startswith("y_"):
            assert lines == [1, 2, 3], path.name
            json.loads(data.split(b"\n")[1])
        if path.name.startswith("n_"):
            assert lines == [1, 3] or path.name == "n_string_unescaped_newline.json", path.name
    assert min(judged.values()) > 30


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the big list of naughty strings is not on this machine")
def test_naughty_strings_come_back_to_the_letter(tmp_path: Path) -> None:
    strings = [string for string in json.loads(NAUGHTY.read_text()) if string]
    for ascii_only in (True, False):
        lines = (json.dumps({"a": string}, ensure_ascii=ascii_only) for string in strings)
        found = read_text(tmp_path, "\n".join(lines))
        kept = dict.fromkeys(range(1, len(strings) + 1))
        assert {row[-1]: row[0] for row in found.records} == {line: strings[line - 1] for line in kept}
        assert found.rejects == []


WRITTEN = st.text(st.sampled_from('0123.eE+-"aé\\ntrul\t\0\x7f '), max_size=6) | st.sampled_from(
    [
        "0",
        "-0",
        "00",
        "1.",
        ".5",
        "1e5",
        "1E+05",
        "-",
        "true",
        "nul",
        "null",
        '""',
        '"x"',
        '"\\u0041"',
        "[]",
        "{}",
    ]
)


@given(st.lists(st.tuples(WRITTEN, WRITTEN), min_size=1, max_size=3), st.sampled_from([".", ","]))
def test_plain_lines_are_read_as_the_parser_reads_them(written: list[tuple[str, str]], decimal: str) -> None:
    lines = [f'{{"a":{one} , "b": {other}}}' for one, other in written]
    objects = [Objects().read(line) for line in lines]
    columns = plain_columns("\n".join(lines), len(lines), ["a", "b"])
    assert are_plain("\n".join(lines), len(lines), ["a", "b"]) is (columns is not None)
    if columns is not None:
        for name, column in columns.items():
            values = [each[name] for each in objects if not isinstance(each, Fault)]
            expected = [
                texts(value.replace(".", decimal) if isinstance(value, Fraction) else value)
                for value in values
            ]
            assert plain_texts(column, decimal).to_pylist() == expected
    elif "\\" not in str(lines) and not any(mark in str(written) for mark in "[{"):
        assert any(isinstance(each, Fault) for each in objects)
