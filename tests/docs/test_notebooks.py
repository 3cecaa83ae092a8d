"""Every notebook runs from top to bottom in the project of the demo company."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from klantprofiel.project import Project

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.py"))


def test_there_is_a_first_notebook() -> None:
    assert "01_eerste_kennismaking" in [notebook.stem for notebook in NOTEBOOKS]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_runs(notebook: Path, demo_project: Project, tmp_path: Path) -> None:
    project = shutil.copytree(demo_project.root, tmp_path / "winkel")
    done = subprocess.run(
        [sys.executable, "-W", "error", notebook.name],
        cwd=project / "notebooks",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
