"""Each command does its one thing in the project it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.cli.commands import commands

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Terminal


def ran(terminal: Terminal, *days: int) -> None:
    for day in days:
        answer = terminal("run", "numbers", "--as-of", f"2026-10-{day:02}")
        assert answer.code == 0, answer.err


def test_help_names_every_command(terminal: Terminal) -> None:
    answer = terminal("--help")
    assert answer.code == 0
    assert set(commands.commands) == {
        "accept", "demo", "digest", "expectations", "identity", "init", "lineage", "overview", "prune",
        "releases", "report", "rollback", "run", "sql",
    }  # fmt: skip
    assert all(f"\n  {name} " in answer.out for name in commands.commands)
    assert "..." not in answer.out.partition("Commands:")[2]  # each fits on its line


def test_run_publishes_and_says_what_is_in_force(terminal: Terminal) -> None:
    assert terminal("run", "numbers", "--as-of", "2026-10-01").out == "000001-numbers is in force\n"


def test_a_pipeline_that_publishes_nothing_says_so(terminal: Terminal) -> None:
    terminal.project.path("pipelines/idle.py").write_text("def main(warehouse, as_of): ...", encoding="utf-8")
    assert terminal("run", "idle", "--as-of", "2026-10-01").out == "nothing was published\n"


def test_releases_lists_oldest_first_and_marks_the_one_in_force(terminal: Terminal) -> None:
    ran(terminal, 1, 2)
    first, second = terminal("releases").out.splitlines()
    assert first.startswith("  000001-numbers ")
    assert second.startswith("* 000002-numbers ")
    assert "as of 2026-10-02" in second


def test_releases_before_the_first_run_lists_nothing(terminal: Terminal) -> None:
    answer = terminal("releases")
    assert (answer.code, answer.out) == (0, "")


def test_rollback_puts_an_earlier_release_in_force(terminal: Terminal) -> None:
    ran(terminal, 1, 2)
    assert terminal("rollback", "000001-numbers").out == "000001-numbers is in force\n"
    assert terminal("releases").out.startswith("* 000001-numbers ")


def test_rollback_to_what_is_not_there_fails(terminal: Terminal) -> None:
    ran(terminal, 1)
    assert terminal("rollback", "000009-numbers").code == 1


def test_prune_removes_the_oldest(terminal: Terminal) -> None:
    ran(terminal, 1, 2, 3)
    assert terminal("prune", "--keep", "1").out == "2 removed\n  000001-numbers\n  000002-numbers\n"


def test_equal_rows_give_an_equal_digest(terminal: Terminal) -> None:
    ran(terminal, 1)
    before = terminal("digest").out
    ran(terminal, 2)
    assert terminal("digest", "000001-numbers").out == before
    assert terminal("digest").out != before
    assert len(before.strip()) == 64


def test_lineage_and_sql_tell_of_the_table(terminal: Terminal) -> None:
    ran(terminal, 1)
    assert "numbers" in terminal("lineage", "numbers").out
    assert "-- One row per number." in terminal("sql", "numbers").out


@pytest.mark.parametrize("command", ["lineage", "sql"])
def test_a_table_that_is_not_there_names_its_near_miss(terminal: Terminal, command: str) -> None:
    ran(terminal, 1)
    answer = terminal(command, "nmubers")
    assert answer.code == 1
    assert "did you mean 'numbers'?" in answer.err


@pytest.mark.parametrize("command", [["digest"], ["overview"], ["lineage", "profiles"], ["sql", "profiles"]])
def test_before_the_first_run_there_is_no_release_to_read(terminal: Terminal, command: list[str]) -> None:
    answer = terminal(*command)
    assert answer.code == 1
    assert "internal error" not in answer.err


def test_overview_summarises_the_demo_company_in_dutch(demo_terminal: Terminal) -> None:
    answer = demo_terminal("overview")
    assert answer.code == 0, answer.err
    assert "lanten" in answer.out
