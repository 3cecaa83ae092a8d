from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from klantprofiel.demo import Generated, generate
from klantprofiel.project import find_project

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.project import Project

N_PERSONS = 3_000


@dataclass(frozen=True)
class Company:
    """What was generated, read back from the files."""

    generated: Generated

    def rows(self, name: str, day: str | None = None) -> list[dict[str, Any]]:
        """Return the delivered records of one kind of file, of one day or of all."""
        files = sorted((self.generated.directory / "leveringen").glob(f"{day or '*'}/{name}"))
        return [row for file in files for row in read(file)]

    def truth(self, name: str) -> list[dict[str, Any]]:
        """Return one table of the truth."""
        rows: list[dict[str, Any]] = pq.read_table(
            self.generated.directory / "waarheid" / f"{name}.parquet"
        ).to_pylist()
        return rows


@cache
def read(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.ParquetFile(file).read().to_pylist()
        return rows
    with file.open(encoding="utf-8", newline="") as text:
        return [
            {header: value or None for header, value in row.items()}
            for row in csv.DictReader(text, delimiter=";")
        ]


@pytest.fixture
def copied_project(demo_project: Project, tmp_path: Path) -> Project:
    """Return a project like the demo's after its runs, to change."""
    return find_project(copytree(demo_project.root, tmp_path / "demo"))


@pytest.fixture(scope="package")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(generate(tmp_path_factory.mktemp("hoefblad"), customers=N_PERSONS, seed=7))
