"""The wheel holds all that a user needs: built and installed without network, it makes a project run."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from klantprofiel.cli.skeleton import skeleton_files

ROOT = Path(__file__).parents[1]
SKELETON = "klantprofiel/skeleton/"
BARE = {"PYTHONPYCACHEPREFIX": sys.pycache_prefix or ""}  # nothing else; it reads what is compiled already


@dataclass(frozen=True)
class Installation:
    """A fresh environment with the wheel in it, in a directory where no project is."""

    python: Path
    outside: Path

    def klantprofiel(self, *arguments: str) -> str:
        """Run one command with nothing in its environment, and return what it printed."""
        command = [str(self.python.with_name("klantprofiel")), *arguments]
        done = subprocess.run(
            command, cwd=self.outside, env=BARE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = directory.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    directory = tmp_path_factory.mktemp("installation")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(directory / "venv")], check=True)
    python = directory / "venv" / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    (site_packages,) = (directory / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    outside = directory / "outside"
    outside.mkdir()
    return Installation(python, outside)


def test_the_skeleton_in_the_wheel_is_the_one_of_this_repository(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith(SKELETON)}
    assert files == {
        f"{SKELETON}{file.as_posix()}": (ROOT / file).read_bytes() for file in skeleton_files(ROOT)
    }


def test_the_wheel_is_typed_and_holds_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "klantprofiel/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"klantprofiel"}


def test_what_runs_is_the_installed_wheel(installation: Installation) -> None:
    script = "import klantprofiel; print(klantprofiel.__file__)"
    done = subprocess.run(
        [str(installation.python), "-c", script], env=BARE, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(installation.python.parents[1])


def test_init_demo_and_a_pipeline_run_from_another_directory(installation: Installation) -> None:
    root = str(installation.outside / "winkel")
    installation.klantprofiel("init", root)
    installation.klantprofiel("--project", root, "demo", "--customers", "300", "--days", "1")
    (as_of,) = set(re.findall(r"\* .* as of (\S+)", installation.klantprofiel("--project", root, "releases")))
    said = installation.klantprofiel("--project", root, "run", "segmentation", "--as-of", as_of)
    assert re.match(r"\d{6}-segmentation is in force\n", said)
    assert sorted(path.name for path in installation.outside.iterdir()) == ["winkel"]
