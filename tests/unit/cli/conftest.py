"""The command line as a user meets it: arguments in; exit code, standard output and standard error out."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from klantprofiel.cli import main

if TYPE_CHECKING:
    from klantprofiel.project import Project

PIPELINE = """
def main(warehouse, as_of):
    with warehouse.run("numbers", as_of=as_of) as run:
        run.create("numbers", {"n": "BIGINT"}, describes="numbers.", grain="One row per number.")
        run.execute("insert into numbers values ($n)", n=as_of.day)
"""


@dataclass(frozen=True)
class Answer:
    """What one command gave back."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Terminal:
    """A terminal in one project."""

    project: Project
    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Answer:
        code = copy_context().run(main, ["--project", str(self.project.root), *arguments])
        return Answer(code, *self.captured.readouterr())


@pytest.fixture
def terminal(project: Project, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal in a project whose pipeline `numbers` publishes one small table."""
    project.path("pipelines/numbers.py").write_text(PIPELINE, encoding="utf-8")
    return Terminal(project, capsys)


@pytest.fixture
def demo_terminal(demo_project: Project, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal in the demo company."""
    capsys.readouterr()
    return Terminal(demo_project, capsys)
