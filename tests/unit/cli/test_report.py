"""`klantprofiel report` writes one page and says where."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Terminal


def test_the_report_is_written_in_the_project_and_its_place_is_said(terminal: Terminal) -> None:
    terminal("run", "numbers", "--as-of", "2026-10-01")
    answer = terminal("report")
    written = terminal.project.path("uitvoer/rapport.html")
    assert answer.code == 0
    assert Path(answer.out.strip()).resolve() == written
    assert stat.S_IMODE(written.stat().st_mode) == 0o640
    assert written.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_file_that_is_named_starts_where_one_stands(terminal: Terminal, nowhere: Path) -> None:
    terminal("run", "numbers", "--as-of", "2026-10-01")
    assert terminal("report", "hier.html").out == "hier.html\n"
    assert (nowhere / "hier.html").exists()


def test_a_file_that_cannot_be_a_report_gives_2_and_stays(terminal: Terminal, nowhere: Path) -> None:
    terminal("run", "numbers", "--as-of", "2026-10-01")
    os.mkfifo(nowhere / "pijp")
    (nowhere / "map").mkdir()
    for name in ("pijp", "map", "nieuw/rapport.html", ""):
        answer = terminal("report", name)
        assert (answer.code, answer.out) == (2, "")
        assert "Expected: " in answer.err
        assert "What to do: " in answer.err
    assert (nowhere / "pijp").is_fifo()
    assert not (nowhere / "nieuw").exists()


def test_without_a_release_there_is_nothing_to_report(terminal: Terminal) -> None:
    answer = terminal("report")
    assert (answer.code, answer.out) == (1, "")
    assert not terminal.project.path("uitvoer").exists()
