"""What a benchmark compares with and the project does not depend on: installed below `build/` when absent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

BUILD: Final = Path(__file__).parents[1] / "build"
UV: Final = Path(sys.executable).with_name("uv")


class NotThereError(Exception):
    """What is compared with cannot be had here; the message says why."""


def install(name: str, version: str) -> Path:
    """Install a package with what it needs, unless this version is there; return its Python.

    Raises
    ------
    NotThereError
        When there is no network, or no uv.
    """
    place = BUILD / name
    python, made = place / "bin" / "python", place / f".made-{version}"
    if made.exists():
        return python
    cache = {"UV_CACHE_DIR": str(BUILD / "uv"), "UV_PYTHON_DOWNLOADS": "never"}
    commands = (
        [str(UV), "venv", "--quiet", "--clear", "--python", sys.executable, str(place)],
        [str(UV), "pip", "install", "--quiet", "--python", str(python), f"{name}=={version}"],
    )
    for command in commands:
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | cache)  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise NotThereError(said.strip().splitlines()[-1]) from None
    made.touch()
    return python
