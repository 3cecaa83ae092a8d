"""A CSV file is read to the letter: what Python's csv module writes comes back, whatever the values hold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import DeclarationError, DeliveryError
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.formats import csv_file, encoding
from klantprofiel.ingestion.formats.csv_file import open_csv

SPECTRUM = Path(__file__).parents[4] / "shared" / "data" / "csv"

VALUES = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
HOSTILE = st.text(alphabet='a;,"\r\n\té€\ufeff\u2028 ', max_size=8)


def table_of(*headers: str, **dialect: Any) -> type[s.Table]:  # noqa: ANN401  of any option
    columns = {f"column_{at}": s.Text(label=h, source=h, key=at == 0) for at, h in enumerate(headers)}
    decimal = "." if dialect.get("delimiter") == "," else ","
    csv_dialect = s.Csv(decimal=decimal, **dialect)
    body = {"__doc__": "Proef: one row per record.", "__module__": __name__, "dialect": csv_dialect}
    namespace = type(s.Table).__prepare__("Proef", (s.ReferenceTable,))
    for name, value in (body | columns).items():
        namespace[name] = value
    made: type[s.Table] = type(s.Table)("Proef", (s.ReferenceTable,), namespace)  # type: ignore[misc]
    return made


def read(data: bytes, table: type[s.Table]) -> tuple[list[tuple[Any, ...]], list[tuple[int, str, str]]]:
    assert isinstance(table.dialect, s.Csv)
    pieces = list(open_csv(io.BytesIO(data), Contract.of(table), table.dialect, "proef.csv").pieces())
    rows = [tuple(row.values()) for piece in pieces for row in piece.table.to_pylist()]
    rejects = [(reject.line, reject.rule, reject.raw_text) for piece in pieces for reject in piece.rejects]
    return rows, rejects


def written(rows: list[list[str]], n_columns: int, **dialect: Any) -> str:  # noqa: ANN401  of any option
    out = io.StringIO(newline="")
    writer = csv.writer(out, **({"delimiter": ";", "lineterminator": "\r\n"} | dialect))
    writer.writerows([[f"k{at}" for at in range(n_columns)], *rows])
    return out.getvalue()


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(VALUES | HOSTILE, min_size=n, max_size=n), min_size=1, max_size=12)
    ),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.integers(1, 64),
)
def test_what_python_writes_is_read_back(
    rows: list[list[str]], line_end: str, delimiter: str, quoting: int, stretch: int
) -> None:
    n_columns = len(rows[0])
    text = written(rows, n_columns, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    table = table_of(*(f"k{at}" for at in range(n_columns)), delimiter=delimiter)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "STRETCH_BYTES", stretch)
        patch.setattr(csv_file, "BLOCK_BYTES", stretch)
        found, rejects = read(text.encode(), table)
    assert rejects == []
    assert [row[:-1] for row in found] == [tuple(value or None for value in row) for row in rows]


@given(st.lists(st.lists(HOSTILE, min_size=2, max_size=2), min_size=1, max_size=8))
def test_minimal_quoting_is_read_back_with_the_line_of_each_record(rows: list[list[str]]) -> None:
    text = written(rows, 2)
    found, rejects = read(text.encode(), table_of("k0", "k1"))
    assert rejects == []
    line, expected = 2, []
    for row in rows:
        expected.append((*(value or None for value in row), line))
        line += written([row], 2).partition("\r\n")[2].encode().splitlines().__len__()
    assert found == expected


@given(st.text(alphabet='ab;"\r\n', max_size=60))
def test_every_record_of_a_damaged_file_is_loaded_exactly_or_kept_as_it_was(text: str) -> None:
    found, rejects = read(f"k0;k1\n{text}".encode(), table_of("k0", "k1"))
    if not rejects:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
        assert [row[:-1] for row in found] == [tuple(value or None for value in row) for row in rows]
    lines = text.encode().splitlines()
    for line, _, raw in rejects:
        assert lines[line - 2].decode().startswith(raw.splitlines()[0])
    for *_, line in found:
        assert lines[line - 2]


def test_ragged_records_are_kept_aside_with_line_and_rule_and_the_file_goes_on() -> None:
    found, rejects = read(b'a;b\n1;2\n"x\ny"\n3;4;5\n\n6;7', table_of("a", "b"))
    assert found == [("1", "2", 2), ("6", "7", 7)]
    assert rejects == [
        (3, "record.too_few_fields", '"x\ny"'),
        (5, "record.too_many_fields", "3;4;5"),
    ]


def test_nul_bytes_are_kept_aside() -> None:
    found, rejects = read(b"a;b\n1;x\0y\n2;z\n", table_of("a", "b"))
    assert found == [("2", "z", 3)]
    assert rejects == [(2, "record.nul_byte", "1;x\0y")]


def test_a_byte_order_mark_is_not_part_of_the_first_header() -> None:
    assert read(b"\xef\xbb\xbfa;b\n1;2\n", table_of("a", "b"))[0] == [("1", "2", 2)]
    utf_16 = "a;b\n1;é\n".encode("utf-16")
    assert read(utf_16, table_of("a", "b", encoding="utf-16"))[0] == [("1", "é", 2)]


@pytest.mark.parametrize("mark", ["sep=;\n", "\ufeffSEP=;\r\n", "\nsep=;\n\n"])
def test_a_line_for_excel_before_the_header_is_left_out(mark: str) -> None:
    rows, rejects = read(f"{mark}a;b\n1;2\nsep=;\n".encode(), table_of("a", "b"))
    line = mark.count("\n") + 2
    assert (rows, rejects) == ([("1", "2", line), ("sep=", None, line + 1)], [])


@pytest.mark.parametrize("text", ["sep=;\n", "sep=,\na;b\n1;2\n"])
def test_a_line_for_excel_alone_or_with_another_delimiter_is_no_header(text: str) -> None:
    with pytest.raises(DeliveryError):
        read(text.encode(), table_of("a", "b"))


def test_other_encodings_are_read_as_declared() -> None:
    text = "a;b\r\n1;Renée €\r\n"
    assert read(text.encode("cp1252"), table_of("a", "b", encoding="cp1252"))[0] == [("1", "Renée €", 2)]


def test_without_a_quote_every_quote_is_a_character() -> None:
    found, rejects = read(b'a;b\n"1;x"\n2;"y""\n', table_of("a", "b", quote=None))
    assert (found, rejects) == ([('"1', 'x"', 2), ("2", '"y""', 3)], [])


def test_a_header_without_records_is_a_delivery_of_nothing() -> None:
    assert read(b"a;b", table_of("a", "b")) == ([], [])
    assert read(b"a;b\r\n\r\n", table_of("a", "b")) == ([], [])


def test_columns_may_stand_in_another_order_and_undeclared_ones_are_reported() -> None:
    table = table_of("a", "b")
    assert isinstance(table.dialect, s.Csv)
    file = open_csv(io.BytesIO(b"x;b;a;x\n9;2;1;8\n"), Contract.of(table), table.dialect, "proef.csv")
    assert file.columns.extra == ("x", "x_4")
    (piece,) = file.pieces()
    assert piece.table.to_pylist() == [{"column_0": "1", "column_1": "2", "_line": 2}]
    assert piece.extra.to_pylist() == [{"x": "9", "x_4": "8", "_line": 2}]


def test_a_huge_field_is_read_whole() -> None:
    huge = "x\n;" * 4_000_000
    found, rejects = read(f'a;b\n1;"{huge}"\n2;y\n'.encode(), table_of("a", "b"))
    assert rejects == []
    assert found[0][1] == huge
    assert found[1] == ("2", "y", 4_000_003)


def test_a_field_that_never_ends_is_given_up_and_the_lines_after_it_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encoding, "STRETCH_BYTES", 64)
    monkeypatch.setattr(csv_file, "LONGEST_RECORD_BYTES", 256)
    body = "".join(f"{at};y\n" for at in range(400))
    found, rejects = read(f'a;b\n1;"never closed\n{body}'.encode(), table_of("a", "b"))
    assert [line for line, *_ in rejects] == [2]
    assert len(found) == 400


def test_a_line_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "STRETCH_BYTES", 64)
    monkeypatch.setattr(csv_file, "LONGEST_RECORD_BYTES", 256)
    with pytest.raises(DeliveryError, match="has a line of more than"):
        read(b"a;b\n" + b"x" * 1000, table_of("a", "b"))


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(DeliveryError, match=r"proef\.csv is empty"):
        read(data, table_of("a", "b"))


def test_a_byte_that_its_encoding_lacks_condemns_its_record_and_no_other() -> None:
    found, rejects = read("a;b\r\n1;é\r\n2;".encode() + b"\xe9;\r\n3;\xed\xa0\x80\r\n4;y", table_of("a", "b"))
    assert found == [("1", "é", 2), ("4", "y", 5)]
    assert rejects == [
        (3, "record.wrong_encoding", "2;\\xe9;"),
        (4, "record.wrong_encoding", "3;\\xed\\xa0\\x80"),
    ]
    assert read(b"a;b\n1;x\xc3", table_of("a", "b")) == ([], [(2, "record.wrong_encoding", "1;x\\xc3")])
    table = table_of("a", "b", encoding="cp1252")
    assert read(b"a;b\n1;\x81\xe9\n2;\x80\n", table) == (
        [("2", "€", 3)],
        [(2, "record.wrong_encoding", "1;\\x81é")],
    )


def test_broken_utf_16_condemns_its_record_and_no_other() -> None:
    broken = "a;b\n1;x".encode("utf-16") + b"\x3d\xd8" + "\n2;😀\n3;y".encode("utf-16-le") + b"z"
    found, rejects = read(broken, table_of("a", "b", encoding="utf-16"))
    assert found == [("2", "😀", 3)]
    assert rejects == [
        (2, "record.wrong_encoding", "1;x\\x3d\\xd8"),
        (4, "record.wrong_encoding", "3;y\\x7a"),
    ]


def test_a_header_that_is_not_in_the_encoding_is_refused_with_what_the_file_looks_like() -> None:
    with pytest.raises(DeliveryError, match='declare encoding="utf-16"'):
        read("a;b\n".encode("utf-16"), table_of("a", "b"))
    with pytest.raises(DeliveryError, match="not utf-8, on line 1") as caught:
        read("a;é\n".encode("cp1252"), table_of("a", "é"))
    assert 'looks like cp1252: declare encoding="cp1252"' in str(caught.value)
    with pytest.raises(DeliveryError, match="a zip or Excel file"):
        read(b"PK\x03\x04\x00\x00\xff\n", table_of("a", "b"))


def test_a_file_that_is_wholly_in_another_encoding_is_refused_and_one_with_some_slips_is_not() -> None:
    table = table_of("a", "b")
    wrong, right = b"2;Ren\xe9e\n", "3;Renée\n".encode()
    with pytest.raises(DeliveryError, match="not utf-8, on line 3") as caught:
        read(b"a;b\n1;x\n" + wrong * 21, table)
    assert "looks like cp1252" in str(caught.value)
    found, rejects = read(b"a;b\n" + wrong * 20, table)
    assert (len(found), len(rejects)) == (0, 20)
    found, rejects = read(b"a;b\n" + wrong * 50 + right * 50, table)
    assert (len(found), len(rejects)) == (50, 50)


@pytest.mark.parametrize("name", ["cp1252", "latin-1", "iso-8859-15", "cp1250"])
def test_utf_8_that_reads_as_other_letters_condemns_its_record_and_a_file_of_it(name: str) -> None:
    table = table_of("a", "b", encoding=name)
    wrong, right = "2;Renée\n".encode(), "3;Zoë ÄÖ\n".encode(name)
    found, rejects = read(b"a;b\n" + wrong * 30 + right * 40 + b"4;x\n", table)
    assert [row[:2] for row in found] == [("3", "Zoë ÄÖ")] * 40 + [("4", "x")]
    shown = wrong.decode(name).rstrip()
    assert rejects == [(line, "record.wrong_encoding", shown) for line in range(2, 32)]
    found, rejects = read(b"a;b\n5;\xe9 \xc3\xa9\n", table)
    assert (len(found), rejects) == (1, [])
    with pytest.raises(DeliveryError, match=f"UTF-8, which is not {name}, on line 3") as caught:
        read(b"a;b\n1;x\n" + wrong * 30 + right * 20, table)
    assert 'looks like utf-8: declare encoding="utf-8"' in str(caught.value)
    with pytest.raises(DeliveryError, match="looks like utf-8"):
        read("a;é\n".encode(), table_of("a", "é", encoding=name))
    with pytest.raises(DeliveryError, match='the file is UTF-8: declare encoding="utf-8"'):
        read(b"\xef\xbb\xbfa;b\n1;2\n", table)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_missing_byte_order_mark_is_refused_with_the_order_of_the_bytes(name: str) -> None:
    data, declared = "a;b\n1;é\n".encode(name), table_of("a", "b", encoding=name[:6])
    with pytest.raises(DeliveryError, match="no byte order mark") as caught:
        read(data, declared)
    assert f'declare encoding="{name}"' in str(caught.value)
    assert read(data, table_of("a", "b", encoding=name))[0] == [("1", "é", 2)]
    with pytest.raises(DeliveryError, match="no byte order mark"):
        read(b"a;b\n1;2\n", declared)
    with pytest.raises(DeliveryError, match="is empty"):
        read(b"", declared)


@pytest.mark.parametrize("header", ["a;b", '"a";"b"', "a;é"])
def test_a_header_that_is_repeated_is_no_record(header: str) -> None:
    table = table_of("a", header[-1] if header[-1] == "é" else "b")
    data = f"{header}\r\n1;2\r\n{header}\n\ufeff{header}\r\na;c\r\n3;4\r\n{header}"
    found, rejects = read(data.encode(), table)
    assert found == [("1", "2", 2), ("a", "c", 5), ("3", "4", 6)]
    assert rejects == [
        (line, "record.repeated_header", raw)
        for line, raw in ((3, header), (4, f"\ufeff{header}"), (7, header))
    ]


def test_a_line_for_excel_with_another_delimiter_is_named() -> None:
    with pytest.raises(DeliveryError, match="the file says sep=;"):
        read(b"sep=;\na;b\n1;2\n", table_of("a", "b", delimiter=","))


def test_a_renamed_column_is_named() -> None:
    with pytest.raises(DeliveryError, match=r"lacks 'klantnr'; it has 'klant_nr' where 'klantnr' was"):
        read(b"klant_nr;naam\n", table_of("klantnr", "naam"))
    with pytest.raises(DeliveryError, match=r"it has 'achternaam_' where 'achternaam' was"):
        read(b"klantnr;achternaam_\n", table_of("klantnr", "achternaam"))


def test_a_first_line_that_may_be_a_record_is_not_shown() -> None:
    with pytest.raises(DeliveryError, match="its first line has 3 fields") as caught:
        read(b"1234;Jansen;jansen@example.nl\n", table_of("klantnr", "jansens", "email"))
    assert "Jansen" not in str(caught.value).replace("'jansens'", "")


def test_cells_that_are_no_names_of_columns_are_only_counted() -> None:
    table = table_of("klantnr", "naam", "email", "plaats")
    for value in ("jansen@example.nl", "0612345678", "02-03-1980", "1011AB 12-3", "12,50", "x" * 80):
        with pytest.raises(DeliveryError, match="lacks 'plaats'; its first line has 4 fields") as caught:
            read(f'klantnr;naam;email;"{value}"\n'.encode(), table)
        assert value not in str(caught.value)
    with pytest.raises(DeliveryError, match="columns that nobody declared: 'Telefoon 2'"):
        read(b"klantnr;naam;email;Telefoon 2\n", table)


def test_a_header_that_ran_into_a_record_does_not_show_the_record() -> None:
    with pytest.raises(DeliveryError) as caught:
        read(b"klantnr;naam;email1;Jansen;jansen@example.nl\n", table_of("klantnr", "naam", "email"))
    assert "ansen" not in str(caught.value)


def test_a_wrong_delimiter_is_suspected() -> None:
    with pytest.raises(DeliveryError, match="declared delimiter"):
        read(b"klantnr,naam,email\n1,a,b\n", table_of("klantnr", "naam", "email"))


def test_a_declared_column_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(DeliveryError, match="has 'a' more than once"):
        read(b"a;b;a\n", table_of("a", "b"))


def test_a_header_that_was_cut_off_is_refused() -> None:
    with pytest.raises(DeliveryError, match=r"the header of proef\.csv cannot be read: unclosed quote"):
        read(b'a;"b', table_of("a", "b"))


def test_a_delimiter_outside_ascii_is_refused() -> None:
    with pytest.raises(DeclarationError, match="more than one byte"):
        read(b"a\n", table_of("a", delimiter="§"))


def test_a_parser_that_disagrees_with_the_count_stops_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file.Stretch, "select", lambda *_: b"1;2\n")
    with pytest.raises(DeliveryError, match="the parser reads 1 records from line 1 on") as caught:
        read(b"a;b\n1;2\n3;4\n", table_of("a", "b"))
    assert "the 2 that were counted there" in str(caught.value)
    monkeypatch.setattr(csv_file.Stretch, "select", lambda *_: b"1;Jansen;2\n")
    with pytest.raises(DeliveryError, match="the parser reads no records") as caught:
        read(b"a;b\n1;2\n", table_of("a", "b"))
    assert "Jansen" not in str(caught.value)


@pytest.mark.skipif(not SPECTRUM.is_dir(), reason="csv-spectrum is not on this machine")
@pytest.mark.parametrize("name", sorted(path.stem for path in (SPECTRUM / "expected").glob("*.json")))
def test_csv_spectrum_is_read_as_its_authors_say(name: str) -> None:
    expected = json.loads((SPECTRUM / "expected" / f"{name}.json").read_text())
    expected = expected if isinstance(expected, list) else [expected]
    data = (SPECTRUM / f"{name}.csv").read_bytes()
    header = list(expected[0])
    found, rejects = read(data, table_of(*header, delimiter=","))
    assert rejects == []
    differs = {"Contact Phone Number"}  # its authors' file and expectation hold different numbers
    at = [column for column, key in enumerate(header) if key not in differs]
    assert [[row[a] for a in at] for row in found] == [
        [row[header[a]] or None for a in at] for row in expected
    ]
