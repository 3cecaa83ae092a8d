"""The warehouse: a directory of releases, of which one is in force; runs build the next one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
from datetime import datetime, time
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from klantprofiel.errors import (
    ConfigurationError,
    KlantprofielError,
    NotFoundError,
    ProjectError,
    near_miss,
)
from klantprofiel.project import find_project, resolve
from klantprofiel.warehouse.ledger import Ledger, RunEntry
from klantprofiel.warehouse.lock import builder_lock
from klantprofiel.warehouse.releases import Releases
from klantprofiel.warehouse.run import RESULT_NAME, Run
from klantprofiel.warehouse.store import (
    IDENTITY_FILE,
    RELEASE_FILE,
    SHARED_FILE,
    Store,
    disk_refusal,
    file_sha256,
    settle_file,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import duckdb

    from klantprofiel.project import Project
    from klantprofiel.warehouse.releases import ReleaseEntry
    from klantprofiel.warehouse.run import Verdict

_DEFAULT_KEEP = 5
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


class Warehouse:
    """The store of one organisation's customers: a directory of immutable releases.

    Parameters
    ----------
    path
        The directory; a relative path starts at the project. It is made by the first run.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> warehouse = Warehouse(tempfile.mkdtemp() + "/klanten")
    >>> shops = pa.table({"shop": ["Utrecht"]})
    >>> with warehouse.run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     run.write("shops", shops, describes="where we are.", grain="One row per shop.")
    >>> [release.release_id for release in warehouse.releases()]
    ['000001-nightly']
    """

    def __init__(self, path: str | Path) -> None:
        self.store = Store(_plain(resolve(path)))
        self.ledger = Ledger(self.store.ledger)
        self._releases = Releases(self.store, self.ledger)

    @cached_property
    def project(self) -> Project | None:
        """The project that this warehouse lies in, or else the project at work; None when there is none."""
        for start in (self.store.root, None):
            with contextlib.suppress(ProjectError):
                return find_project(start)
        return None

    def current(self) -> str | None:
        """Return the id of the release in force, or None before the first."""
        return self.store.current_release()

    def releases(self) -> list[ReleaseEntry]:
        """Return the releases on disk, oldest first."""
        return self._releases.entries()

    @contextlib.contextmanager
    def run(self, name: str, as_of: date, *, recorded_at: datetime | None = None) -> Iterator[Run]:
        """Build the next release; at the end of the block it is in force, after an error nothing changed.

        Parameters
        ----------
        name
            What runs: lower-case letters, digits, underscores.
        as_of
            The date that the tables will speak of.
        recorded_at
            The moment of the run (UTC), for demonstrations and tests; by default the run list's clock.

        Raises
        ------
        LockedError
            When another builder is at work; the error names it.
        ConfigurationError
            When the name is no name, the directory holds something else, or `as_of` is far in the future.
        NotFoundError
            When the ledger or `CURRENT` is lost while there are releases.
        """
        if not RESULT_NAME.fullmatch(name):
            raise ConfigurationError(
                f"a run cannot be called {name!r}",
                expected="lower-case letters, digits and underscores, starting with a letter",
            )
        with _disk_in_words():
            self._check_place()
            self.store.make()
        with builder_lock(self.store, name), _disk_in_words():
            self._releases.check_ledger()
            self._releases.check_current()
            self._releases.clear_what_a_crash_left()
            entry = self.ledger.begin_run(name, as_of, recorded_at, after=self._releases.last_number())
            build = self.store.work / entry.run_id
            outcome = "failed"
            run: Run | None = None
            try:
                with contextlib.closing(self._start_build(build)) as connection:
                    run = Run(self, entry, as_of, connection)
                    yield run
                    if run.gate:
                        run.gate.prepare(run)
                    account = run._account()  # noqa: SLF001  the warehouse closes what the run built
                    for database in ("identity", "release"):
                        connection.execute(f"checkpoint {database}")
                self._publish(run, build, account, self._judge(run, build))
                outcome = "published"
            finally:
                if run and run.gate:
                    run.gate.close()
                with contextlib.suppress(sqlite3.Error):  # a full disk; the next run reads it from CURRENT
                    self.ledger.finish_run(entry.run_id, outcome)
                shutil.rmtree(build, ignore_errors=True)
            self.ledger.raise_high_water(run.highest)
            self._releases.prune(self._keep)

    @contextlib.contextmanager
    def rehearsal(self, name: str, as_of: date) -> Iterator[Run]:
        """Build as `run` does and throw the build away: what would change is seen, and nothing changes.

        It stands in no run list, and is recorded at the start of the day that it speaks of.
        """
        recorded_at = datetime.combine(as_of, time())
        with builder_lock(self._made(), name), _disk_in_words():
            self._releases.check_ledger()
            self._releases.check_current()
            self._releases.clear_what_a_crash_left()
            entry = RunEntry(f"rehearsal-{name}", name, as_of, recorded_at, "started")
            build = self.store.work / entry.run_id
            try:
                with contextlib.closing(self._start_build(build)) as connection:
                    yield Run(self, entry, as_of, connection)
            finally:
                shutil.rmtree(build, ignore_errors=True)

    def rollback(self, release_id: str) -> None:
        """Put an earlier release in force again; the next run starts from it, and from all that landed."""
        with builder_lock(self._made(), "rollback"):
            self._releases.check_ledger()
            self._releases.clear_what_a_crash_left()
            known = self._releases.ids()
            if release_id not in known:
                raise NotFoundError(
                    f"there is no complete release {release_id!r}{near_miss(release_id, known)}",
                    expected=f"one of {', '.join(known) or 'none yet'}",
                )
            self._releases.check_whole(release_id)
            entry = self.ledger.begin_run("rollback", None, None, after=self._releases.last_number())
            self.store.swap_current(release_id)
            self.ledger.finish_run(entry.run_id, f"rolled back to {release_id}")

    def prune(self, keep: int) -> list[str]:
        """Remove all but the `keep` newest releases, and never the one in force; return what was removed."""
        if keep < 1:
            raise ConfigurationError(f"keep is {keep}", expected="1 or more releases to keep")
        with builder_lock(self._made(), "prune"):
            return self._releases.prune(keep)

    @property
    def _keep(self) -> int:
        return self.project.keep_releases if self.project else _DEFAULT_KEEP

    def _made(self) -> Store:
        if not self.store.root.is_dir():
            raise NotFoundError(
                f"there is no warehouse in {self.store.root}",
                todo="run a pipeline first: `klantprofiel run nightly --as-of <date>`",
            )
        return self.store

    def _check_place(self) -> None:
        """Refuse a directory that holds anything else: a warehouse sets modes and clears its work/."""
        root = self.store.root
        strange = self.store.strangers()
        if strange or (self.project and self.project.root.is_relative_to(root)):
            raise ConfigurationError(
                f"{root} cannot be a warehouse: {'it is around the project' if not strange else 'it holds '}"
                + ", ".join(strange[:3]),
                expected="a directory of its own, new or empty",
                todo="give another path in klantprofiel.toml",
            )

    def _start_build(self, build: Path) -> duckdb.DuckDBPyConnection:
        import duckdb  # noqa: PLC0415  costly, and only a run needs it

        build.mkdir(mode=0o700)
        release, identity = build / "release.duckdb", build / "identity.duckdb"
        current = self.store.current_release()
        if current:
            for source, copy in zip(self.store.files(current), (release, identity), strict=False):
                shutil.copyfile(source, copy)
        # Worthless until it is settled, which syncs it: a commit in between need not reach the disk.
        connection = duckdb.connect(str(release), config={**self._settings(build), "fsync_mode": "none"})
        quoted = str(identity).replace("'", "''")
        connection.execute(f"attach '{quoted}' as identity")
        connection.execute("set enable_progress_bar = false")
        return connection

    def _settings(self, build: Path) -> dict[str, Any]:
        """Return the settings of the engine for who builds or judges: limits, and where to spill."""
        settings: dict[str, Any] = {"temp_directory": str(build / "spill")}
        if self.project:
            limits = {"memory_limit": self.project.memory_limit, "threads": self.project.threads}
            settings |= {name: value for name, value in limits.items() if value is not None}
        return settings

    def _judge(self, run: Run, build: Path) -> Verdict | None:
        """Let the gate of a run judge its closed build; what it refuses is explained in `refused/`."""
        if run.gate is None:
            return None
        verdict = run.gate.judge(build, self._settings(build))
        files = self.store.refused_files(run.run_id)
        if refusal := verdict.refusal(files.page):
            files.write(verdict.results, verdict.page)
            self._releases.prune_refused(self._keep)
            raise refusal
        return verdict

    def _publish(self, run: Run, build: Path, account: dict[str, Any], verdict: Verdict | None) -> None:
        release, identity = build / "release.duckdb", build / "identity.duckdb"
        if leftovers := [path.name for path in build.glob("*.wal")]:
            raise KlantprofielError(
                f"the build still has {', '.join(leftovers)}",
                expected="a checkpointed and closed build: a copy without its log loses the last commits",
                todo="close what the pipeline left open and run again",
            )
        manifest = {
            "run_id": run.run_id,
            "name": run.name,
            "as_of": run.as_of.isoformat(),
            "recorded_at": run.recorded_at.isoformat(),
            "sha256": file_sha256(release),
            "identity_sha256": file_sha256(identity),
            "versions": {package: version(package) for package in ("klantprofiel", "duckdb")},
            "tables": account,
        }
        if verdict:
            manifest["gate"] = verdict.counts
        files = self.store.files(run.run_id)
        settle_file(release, files.main, RELEASE_FILE)
        settle_file(identity, files.identity, IDENTITY_FILE)
        if verdict:
            files.judged.write(verdict.results, verdict.page)
        write_file(files.manifest, json.dumps(manifest, indent=2).encode(), SHARED_FILE)
        self.store.swap_current(run.run_id)


def _plain(root: Path) -> Path:
    """Refuse a directory that the database would read as a pattern."""
    if found := sorted(set("?*[") & set(str(root))):
        raise ConfigurationError(
            f"the path of the warehouse holds {' and '.join(found)}",
            expected="a path without ?, * and [, which stand for other characters in a file pattern",
            todo="move the project, or give another path in klantprofiel.toml",
        )
    return root


@contextlib.contextmanager
def _disk_in_words() -> Iterator[None]:
    """Say a full or failing disk in our words; every other error passes as it is."""
    import duckdb  # noqa: PLC0415  its errors are named here

    refusals = (
        duckdb.IOException,
        duckdb.OutOfMemoryException,
        duckdb.TransactionException,  # a commit that could not be written
        duckdb.FatalException,  # what DuckDB raises for every query after that
        sqlite3.OperationalError,
    )
    try:
        yield
    except refusals as error:
        raise disk_refusal(type(error).__name__) from error
    except OSError as error:
        if error.errno in _DISK_ERRORS:
            raise disk_refusal(os.strerror(error.errno)) from error
        raise
