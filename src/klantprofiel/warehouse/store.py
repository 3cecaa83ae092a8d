"""The directory that a warehouse is: where everything lies, with which file mode, and how a file gets there.

klanten/                            0750
  land/<table>/<sha256>.parquet     0700, files 0600: what was delivered
  work/<run id>/                    0700: a run's private build; worthless after a crash
  releases/<run id>.duckdb          0440: pseudonymous
  releases/<run id>.identity.duckdb 0400: direct identifiers
  releases/<run id>.json            0640: manifest
  releases/<run id>.expectations.*  0640: what the gate found, as JSON and as a page
  refused/<run id>.expectations.*   0640: the same of runs that it refused; refused/ itself 0750
  exports/<export id>/              0700, files 0600
  CURRENT                           0640: the release in force, swapped by rename
  ledger.sqlite                     0600
  lock                              0600
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import KlantprofielError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE_DIRECTORY: Final = 0o700
SHARED_DIRECTORY: Final = 0o750
PRIVATE_FILE: Final = 0o600
SHARED_FILE: Final = 0o640
RELEASE_FILE: Final = 0o440
IDENTITY_FILE: Final = 0o400

_SPILL = re.compile(r"spill-(?P<process>\d+)")
_RELEASE_ID = re.compile(r"(?P<number>\d{6,})-[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class JudgedFiles:
    """What the gate found of one run: the results as JSON, and the page."""

    results: Path
    page: Path

    def write(self, results: bytes, page: bytes) -> None:
        """Write both files."""
        write_file(self.results, results, SHARED_FILE)
        write_file(self.page, page, SHARED_FILE)

    def remove(self) -> None:
        """Remove both files, where they are there."""
        for path in (self.results, self.page):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class ReleaseFiles:
    """The three files of one release, and beside them what the gate found when the run had one."""

    main: Path
    identity: Path
    manifest: Path
    judged: JudgedFiles

    def __iter__(self) -> Iterator[Path]:
        """Walk over the three paths without which there is no release."""
        return iter((self.main, self.identity, self.manifest))

    def read_manifest(self) -> dict[str, Any]:
        """Return the manifest as a dict."""
        try:
            manifest: dict[str, Any] = json.loads(self.manifest.read_text(encoding="utf-8"))
        except ValueError:
            raise KlantprofielError(
                f"the manifest {self.manifest} cannot be read",
                expected="the JSON that was written when the release was published",
                todo="restore it from your backup, or remove the three files of this release",
            ) from None
        return manifest


@dataclass(frozen=True)
class Store:
    """Paths and modes of one warehouse directory; `make()` lays them out."""

    root: Path

    @property
    def land(self) -> Path:
        """Where deliveries land, one directory per declared table."""
        return self.root / "land"

    @property
    def work(self) -> Path:
        """Where runs build and spill."""
        return self.root / "work"

    @property
    def releases(self) -> Path:
        """Where releases stand, three files each."""
        return self.root / "releases"

    @property
    def refused(self) -> Path:
        """Where the results of refused runs stand."""
        return self.root / "refused"

    @property
    def exports(self) -> Path:
        """Where the manifest and account of each export stand."""
        return self.root / "exports"

    @property
    def current(self) -> Path:
        """The file with the one line that names the release in force."""
        return self.root / "CURRENT"

    @property
    def ledger(self) -> Path:
        """The SQLite file of what people decided or did."""
        return self.root / "ledger.sqlite"

    @property
    def lock(self) -> Path:
        """The file that the builder at work holds locked."""
        return self.root / "lock"

    def make(self) -> None:
        """Make the directories that are not there, each with its mode."""
        self.root.mkdir(parents=True, exist_ok=True)
        modes = dict.fromkeys((self.root, self.releases, self.refused), SHARED_DIRECTORY)
        modes |= dict.fromkeys((self.land, self.work, self.exports), PRIVATE_DIRECTORY)
        for directory, mode in modes.items():
            directory.mkdir(exist_ok=True)
            directory.chmod(mode | directory.stat().st_mode & stat.S_ISGID)  # an operator may share by setgid

    def files(self, release_id: str) -> ReleaseFiles:
        """Return the paths of the files of `release_id`, whether they exist or not."""
        return ReleaseFiles(
            self.releases / f"{release_id}.duckdb",
            self.releases / f"{release_id}.identity.duckdb",
            self.releases / f"{release_id}.json",
            _judged_in(self.releases, release_id),
        )

    def refused_files(self, run_id: str) -> JudgedFiles:
        """Return the paths of what the gate found of a run that it refused."""
        return _judged_in(self.refused, run_id)

    def release_ids(self) -> list[str]:
        """Return the ids of which any file stands in `releases/`, oldest first."""
        return _ids_in(self.releases)

    def refused_ids(self) -> list[str]:
        """Return the ids of the refused runs of which the results are kept, oldest first."""
        return _ids_in(self.refused)

    def named_in_current(self) -> str | None:
        """Return the release id that `CURRENT` names; None when it is not there or names none."""
        try:
            line = self.current.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None
        return line if _RELEASE_ID.fullmatch(line) else None

    def current_release(self) -> str | None:
        """Return the id of the release in force, or None in a warehouse without one."""
        release_id = self.named_in_current()
        if release_id is None and not self.current.exists():
            return None
        if release_id is None or not all(path.exists() for path in self.files(release_id)):
            raise NotFoundError(
                f"{self.current} does not name a release whose three files are in {self.releases}",
                expected="one line with the id of a complete release",
                todo="list them with `klantprofiel releases` and choose one with `klantprofiel rollback`",
            )
        return release_id

    def strangers(self) -> list[str]:
        """Name what lies in the directory and is not a warehouse's; nothing when it does not exist."""
        own = {path.name for path in (self.land, self.work, self.releases, self.refused, self.exports)}
        own |= {path.name for path in (self.current, self.ledger, self.lock)}
        if not self.root.is_dir():
            return []
        names = {path.name for path in self.root.iterdir()} - own
        return sorted(name for name in names if not name.startswith((".", f"{self.ledger.name}-")))

    def swap_current(self, release_id: str) -> None:
        """Put `release_id` in force: the one commit point."""
        write_file(self.current, f"{release_id}\n".encode("ascii"), SHARED_FILE)

    def remove_release(self, release_id: str) -> None:
        """Remove the files of a release; readers that hold it open keep reading."""
        files = self.files(release_id)
        for path in files:
            path.unlink(missing_ok=True)
        files.judged.remove()
        sync_directory(self.releases)


