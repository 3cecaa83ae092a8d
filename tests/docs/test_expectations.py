"""The suites in this repository are those that its declarations give."""

from __future__ import annotations

from pathlib import Path

from klantprofiel.cli import main

ROOT = Path(__file__).parents[2]


def test_no_suite_is_out_of_date() -> None:
    assert main(["--project", str(ROOT), "expectations", "--check"]) == 0
