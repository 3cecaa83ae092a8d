"""A shop in a project, whose nights are judged by one process for all tests of a module."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.validation import one_judge
from klantprofiel.validation.gate.suites import FOLDER
from tests.unit.validation.shop import DAY, Company

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

ROWS = ("1;achterbergh@example.nl;01-01-2020;1,00", "2;zonneveld@example.nl;01-01-2020;3,00")


def rows_of(day: date) -> list[str]:
    """Return the rows of a day: another file than that of another day, with the same credits."""
    return [row.replace("01-01-2020", f"{day:%d-%m-%Y}") for row in ROWS]


class JudgedShop(Company):
    """The shop, with suites by hand about its customers."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        settings = '[project]\nname = "winkel"\n[warehouse]\nkeep_releases = 2\n'
        (root / "klantprofiel.toml").write_text(settings, encoding="utf-8")
        (root / FOLDER).mkdir(parents=True)

    def expect(self, *expectations: dict[str, Any], name: str = "shop_customers", file: str = "hand") -> Path:
        path = self.root / FOLDER / f"{file}.json"
        path.write_text(json.dumps({"name": name, "expectations": expectations}), encoding="utf-8")
        return path

    def night(self, day: date = DAY, *rows: str) -> None:
        self.deliver(day, self.file(f"klanten-{day}.csv", *(rows or rows_of(day))))

    @property
    def results(self) -> dict[str, Any]:
        """The results beside the release in force."""
        files = self.warehouse.store.files(self.warehouse.current() or "")
        found: dict[str, Any] = json.loads(files.judged.results.read_text(encoding="utf-8"))
        return found

    @property
    def states(self) -> dict[str, str]:
        """What became of each expectation by hand, by its type."""
        return {
            each["expectation_config"]["type"]: each["meta"]["state"]
            for suite in self.results["suites"]
            for each in suite["results"]
            if each["expectation_config"]["meta"].get("by") == "hand"
        }


def that(kind: str, *, severity: str = "critical", **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
    meta = {"by": "hand", "about": "range", "because": "dit is een proef"}
    return {"type": f"expect_{kind}", "kwargs": kwargs, "severity": severity, "meta": meta}


def no_row(query: str) -> dict[str, Any]:
    return {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": query},
        "meta": {"by": "hand"},
    }


@pytest.fixture(scope="package")
def _one_judge() -> Iterator[None]:
    with one_judge():
        yield


@pytest.fixture
def shop(tmp_path: Path, _one_judge: None) -> JudgedShop:
    return JudgedShop(tmp_path)
