"""Whatever happens, the exit code is the documented one, and standard error tells no one's data."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from klantprofiel import errors

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Terminal


def pipeline_that(terminal: Terminal, does: str) -> None:
    body = f"from klantprofiel import errors\ndef main(warehouse, as_of):\n    {does}\n"
    terminal.project.path("pipelines/breaks.py").write_text(body, encoding="utf-8")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.KlantprofielError, 1),
        (errors.DeliveryError, 1),
        (errors.NotFoundError, 1),
        (errors.PermissionRefusedError, 1),
        (errors.ConfigurationError, 2),
        (errors.ProjectError, 2),
        (errors.DeclarationError, 2),
        (errors.GateError, 3),
        (errors.LockedError, 4),
    ],
)
def test_each_of_our_errors_has_its_code_and_is_printed_as_it_is(
    terminal: Terminal, error: type[errors.KlantprofielError], code: int
) -> None:
    pipeline_that(terminal, f"raise errors.{error.__name__}('this', expected='that', todo='so')")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert answer.code == code
    assert answer.err == "this\n  Expected: that\n  What to do: so\n"


def test_an_unexpected_error_tells_its_kind_and_place_and_not_its_text(terminal: Terminal) -> None:
    pipeline_that(terminal, "raise ValueError('j.jansen@example.nl')")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert answer.code == 1
    assert answer.err.startswith("internal error: ValueError in pipelines/breaks.py, line 3\n")
    assert "jansen" not in answer.err
    assert "Traceback" not in answer.err


def test_debug_shows_the_whole_error(terminal: Terminal) -> None:
    pipeline_that(terminal, "raise ValueError('five')")
    answer = terminal("--debug", "run", "breaks", "--as-of", "2026-10-01")
    assert "Traceback" in answer.err
    assert "five" in answer.err


def test_a_missing_file_is_named(terminal: Terminal) -> None:
    pipeline_that(terminal, "open(warehouse.project.path('leveringen/klanten.csv'))")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert answer.code == 1
    assert answer.err.startswith("No such file or directory: ")
    assert answer.err.endswith("leveringen/klanten.csv\n")


def test_an_interrupt_gives_130(terminal: Terminal) -> None:
    pipeline_that(terminal, "raise KeyboardInterrupt")
    assert terminal("run", "breaks", "--as-of", "2026-10-01").code == 130


@pytest.mark.parametrize("code", ["", "0", "3", "'j.jansen@example.nl'"])
def test_a_pipeline_that_exits_has_failed(terminal: Terminal, code: str) -> None:
    pipeline_that(terminal, f"raise SystemExit({code})")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("pipelines/breaks.py exited before its end; nothing was published\n")
    assert "jansen" not in answer.err


def test_a_pipeline_that_exits_after_its_run_tells_what_it_published(terminal: Terminal) -> None:
    body = """
def main(warehouse, as_of):
    with warehouse.run("numbers", as_of=as_of):
        pass
    raise SystemExit(0)
"""
    terminal.project.path("pipelines/breaks.py").write_text(body, encoding="utf-8")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert answer.code == 1
    assert "exited before its end; 000001-numbers is in force" in answer.err


def test_a_pipeline_that_exits_while_it_is_loaded_has_failed(terminal: Terminal) -> None:
    terminal.project.path("pipelines/breaks.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    answer = terminal("run", "breaks", "--as-of", "2026-10-01")
    assert answer.code == 1
    assert "exited before its end; nothing was published" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nightly",),
        ("run",),
        ("run", "numbers"),
        ("run", "numbers", "--as-of", "gisteren"),
        ("run", "nubmers", "--as-of", "2026-10-01"),
        ("prune",),
        ("prune", "--keep", "0"),
        ("demo", "--customers", "-1"),
        ("--project", "/nowhere", "releases"),
    ],
)
def test_wrong_usage_gives_2(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    answer = terminal(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err


def test_a_command_outside_a_project_gives_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "klantprofiel", "releases"], cwd="/", capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"klantprofiel init DIR" in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "klantprofiel", "--help"], stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