def _judged_in(directory: Path, run_id: str) -> JudgedFiles:
    return JudgedFiles(directory / f"{run_id}.expectations.json", directory / f"{run_id}.expectations.html")


def _ids_in(directory: Path) -> list[str]:
    """Return the run ids with which names of files in a directory start, oldest first."""
    if not directory.is_dir():
        return []
    names = {path.name.split(".", maxsplit=1)[0] for path in directory.iterdir()}
    return sorted((name for name in names if _RELEASE_ID.fullmatch(name)), key=release_number)


def release_number(release_id: str) -> int:
    """Return the serial number that a release id starts with.

    >>> release_number("000012-nightly")
    12
    """
    return int(release_id.split("-", maxsplit=1)[0])


def write_file(path: Path, content: bytes, mode: int) -> None:
    """Write a whole file so that a reader or a crash sees the old one or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
            file.write(content)
        settle_file(temporary, path, mode)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def settle_file(path: Path, destination: Path, mode: int) -> None:
    """Move a finished file on the same disk to its place: synced, with its mode, by rename."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(mode)
    _give_to_group_of(destination.parent, path, mode)
    path.replace(destination)
    sync_directory(destination.parent)


def _give_to_group_of(directory: Path, path: Path, mode: int) -> None:
    """Give a file that the group may read to the group that owns its directory: the analysts'."""
    if mode & stat.S_IRGRP:
        os.chown(path, -1, directory.stat().st_gid)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear_work(work: Path) -> None:
    """Remove what dead processes left in `work/`; readers that still live keep the room they spill in."""
    for path in work.iterdir():
        is_left_over = _RELEASE_ID.fullmatch(path.name)
        if spilling := _SPILL.fullmatch(path.name):
            is_left_over = None if _lives(int(spilling["process"])) else spilling
        if is_left_over and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def disk_refusal(reason: str) -> KlantprofielError:
    """Return the error that tells of a full, read-only or failing disk in our words."""
    return KlantprofielError(
        f"the disk refused: {reason}",
        expected="room, memory and permission to work in the warehouse directory",
        todo="mend that and run again; the last release is still in force and nothing that landed is lost",
    )


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
