"""Relative paths start at the project, and its modules are its own."""

from __future__ import annotations

import sys
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import ConfigurationError, ProjectError
from klantprofiel.project import Project, activate, find_project, resolve

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / name.replace("__", "/")).with_suffix(".py").write_text(text, encoding="utf-8")


def test_a_project_is_found_from_any_depth_and_from_a_file(project: Project) -> None:
    deep = project.path("notebooks/2026/september")
    deep.mkdir(parents=True)
    (deep / "a.py").touch()
    assert find_project(deep) == find_project(deep / "a.py") == project


def test_the_nearest_marker_wins(project: Project) -> None:
    inner = project.path("inner")
    inner.mkdir()
    (inner / "klantprofiel.toml").write_text('[project]\nname = "inner"', encoding="utf-8")
    assert find_project(inner).name == "inner"


def test_no_project_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match=r"no klantprofiel\.toml in .*\n.*\n.*klantprofiel init DIR"):
        find_project()


def test_relative_paths_start_at_the_project_around_the_working_directory(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebooks = project.path("notebooks")
    notebooks.mkdir()
    monkeypatch.chdir(notebooks)
    assert resolve("klanten") == project.root / "klanten" == project.warehouse_path
    assert resolve(project.root / "x") == project.root / "x"


def test_without_a_project_relative_paths_start_where_you_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve("klanten") == tmp_path / "klanten"


def test_an_activated_project_goes_before_the_one_around_you(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "klantprofiel.toml").write_text('[project]\nname = "other"', encoding="utf-8")
    monkeypatch.chdir(other)

    def activated() -> tuple[str, Path]:
        activate(project.root)
        return find_project().name, resolve("klanten")

    assert copy_context().run(activated) == ("winkel", project.root / "klanten")
    assert find_project().name == "other"


def test_only_the_root_itself_can_be_activated(project: Project) -> None:
    with pytest.raises(ProjectError, match="is not a project"):
        activate(project.path("schemas"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no name"),
        ("[project]\nname = 3", "name = 3"),
        ("[project]\nname = 'x'\nnaam = 'y'", "'naam', did you mean 'name'"),
        ("[project]\nname = 'x'\n[warehous]\n", "'warehous', did you mean 'warehouse'"),
        ("[project]\nname = 'x'\n[warehouse]\nkeep_releases = 0", "keep_releases = 0"),
        ("[project]\nname = 'x'\n[warehouse]\nthreads = 1000003", "threads = 1000003"),
        ("[project]\nname = 'x'\n[warehouse]\nkeep_releases = true", "keep_releases = True"),
        ("[project]\nname = 'x'\n[warehouse]\nmemory_limit = '4'", "memory_limit = '4'"),
        ("project = 'x'", "project is not a section"),
        ("[project\n", "not TOML"),
        ("[project]\nname = '\xff'", "not TOML"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_file_and_what_was_expected(
    project: Project, text: str, words: str
) -> None:
    (project.root / "klantprofiel.toml").write_text(text, encoding="latin-1")
    with pytest.raises(ProjectError) as caught:
        find_project(project.root)
    assert words in caught.value.found
    assert "klantprofiel.toml" in caught.value.found
    assert caught.value.expected
    assert caught.value.todo


def test_settings_of_the_warehouse_are_read(project: Project) -> None:
    (project.root / "klantprofiel.toml").write_text(
        '[project]\nname = "x"\n[warehouse]\npath = "/srv/k"\n'
        'keep_releases = 2\nmemory_limit = "4GB"\nthreads = 3\n',
        encoding="utf-8",
    )
    found = find_project(project.root)
    assert found.warehouse_path.as_posix() == "/srv/k"
    assert (found.keep_releases, found.memory_limit, found.threads) == (2, "4GB", 3)


def test_schema_files_import_each_other_relatively(project: Project) -> None:
    write(project.root, schemas__crm="LABEL = 'crm'", schemas__shop="from .crm import LABEL")
    assert project.schema("shop").LABEL == "crm"


def test_two_projects_may_have_a_schema_of_the_same_name(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("other")
    (root / "schemas").mkdir()
    other = Project(root=root, name="other", warehouse_path=root / "klanten")
    write(project.root, schemas__crm="HERE = 1")
    write(root, schemas__crm="HERE = 2")
    assert (project.schema("crm").HERE, other.schema("crm").HERE) == (1, 2)


def test_a_schema_is_loaded_once_and_hides_no_installed_package(project: Project) -> None:
    write(project.root, schemas__duckdb="import duckdb\nVERSION = duckdb.__version__")
    assert project.schema("duckdb") is project.schema("duckdb")
    assert sys.modules["duckdb"] is not project.schema("duckdb")


def test_pipelines_are_named_in_order_and_private_files_are_not(project: Project) -> None:
    write(project.root, pipelines__nightly="", pipelines__audience="", pipelines___shared="")
    assert project.pipelines() == ("audience", "nightly")


def test_an_unknown_pipeline_names_its_near_miss(project: Project) -> None:
    write(project.root, pipelines__nightly="def main(warehouse, as_of): ...")
    with pytest.raises(ConfigurationError, match=r"did you mean 'nightly'\?"):
        project.pipeline("nihgtly")


@pytest.mark.parametrize("name", ["../schemas/crm", "_shared", "", "nightly.py"])
def test_only_a_plain_name_is_a_pipeline(project: Project, name: str) -> None:
    write(project.root, pipelines__nightly="def main(warehouse, as_of): ...", pipelines___shared="")
    with pytest.raises(ConfigurationError):
        project.pipeline(name)


def test_a_pipeline_without_main_is_refused(project: Project) -> None:
    write(project.root, pipelines__nightly="def run(warehouse, as_of): ...")
    with pytest.raises(ProjectError, match=r"pipelines/nightly\.py has no main"):
        project.pipeline("nightly")


def test_a_broken_file_is_named_with_its_line(project: Project) -> None:
    write(project.root, pipelines__nightly="\nx = undefined")
    with pytest.raises(ProjectError, match=r"NameError in nightly\.py, line 2: name 'undefined'"):
        project.pipeline("nightly")


def test_a_broken_file_does_not_tell_what_it_read(project: Project) -> None:
    write(project.root, pipelines__nightly="raise ValueError('j.jansen@example.nl')")
    with pytest.raises(ProjectError) as caught:
        project.pipeline("nightly")
    assert "jansen" not in str(caught.value)


def test_our_own_errors_pass_as_they_are(project: Project) -> None:
    write(
        project.root,
        schemas__crm="from klantprofiel.errors import DeclarationError\nraise DeclarationError('no key')",
    )
    with pytest.raises(ConfigurationError, match="no key"):
        project.schema("crm")
