"""What every test and docstring may use, and where it runs: in a directory that is in no project."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

import klantprofiel as kp
from klantprofiel import project as projects
from klantprofiel.cli import main
from klantprofiel.ingestion.process import readers
from klantprofiel.ingestion.process.child import Child
from klantprofiel.validation import door
from klantprofiel.validation.gate import start_gate

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent
N_CUSTOMERS = 400

set_hypothesis_home_dir(ROOT / "build" / "cache" / "hypothesis")
settings.register_profile("klantprofiel", max_examples=40, deadline=None, derandomize=True)  # always the same
settings.load_profile("klantprofiel")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what asks for the demo company: one worker makes it, the other starts halfway the list."""
    items.sort(key=lambda item: not (speaks_of_release(item) or "demo_project" in _fixtures_of(item)))


def _fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def speaks_of_release(item: pytest.Item) -> bool:
    """Whether an item is a docstring with an example about `release`, the demo company's."""
    return isinstance(item, pytest.DoctestItem) and any(
        "release." in example.source for example in item.dtest.examples
    )


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty directory to stand in."""
    return tmp_path_factory.mktemp("nowhere")


@pytest.fixture(scope="session", autouse=True)
def _hidden_repository(nowhere: Path) -> Iterator[None]:
    """Hide this repository, itself a project, from its build/, where `make test` keeps temporary files."""
    around = projects._root_around  # noqa: SLF001 - the one place that looks upwards

    def outside(start: Path) -> Path | None:
        root = around(start)
        return None if root == ROOT and start.resolve().is_relative_to(ROOT / "build") else root

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(projects, "_root_around", outside)
        patched.chdir(nowhere)
        yield


@pytest.fixture(autouse=True)
def _outside_this_repository(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a directory that is in no project."""
    monkeypatch.chdir(nowhere)


class _Lent:
    """A process that reads files, taken over from the test before and left to the next one."""

    idle: ClassVar[list[Child]] = []

    def __enter__(self) -> Child:
        self._child = self.idle.pop() if self.idle else Child().__enter__()
        return self._child

    def __exit__(self, *_: object) -> None:
        if self._child._is_over:  # noqa: SLF001  it was killed
            self._child.__exit__(None, None, None)
        else:
            self.idle.append(self._child)


@pytest.fixture(scope="session", autouse=True)
def _one_reading_process() -> Iterator[None]:
    """Let all tests have their files read by the same processes, which take half a second to start."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readers, "Child", _Lent)
        yield
        for child in _Lent.idle:
            child.__exit__(None, None, None)


@pytest.fixture(scope="module", autouse=True)
def _without_the_gate(request: pytest.FixtureRequest) -> Iterator[None]:
    """Switch Great Expectations off, which takes seconds to load, also for what tests share."""
    with pytest.MonkeyPatch.context() as patched:
        if request.node.get_closest_marker("gate") is None:
            patched.setattr(door, "start_gate", lambda _: None)
        yield


@pytest.fixture(autouse=True)
def _with_the_gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch it on for a test about the gate in a module about other things."""
    if any(mark.name == "gate" for mark in request.node.own_markers):
        monkeypatch.setattr(door, "start_gate", start_gate)


@pytest.fixture(scope="session")
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> kp.Project:
    """Return the project of the demo company after its runs; read it, and copy it to change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root, done = shared / "demo_project", shared / "demo_project.done"
    with (shared / "demo_project.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker builds, the others wait for it
        if not done.exists():
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(door, "start_gate", start_gate)  # the demonstration is judged in full
                for command in (
                    ["init", str(root)],
                    ["--project", str(root), "demo", "--customers", str(N_CUSTOMERS), "--days", "5"],
                ):
                    assert copy_context().run(main, command) == 0
            done.touch()
    return kp.find_project(root)


@pytest.fixture
def project(tmp_path: Path) -> kp.Project:
    """Return an empty project."""
    (tmp_path / "klantprofiel.toml").write_text('[project]\nname = "winkel"\n', encoding="utf-8")
    for room in ("schemas", "pipelines"):
        (tmp_path / room).mkdir()
    return kp.find_project(tmp_path)


@pytest.fixture(autouse=True)
def _example_with_a_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Give an example that speaks of `release` the demo company's, in a copy that it may write in."""
    item = request.node
    if not speaks_of_release(item):
        yield
        return
    demo: kp.Project = request.getfixturevalue("demo_project")
    copy = shutil.copytree(demo.root, tmp_path / "demo")
    request.getfixturevalue("_outside_this_repository")  # or it would lead away from the copy again
    request.getfixturevalue("monkeypatch").chdir(copy)
    with kp.open_release(copy / "klanten") as release:
        item.dtest.globs["release"] = release
        yield
