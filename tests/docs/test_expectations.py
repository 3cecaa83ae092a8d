"""The suites in this repository are those that its declarations give."""

from __future__ import annotations

from contextvars import copy_context
from pathlib import Path

from klantprofiel.cli import main

ROOT = Path(__file__).parents[2]


def test_no_suite_is_out_of_date() -> None:
    command = ["--project", str(ROOT), "expectations", "--check"]
    assert copy_context().run(main, command) == 0  # the project is at work in here only
