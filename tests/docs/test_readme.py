"""What the README says is true: its Python runs on a demo release, its commands and targets exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from klantprofiel.cli.commands import commands

if TYPE_CHECKING:
    from klantprofiel.project import Project

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}


def blocks(language: str) -> list[str]:
    fence = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return [block for page in PAGES.values() for block in fence.findall(page)]


def test_what_analysts_type_runs_on_a_demo_release(demo_project: Project, tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text("\n".join(blocks("python")), encoding="utf-8")
    project = shutil.copytree(demo_project.root, tmp_path / "winkel")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_target_and_command_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    shell = "\n".join(blocks("console"))
    assert set(re.findall(r"^make ([a-z-]+)", shell, re.MULTILINE)) <= targets
    assert set(re.findall(r"^klantprofiel (?:--project \S+ )?([a-z]+)", shell, re.MULTILINE)) <= set(
        commands.commands
    )


def test_every_file_named_in_a_page_exists() -> None:
    for name, page in PAGES.items():
        for link in re.findall(r"\]\(([^):#]+)\)", page):
            assert (ROOT / link).exists(), f"{link} in {name}"
