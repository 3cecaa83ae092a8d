from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from klantprofiel.demo import Generated, GeneratedFile, generate
from klantprofiel.demo.deliveries import SOURCES
from klantprofiel.demo.files import AGAIN
from klantprofiel.demo.world import make_world
from klantprofiel.project import find_project

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.demo.world import World
    from klantprofiel.project import Project

N_PERSONS = 3_000
SEED = 7
DAYS = 40
ENCODING = {source.name: source.encoding for source in SOURCES}


@dataclass(frozen=True)
class Company:
    """What was generated, read back from the files."""

    generated: Generated

    def files(self, source: str) -> list[GeneratedFile]:
        """Return the files of one source that hold something new, in the order of their days."""
        own = [file for file in self.generated.files if file.source == source and file.manner != AGAIN]
        return sorted(own, key=lambda file: file.of_day)

    def records(self, file: GeneratedFile) -> list[dict[str, Any]]:
        """Return the records of a file as delivered."""
        return read(self.generated.directory / file.path, ENCODING[file.source])

    def rows(self, source: str) -> list[dict[str, Any]]:
        """Return all records of one source, dirt and all."""
        return [row for file in self.files(source) for row in self.records(file)]

    def clean(self, file: GeneratedFile) -> list[dict[str, Any]]:
        """Return the records of a file that are no dirt."""
        dirty = self.dirty(file)
        return [row for number, row in enumerate(self.records(file), start=1) if number not in dirty]

    def dirty(self, file: GeneratedFile) -> set[int]:
        """Return which records of a file are dirt."""
        return {row["record"] for row in self.truth("vuil") if row["file"] == file.path.as_posix()}

    def truth(self, name: str) -> list[dict[str, Any]]:
        """Return one table of the truth."""
        return read(self.generated.directory / "waarheid" / f"{name}.parquet", "")


@cache
def read(file: Path, encoding: str) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.ParquetFile(file).read().to_pylist()
        return rows
    if file.suffix == ".jsonl":
        return [read_line(line) for line in file.read_text(encoding=encoding).splitlines()]
    if file.suffix == ".xlsx":
        header, *cells = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), row, strict=True)) for row in cells]
    with file.open(encoding=encoding, newline="") as text:
        return [
            {header: value or None for header, value in row.items()}
            for row in csv.DictReader(text, delimiter=";")
        ]


def read_line(line: str) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError:
        return {"_broken": True}
    return record


@pytest.fixture
def copied_project(demo_project: Project, tmp_path: Path) -> Project:
    """Return a project like the demo's after its runs, to change."""
    return find_project(copytree(demo_project.root, tmp_path / "demo"))


@pytest.fixture(scope="package")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(generate(tmp_path_factory.mktemp("hoefblad"), customers=N_PERSONS, seed=SEED, days=DAYS))


@pytest.fixture(scope="package")
def world() -> World:
    return make_world(N_PERSONS, SEED, DAYS)
