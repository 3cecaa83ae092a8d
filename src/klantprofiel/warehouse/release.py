"""A release as it is stored: opened read-only, locked down, and able to prove what it holds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from klantprofiel.errors import KlantprofielError, NotFoundError, PermissionRefusedError, near_miss
from klantprofiel.warehouse.store import Store
from klantprofiel.warehouse.tables import Connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    import duckdb

RUN_COLUMNS: Final = ("run_id", "recorded_at", "replaced_at")  # a run or its moment: no part of a digest


class StoredRelease(Connected):
    """One release, read-only: no other file can be reached through it and no setting changed.

    Made by `open_stored` (the pseudonymous tables) or `open_owner` (these and `identity.*`).
    """

    def __init__(
        self, store: Store, release_id: str, connection: duckdb.DuckDBPyConnection, catalog: str | None = None
    ) -> None:
        self.store = store
        self.release_id = release_id
        self.manifest: dict[str, Any] = store.files(release_id).read_manifest()
        self._connection = connection
        self._catalog = catalog

    @property
    def as_of(self) -> date:
        """The date that the tables speak of."""
        return date.fromisoformat(self.manifest["as_of"])

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of its own, in which temporary tables may be made that nobody else sees."""
        return self._cursor()

    def digest(self) -> str:
        """Return one SHA-256 for all that the release holds, its direct identifiers included.

        Two releases with an equal digest hold equal rows; their files may differ in bytes.

        Raises
        ------
        PermissionRefusedError
            When this process may not read the identity file.
        """
        with open_owner(self.store.root, self.release_id) as whole:
            lines = [f"{table} {digest}\n" for table, digest in whole.digests().items()]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def digests(self) -> dict[str, str]:
        """Return a SHA-256 per table over its sorted rows, without run ids and run moments."""
        columns = self._columns_by_table()
        return {name: self._digest(name, columns[name]) for name in self._names(kind="BASE TABLE")}

    def _digest(self, table: str, known: Iterable[str]) -> str:
        columns = [name for name in known if name not in RUN_COLUMNS]
        digest = hashlib.sha256(",".join(columns).encode())
        if columns:
            row = ", ".join(f'"{name}" := "{name}"' for name in columns)
            hashes = self._cursor().execute(
                f"select md5(to_json(struct_pack({row}))::varchar) as hash from {table} order by hash"
            )
            while batch := hashes.fetchmany(100_000):
                digest.update("".join(hash_ for (hash_,) in batch).encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Close the release; its relations can no longer be read."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_stored(root: Path, release_id: str | None = None) -> StoredRelease:
    """Open the pseudonymous tables of a release; by default of the one in force.

    Raises
    ------
    NotFoundError
        When there is no warehouse, no release yet, or none with this id.
    """
    return _opened(Store(root), release_id, _connect_reader)


def open_owner(root: Path, release_id: str | None = None) -> StoredRelease:
    """Open a release with `identity.*` attached, read-only and locked: for the owner of the warehouse.

    Raises
    ------
    PermissionRefusedError
        When this process may not read the identity file.
    NotFoundError
        When there is no warehouse, no release yet, or none with this id.
    """
    return _opened(Store(root), release_id, _connect_owner)


def _opened(
    store: Store, release_id: str | None, connect: Callable[[Store, str], StoredRelease]
) -> StoredRelease:
    """Open a release; when the one in force was pruned under our hands, the one that took its place."""
    import duckdb  # noqa: PLC0415  costly, and only who opens a release needs it

    while True:
        chosen = _existing(store, release_id)
        try:
            return connect(store, chosen)
        except (duckdb.Error, FileNotFoundError):
            if release_id or store.named_in_current() == chosen:
                raise KlantprofielError(
                    f"release {chosen} cannot be opened",
                    expected="the files as they were published",
                    todo="choose another release with `klantprofiel rollback`, or restore this one",
                ) from None


def _connect_reader(store: Store, release_id: str) -> StoredRelease:
    import duckdb  # noqa: PLC0415  as above

    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "temp_directory": str(_spill_directory(store)),
    }
    connection = duckdb.connect(str(store.files(release_id).main), read_only=True, config=config)
    return StoredRelease(store, release_id, connection)


def _connect_owner(store: Store, release_id: str) -> StoredRelease:
    import duckdb  # noqa: PLC0415  as above

    files = store.files(release_id)
    if files.identity.exists() and not os.access(files.identity, os.R_OK):
        raise PermissionRefusedError(
            f"the direct identifiers of release {release_id} are not yours to read",
            expected="the owner of the warehouse",
            todo="ask the operator to run this, or work with the pseudonymous release",
        )
    # In memory, because a second connection to one file in one process must have the first one's settings.
    connection = duckdb.connect(":memory:", config={"temp_directory": str(_spill_directory(store))})
    for path, name in ((files.main, "release"), (files.identity, "identity")):
        connection.execute(f"attach {_quoted(path)} as {name} (read_only)")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return StoredRelease(store, release_id, connection, catalog="release")


def _existing(store: Store, release_id: str | None) -> str:
    chosen = release_id or _in_force(store)
    if chosen is None:
        raise NotFoundError(
            f"there is no release in {store.root}",
            expected="a warehouse in which a run has published",
            todo="run a pipeline first: `klantprofiel run nightly --as-of <date>`",
        )
    if not all(path.exists() for path in store.files(chosen)):
        known = store.release_ids()
        raise NotFoundError(
            f"there is no release {chosen!r} in {store.root}{near_miss(chosen, known)}",
            expected=f"one of {', '.join(known) or 'none yet'}",
            todo="list them with `klantprofiel releases`",
        )
    return chosen


def _in_force(store: Store) -> str | None:
    """Return the release in force, also while a builder is putting another in its place and prunes."""
    while True:
        named = store.named_in_current()
        try:
            return store.current_release()
        except NotFoundError:
            if store.named_in_current() == named:
                raise


def _spill_directory(store: Store) -> Path:
    """Return where this process may spill: inside work/ for the owner, elsewhere for who may only read."""
    if os.access(store.work, os.W_OK):
        return store.work / f"spill-{os.getpid()}"
    return Path(tempfile.gettempdir()) / f"klantprofiel-spill-{os.getpid()}"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
