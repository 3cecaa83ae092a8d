"""A file that gzip compressed is read whole, or refused; nothing of it is loaded short."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.formats import packed
from tests.unit.ingestion.deliveries import Read, read, table_of

if TYPE_CHECKING:
    from pathlib import Path

CSV = table_of(s.Csv(), "a", "b")
JSON = table_of(s.JsonLines(), "a", "b")
CSV_TEXT, JSON_TEXT = b"a;b\n1;x\n2;y\n", b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'
ROWS = [("1", "x"), ("2", "y")]


def packed_file(directory: Path, content: bytes, name: str = "f.csv.gz") -> Path:
    path = directory / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["f.csv.gz", "f.csv", "f"])
def test_a_compressed_file_is_unpacked_whatever_its_name(name: str, tmp_path: Path) -> None:
    for table, text in ((CSV, CSV_TEXT), (JSON, JSON_TEXT)):
        found = read(packed_file(tmp_path, gzip.compress(text), name), table)
        assert [row[:-1] for row in found.records] == ROWS
        assert found == Read(found.records, [], [])


def test_members_one_after_another_and_padding_are_one_file(tmp_path: Path) -> None:
    content = gzip.compress(CSV_TEXT[:6]) + gzip.compress(CSV_TEXT[6:]) + gzip.compress(b"") + b"\0" * 512
    assert [row[:-1] for row in read(packed_file(tmp_path, content), CSV).records] == ROWS


def test_a_name_in_gz_without_its_content_is_refused(tmp_path: Path) -> None:
    for content in (CSV_TEXT, b""):
        with pytest.raises(DeliveryError, match=r"f\.csv\.gz is not compressed by gzip"):
            read(packed_file(tmp_path, content), CSV)


def test_a_file_cut_anywhere_or_with_anything_behind_it_is_refused(tmp_path: Path) -> None:
    for table, text in ((CSV, CSV_TEXT), (JSON, JSON_TEXT)):
        whole = gzip.compress(text)
        for end in range(2, len(whole)):
            with pytest.raises(DeliveryError, match=r"f\.csv\.gz is (cut off|damaged|empty)"):
                read(packed_file(tmp_path, whole[:end]), table)
        for behind in (b"x", b"a;b\n1;2\n", whole[:12]):
            with pytest.raises(DeliveryError, match=r"f\.csv\.gz is (cut off|damaged)"):
                read(packed_file(tmp_path, whole + behind), table)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    whole = gzip.compress(CSV_TEXT * 20)
    for at in range(10, len(whole)):  # behind the header, of which no sum is kept
        changed = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
        with pytest.raises(DeliveryError, match=r"f\.csv\.gz is (cut off|damaged)|header|lacks"):
            read(packed_file(tmp_path, changed), CSV)


def test_an_empty_file_in_a_package_is_empty(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"f\.csv\.gz is empty"):
        read(packed_file(tmp_path, gzip.compress(b"")), CSV)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "FREE_BYTES", 1 << 20)
    bomb = gzip.compress(b"a;b\n" + b"1;x\n" * 5_000_000)
    for content in (bomb, gzip.compress(CSV_TEXT) + bomb):
        with pytest.raises(DeliveryError, match=r"f\.csv\.gz unpacks to [0-9]+ MB and more"):
            read(packed_file(tmp_path, content), CSV)
    monkeypatch.setattr(packed, "FREE_BYTES", 64 << 20)
    assert (
        len(read(packed_file(tmp_path, gzip.compress(b"a;b\n" + b"1;x\n" * 300_000)), CSV).records) == 300_000
    )
    monkeypatch.setattr(packed, "MOST_BYTES", 1 << 20)
    with pytest.raises(DeliveryError, match="unpacks to"):
        read(packed_file(tmp_path, bomb), CSV)
