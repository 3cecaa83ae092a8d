"""A night that dies anywhere is made good by the next one; run by `make torture`, it takes minutes."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from klantprofiel.demo import generate
from klantprofiel.warehouse import open_stored

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.torture

N_KILLS = 25
AS_OF = "2026-09-03"


def command(project: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "klantprofiel", "--project", str(project), *words]


def night(project: Path) -> subprocess.Popen[bytes]:
    words = command(project, "run", "nightly", "--as-of", AS_OF)
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def digest_of(project: Path) -> str:
    with open_stored(project / "klanten") as release:
        return release.digest()


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("delivered") / "winkel"
    subprocess.run(
        [sys.executable, "-m", "klantprofiel", "init", str(project)], check=True, stdout=subprocess.DEVNULL
    )
    generate(project, customers=400, seed=1, days=2)
    return project


def test_a_night_killed_anywhere_ends_as_an_undisturbed_one(delivered: Path, tmp_path: Path) -> None:
    undisturbed = shutil.copytree(delivered, tmp_path / "undisturbed")
    started = time.monotonic()
    assert night(undisturbed).wait() == 0
    duration = time.monotonic() - started
    expected = digest_of(undisturbed)
    moments = random.Random(0)  # noqa: S311  where to kill is no secret

    for number in range(N_KILLS):
        project = shutil.copytree(delivered, tmp_path / f"kill-{number}")
        for _ in range(2):  # the run that makes good is killed too
            builder = night(project)
            time.sleep(moments.uniform(0, duration))
            builder.kill()
            builder.wait()
        assert night(project).wait() == 0
        assert digest_of(project) == expected, number
        shutil.rmtree(project)
