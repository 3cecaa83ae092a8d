"""The releases on disk: which were ever in force, which a crash left, and which may go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import KlantprofielError, NotFoundError
from klantprofiel.warehouse.store import clear_work, file_sha256, release_number

if TYPE_CHECKING:
    from klantprofiel.warehouse.ledger import Ledger
    from klantprofiel.warehouse.store import Store

NEVER_IN_FORCE: Final = frozenset({"started", "failed", "interrupted"})


@dataclass(frozen=True)
class ReleaseEntry:
    """One release on disk."""

    release_id: str
    name: str
    as_of: str
    n_tables: int
    size_bytes: int
    in_force: bool


@dataclass(frozen=True)
class Releases:
    """The releases of one warehouse; nothing of which the ledger does not know better is ever removed."""

    store: Store
    ledger: Ledger

    def ids(self) -> list[str]:
        """Return the ids of the whole releases that were in force, oldest first.

        Only the owner can tell those from what a crash left; an analyst is shown every release that is whole.
        """
        whole = [name for name in self.store.release_ids() if all(map(Path.exists, self.store.files(name)))]
        orphans = self._orphans() if self.ledger.is_writable else set()
        return [release_id for release_id in whole if release_id not in orphans]

    def entries(self) -> list[ReleaseEntry]:
        """Return what is known of each of them."""
        in_force = self.store.named_in_current()
        entries = []
        for release_id in self.ids():
            files = self.store.files(release_id)
            manifest = files.read_manifest()
            entries.append(
                ReleaseEntry(
                    release_id=release_id,
                    name=manifest["name"],
                    as_of=manifest["as_of"],
                    n_tables=len(manifest["tables"]),
                    size_bytes=sum(path.stat().st_size for path in files),
                    in_force=release_id == in_force,
                )
            )
        return entries

    def check_ledger(self) -> None:
        """Refuse to go on with a store that has lost its ledger."""
        if self.store.release_ids() and not self.store.ledger.exists():
            raise NotFoundError(
                f"{self.store.ledger} is missing, while there are releases",
                expected="the ledger: it tells what people decided, and which releases were in force",
                todo="restore it from your backup; if it is gone for good, make an empty file in its place",
            )

    def check_current(self) -> None:
        """Refuse to start from nothing in a store that has lost the name of the release in force."""
        if self.store.named_in_current() is None and self.ids():
            raise NotFoundError(
                f"{self.store.current} is missing or unreadable, while there are releases",
                expected="one line that names the release in force",
                todo="list them with `klantprofiel releases` and choose one with `klantprofiel rollback`",
            )

    def check_whole(self, release_id: str) -> None:
        """Refuse a release of which a file is not the one that was published."""
        files = self.store.files(release_id)
        manifest = files.read_manifest()
        for path, key in ((files.main, "sha256"), (files.identity, "identity_sha256")):
            if file_sha256(path) != manifest[key]:
                raise KlantprofielError(
                    f"{path.name} is not the file that was published",
                    expected="the SHA-256 in its manifest",
                    todo="choose another release with `klantprofiel releases`",
                )

    def clear_what_a_crash_left(self) -> None:
        """Close the lines of runs that died, and remove their builds and the releases never in force."""
        current = self.store.named_in_current()
        for entry in self.ledger.runs():
            if entry.outcome == "started":
                outcome = "published" if entry.run_id == current else "interrupted"
                self.ledger.finish_run(entry.run_id, outcome)
        clear_work(self.store.work)
        for release_id in self._orphans():
            self.store.remove_release(release_id)

    def prune(self, keep: int) -> list[str]:
        """Remove all but the `keep` newest, and never the one in force; return what was removed."""
        current = self.store.current_release()
        removed = [release_id for release_id in self.ids()[:-keep] if release_id != current]
        for release_id in removed:
            self.store.remove_release(release_id)
        return removed

    def prune_refused(self, keep: int) -> None:
        """Remove the results of all but the `keep` newest refused runs."""
        for run_id in self.store.refused_ids()[:-keep]:
            self.store.refused_files(run_id).remove()

    def last_number(self) -> int:
        """Return the highest serial number of any release on disk, 0 for none."""
        return max(map(release_number, self.store.release_ids()), default=0)

    def _orphans(self) -> set[str]:
        """Return the releases on disk that the ledger knows were never in force."""
        never = {entry.run_id for entry in self.ledger.runs() if entry.outcome in NEVER_IN_FORCE}
        return never & set(self.store.release_ids()) - {self.store.named_in_current()}
