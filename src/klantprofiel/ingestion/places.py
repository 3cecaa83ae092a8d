"""Which files a delivery is: one file, those of a folder, or those that a pattern names."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.natural import natural
from klantprofiel.project import resolve

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from klantprofiel.project import Project

_HIDDEN: Final = (".", "~$")  # the second is how office software marks a workbook that somebody has open
_UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".crdownload")  # until it is renamed

_LONGEST: Final = 200  # characters of a path that an error shows


@dataclass(frozen=True)
class Place:
    """A file that is there and may be read: where, what accounts and errors call it, and how it was then."""

    path: Path
    name: str
    found: os.stat_result

    def has_changed(self) -> bool:
        """Whether the file is another one now, or was written to."""
        try:
            now = self.path.stat()
        except OSError:
            return True
        marks = ("st_ino", "st_dev", "st_size", "st_mtime_ns")
        return any(getattr(now, mark) != getattr(self.found, mark) for mark in marks)


def places(given: str | Path, table_name: str, project: Project | None) -> list[Place]:
    """Return the files that a path stands for, numbers in their names counting by their value.

    Of a folder and of a pattern, files that are hidden or still being written (.part, .tmp) are left out, and
    folders in it are not entered. A path that is there is never taken for a pattern.

    Raises
    ------
    DeliveryError
        When there is nothing, something that is no file or may not be read, or no path at all.
    """
    try:
        return _places(given, table_name, project)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte
        reason = error.strerror if isinstance(error, OSError) else "it holds what no path can hold"
        name = _shown(str(given))
        raise DeliveryError(
            f"{name if len(name) <= _LONGEST else f'{name[:_LONGEST]}...'} cannot be looked up: {reason}",
            expected=f"the path of a delivery of {table_name}: a file, a folder or a pattern",
            todo="correct the path; of a folder, see whether this user may read it",
        ) from None


def _places(given: str | Path, table_name: str, project: Project | None) -> list[Place]:
    path = resolve(given)
    top, found = path.parent, [path]
    if path.is_dir():
        found = [each for each in path.iterdir() if not each.is_dir()]
    elif has_magic(str(given)) and not path.exists() and not path.is_symlink():
        top = resolve(_plain_part(Path(given))).parent
        named = glob(str(given), root_dir=resolve(""), recursive=True)  # noqa: PTH207  Path.glob knows no root
        found = [resolve(each) for each in named if not resolve(each).is_dir()]
    if path not in found:
        found = _in_order(each for each in found if not _is_left_out(each))
    if not found:
        raise DeliveryError(
            f"there is no file in {_called(path, path.parent, project)}",
            expected=f"at least one delivery of {table_name}",
            todo=f"see whether it was delivered; the full path is {_shown(str(path))}",
        )
    return [_place(each, _called(each, top, project), table_name) for each in found]


def _place(path: Path, name: str, table_name: str) -> Place:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DeliveryError(f"{name} is no ordinary file", expected=f"one file with rows of {table_name}")
        with path.open("rb"):
            return Place(path, name, found)
    except FileNotFoundError:
        raise DeliveryError(
            f"there is no file {name}",
            expected=f"the delivery of {table_name}",
            todo=f"see whether it was delivered; the full path is {_shown(str(path))}",
        ) from None
    except OSError as error:
        raise DeliveryError(
            f"{name} cannot be opened: {error.strerror}",
            expected="a file that this user may read",
            todo="ask for permission to read it, or copy it",
        ) from None


def _is_left_out(path: Path) -> bool:
    return path.name.startswith(_HIDDEN) or path.name.lower().endswith(_UNFINISHED)


def _in_order(paths: Iterable[Path]) -> list[Path]:
    return sorted(set(paths), key=lambda path: (natural(str(path)), str(path)))


def _plain_part(path: Path) -> Path:
    """Return the part of a pattern that stands for itself."""
    return next(parent for parent in path.parents if not has_magic(str(parent)))


def _called(path: Path, top: Path, project: Project | None) -> str:
    """Return a path within the project, or from the folder that was named: two files have two names."""
    root = project.root if project else Path.cwd()
    return _shown(path.relative_to(root if path.is_relative_to(root) else top).as_posix())


def _shown(name: str) -> str:
    r"""Return a name that can be written anywhere: what cannot be shown as its number.

    >>> _shown("a\nb")
    'a\\nb'
    """
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in whole
    )
