"""`klantprofiel init` writes a project to start from, and never overwrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.cli import main
from klantprofiel.cli.skeleton import skeleton_files, skeleton_root, write_skeleton
from klantprofiel.errors import ConfigurationError
from klantprofiel.project import find_project

if TYPE_CHECKING:
    from pathlib import Path


def files_in(directory: Path) -> dict[str, bytes]:
    found = (file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): file.read_bytes() for file in found}


def test_a_new_project_is_found_and_has_its_pipelines(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "winkel")]) == 0
    project = find_project(tmp_path / "winkel")
    assert project.pipelines()
    assert all(callable(project.pipeline(name).main) for name in project.pipelines())


def test_deliveries_and_customers_stay_out_of_version_control(tmp_path: Path) -> None:
    write_skeleton(tmp_path)
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/klanten/", "/leveringen/", "/uitvoer/"} <= set(ignored)


def test_the_benchmark_of_this_repository_is_not_in_it() -> None:
    assert not [file for file in skeleton_files(skeleton_root()) if "complete_journey" in file.name]


@pytest.mark.parametrize("taken", ["klantprofiel.toml", ".gitignore"])
def test_what_is_there_is_not_overwritten_and_then_nothing_is_written(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="already there"):
        write_skeleton(tmp_path)
    assert files_in(tmp_path) == {taken: b"mine"}


def test_files_beside_a_new_project_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_skeleton(tmp_path)
    assert files_in(tmp_path)["notes.txt"] == b"mine"


@pytest.mark.parametrize("name", ["", " "])
def test_a_directory_without_a_name_is_refused(
    name: str, nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_in(nowhere)
    assert main(["init", name]) == 2
    assert "Expected: " in capsys.readouterr().err
    assert files_in(nowhere) == before


def test_where_nothing_can_be_written_the_error_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bestand").write_text("mine", encoding="utf-8")
    for place in ("bestand", "bestand/winkel"):
        assert main(["init", str(tmp_path / place)]) == 1
        told = capsys.readouterr().err
        assert f"no project can be written in {tmp_path / place}: " in told
        assert "What to do: name another directory" in told
    assert files_in(tmp_path) == {"bestand": b"mine"}
