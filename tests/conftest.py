"""What every test may use: one small demo company, built once for all tests and all workers."""

from __future__ import annotations

import fcntl
import os
from contextvars import copy_context
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from klantprofiel import project as project_module
from klantprofiel.cli import main
from klantprofiel.project import Project, find_project

ROOT = Path(__file__).parents[1]
N_CUSTOMERS = 400

set_hypothesis_home_dir(ROOT / "build" / "cache" / "hypothesis")
settings.register_profile("klantprofiel", deadline=None, derandomize=True)  # the same cases every time
settings.load_profile("klantprofiel")


@pytest.fixture(autouse=True)
def temporary_directories_are_in_no_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide this repository, itself a project, from tests in build/, where `make test` keeps `tmp_path`."""
    around = project_module._root_around  # noqa: SLF001 - the one place that looks upwards

    def outside_this_repository(start: Path) -> Path | None:
        root = around(start)
        return None if root == ROOT and start.resolve().is_relative_to(ROOT / "build") else root

    monkeypatch.setattr(project_module, "_root_around", outside_this_repository)


@pytest.fixture(scope="session")
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project of the demo company after its runs; read it, and copy it to change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root, done = shared / "demo_project", shared / "demo_project.done"
    with (shared / "demo_project.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker builds, the others wait for it
        if not done.exists():
            for command in (
                ["init", str(root)],
                ["--project", str(root), "demo", "--customers", str(N_CUSTOMERS)],
            ):
                assert copy_context().run(main, command) == 0
            done.touch()
    return find_project(root)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project."""
    (tmp_path / "klantprofiel.toml").write_text('[project]\nname = "winkel"\n', encoding="utf-8")
    for room in ("schemas", "pipelines"):
        (tmp_path / room).mkdir()
    return find_project(tmp_path)
