"""The project that `klantprofiel init` writes: the demo company's own, as it stands in this repository."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from klantprofiel.errors import ConfigurationError, KlantprofielError
from klantprofiel.project import MARKER

ROOMS: Final = ("schemas", "pipelines", "notebooks")
BENCHMARK: Final = ("complete_journey", "journey_")
GITIGNORE: Final = """\
# personal data never goes into version control
/klanten/
/leveringen/
/uitvoer/
/waarheid/
__pycache__/
"""

_PACKAGE: Final = Path(__file__).parents[1]


def write_skeleton(directory: Path) -> list[Path]:
    """Write the skeleton in `directory`, made when it is not there, and return the files written.

    Raises
    ------
    ConfigurationError
        When one of the files is there already; then nothing is written.
    KlantprofielError
        When the directory cannot be made or written in.
    """
    source = skeleton_root()
    files = skeleton_files(source)
    targets = [directory / file for file in (*files, Path(".gitignore"))]
    try:
        _write(source, files, targets)
    except OSError as error:
        raise KlantprofielError(
            f"no project can be written in {directory}: {error.strerror}",
            expected="a directory that is there or can be made, and that you may write in",
            todo="name another directory",
        ) from None
    return targets


def _write(source: Path, files: list[Path], targets: list[Path]) -> None:
    """Copy the files to their targets, and write the last target; nothing when one of them is there."""
    taken = [target for target in targets if target.exists()]
    if taken:
        raise ConfigurationError(
            f"{taken[0]} is already there",
            expected="a directory without the files of a project",
            todo="name another directory: nothing is overwritten, and nothing was written",
        )
    for file, target in zip(files, targets, strict=False):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, target)
    targets[-1].write_text(GITIGNORE, encoding="utf-8")


def skeleton_root() -> Path:
    """Return where the skeleton lies: in the installed package, or else the repository around it."""
    for root in (_PACKAGE / "skeleton", _PACKAGE.parents[1]):
        if (root / MARKER).is_file():
            return root
    raise KlantprofielError(
        "this installation has no skeleton",
        expected=f"{MARKER}, {', '.join(ROOMS)} in {_PACKAGE / 'skeleton'}",
        todo="install klantprofiel again from its wheel",
    )


def skeleton_files(root: Path) -> list[Path]:
    """Return the files of the skeleton, relative to `root`, in a fixed order.

    What starts with a dot or an underscore is left out, and so is complete_journey with the expectations of
    its tables: a benchmark of this repository, on a package that users do not have.
    """
    found = (file.relative_to(root) for room in ROOMS for file in (root / room).rglob("*") if file.is_file())
    kept = [
        file
        for file in found
        if not any(part.startswith((".", "_")) for part in file.parts) and not file.stem.startswith(BENCHMARK)
    ]
    return [Path(MARKER), *sorted(kept)]
