"""The ledger: what people decided or did, in SQLite, in own short transactions.

It is the only place that reads the clock: for the run list, and for when what people decided was recorded.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, KlantprofielError, PermissionRefusedError
from klantprofiel.warehouse.store import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

FARTHEST: Final = timedelta(days=366)

_TABLES: Final = """
create table if not exists runs (
    number integer primary key, run_id text not null unique, name text not null, as_of text,
    recorded_at text not null, outcome text not null
);
create table if not exists choices (
    choice_id integer primary key, recorded_at text not null, body text not null
);
create table if not exists high_waters (kind text primary key, number integer not null);
create table if not exists exports (
    export_id text not null, recorded_at text not null, body text not null
);
create table if not exists acceptances (recorded_at text not null, body text not null);
create table if not exists decisions (
    decision_id integer primary key autoincrement, recorded_at text not null, body text not null
);
create table if not exists draws (recorded_at text not null, body text not null);
"""


@dataclass(frozen=True)
class RunEntry:
    """One line of the run list; `outcome` is started, published, failed or rolled back."""

    run_id: str
    name: str
    as_of: date | None
    recorded_at: datetime
    outcome: str


@dataclass(frozen=True)
class Ledger:
    """The ledger of one warehouse; every method is one short transaction."""

    path: Path

    @property
    def is_writable(self) -> bool:
        """Whether this process may record in the ledger: only the owner of the warehouse may."""
        return os.access(self.path, os.W_OK)

    def begin_run(
        self, name: str, as_of: date | None, recorded_at: datetime | None, *, after: int
    ) -> RunEntry:
        """Open a line in the run list, numbered above every earlier line and above `after`."""
        moment = recorded_at or _now()
        if as_of and as_of > moment.date() + FARTHEST:
            raise ConfigurationError(
                f"as_of is {as_of}, more than a year after the moment of the run",
                expected="a date that has come or comes soon: what is delivered then wins from all before",
                todo="check the year",
            )
        with self._transaction() as connection:
            (last,) = connection.execute("select coalesce(max(number), 0) from runs").fetchone()
            number = max(last, after) + 1
            entry = RunEntry(f"{number:06d}-{name}", name, as_of, moment, "started")
            connection.execute(
                "insert into runs values (?, ?, ?, ?, ?, ?)",
                (number, entry.run_id, name, as_of and as_of.isoformat(), moment.isoformat(), entry.outcome),
            )
        return entry

    def finish_run(self, run_id: str, outcome: str) -> None:
        """Write how a run ended."""
        with self._transaction() as connection:
            connection.execute("update runs set outcome = ? where run_id = ?", (outcome, run_id))

    def runs(self) -> list[RunEntry]:
        """Return the run list, oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(
                "select run_id, name, as_of, recorded_at, outcome from runs order by number"
            ).fetchall()
        return [
            RunEntry(run_id, name, as_of and date.fromisoformat(as_of), datetime.fromisoformat(at), outcome)
            for run_id, name, as_of, at, outcome in rows
        ]

    def high_water(self, kind: str) -> int:
        """Return the highest number of a kind that was ever given out; 0 before the first."""
        with self._transaction() as connection:
            row = connection.execute("select number from high_waters where kind = ?", (kind,)).fetchone()
        return row[0] if row else 0

    def raise_high_water(self, highest: Mapping[str, int]) -> None:
        """Keep the highest numbers given out per kind, beyond any rollback."""
        with self._transaction() as connection:
            connection.executemany(
                "insert into high_waters values (?, ?) "
                "on conflict (kind) do update set number = max(number, excluded.number)",
                list(highest.items()),
            )

    def record_choice(self, choice: Mapping[str, object]) -> int:
        """Record which segments somebody chose, and why; return the number of the choice."""
        with self._transaction() as connection:
            cursor = connection.execute(
                "insert into choices (recorded_at, body) values (?, ?)", (_now().isoformat(), _json(choice))
            )
        return int(cursor.lastrowid or 0)

    def choices(self) -> list[dict[str, Any]]:
        """Return the recorded choices, oldest first, each with `choice_id` and `recorded_at`."""
        with self._transaction() as connection:
            rows = connection.execute(
                "select choice_id, recorded_at, body from choices order by choice_id"
            ).fetchall()
        return [{"choice_id": number, "recorded_at": at, **json.loads(body)} for number, at, body in rows]

    def record_export(self, export_id: str, export: Mapping[str, object]) -> None:
        """Record that an export was handed over."""
        with self._transaction() as connection:
            connection.execute(
                "insert into exports values (?, ?, ?)", (export_id, _now().isoformat(), _json(export))
            )

    def exports(self) -> list[dict[str, Any]]:
        """Return the recorded exports, oldest first, each with `export_id` and `recorded_at`."""
        with self._transaction() as connection:
            rows = connection.execute(
                "select export_id, recorded_at, body from exports order by rowid"
            ).fetchall()
        return [{"export_id": name, "recorded_at": at, **json.loads(body)} for name, at, body in rows]

    def record_acceptance(self, acceptance: Mapping[str, object]) -> None:
        """Record that somebody accepted what the gate refused, and why."""
        with self._transaction() as connection:
            connection.execute(
                "insert into acceptances values (?, ?)", (_now().isoformat(), _json(acceptance))
            )

    def acceptances(self) -> list[dict[str, Any]]:
        """Return the recorded acceptances, oldest first, each with `recorded_at`."""
        with self._transaction() as connection:
            rows = connection.execute("select recorded_at, body from acceptances order by rowid").fetchall()
        return [{"recorded_at": at, **json.loads(body)} for at, body in rows]

    def record_decisions(
        self,
        decisions: Sequence[Mapping[str, object]],
        *,
        check: Callable[[list[dict[str, Any]]], None],
    ) -> list[int]:
        """Record decisions on who is who, all or none; return their numbers.

        `check` is given what `decisions` returns, with these at the end, and refuses them by an error; nobody
        else can record in between. Rows are only added: who changes their mind records that.
        """
        with self._transaction() as connection:
            numbers = [
                int(
                    connection.execute(
                        "insert into decisions (recorded_at, body) values (?, ?)",
                        (_now().isoformat(), _json(decision)),
                    ).lastrowid
                    or 0
                )
                for decision in decisions
            ]
            check(_decisions(connection))
        return numbers

    def decisions(self) -> list[dict[str, Any]]:
        """Return the decisions on who is who, oldest first, each with `decision_id` and `recorded_at`."""
        with self._transaction() as connection:
            return _decisions(connection)

    def last_decision(self) -> int:
        """Return the number of the last decision on who is who; 0 before the first."""
        with self._transaction() as connection:
            (last,) = connection.execute("select coalesce(max(decision_id), 0) from decisions").fetchone()
        return int(last)

    def record_draw(self, draw: Mapping[str, object]) -> None:
        """Record which pairs were drawn at random for review, and with which probability."""
        with self._transaction() as connection:
            connection.execute("insert into draws values (?, ?)", (_now().isoformat(), _json(draw)))

    def draws(self) -> list[dict[str, Any]]:
        """Return what was drawn for review, oldest first, each with `recorded_at`."""
        with self._transaction() as connection:
            rows = connection.execute("select recorded_at, body from draws order by rowid").fetchall()
        return [{"recorded_at": at, **json.loads(body)} for at, body in rows]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
        except PermissionError:
            raise PermissionRefusedError(
                f"the ledger {self.path} is not yours to open",
                expected="the owner of the warehouse",
                todo="ask the operator to record this",
            ) from None
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            connection.execute("pragma secure_delete = on")
            connection.execute("begin immediate")
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            yield connection
            connection.execute("commit")
        except sqlite3.OperationalError:
            raise  # a full or failing disk, said by who knows what was being done
        except sqlite3.DatabaseError:
            raise KlantprofielError(
                f"the ledger {self.path} cannot be read",
                expected="the SQLite file that klantprofiel wrote",
                todo="restore it from your backup",
            ) from None
        finally:
            connection.close()


def _decisions(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = connection.execute(
        "select decision_id, recorded_at, body from decisions order by decision_id"
    ).fetchall()
    return [{"decision_id": number, "recorded_at": at, **json.loads(body)} for number, at, body in rows]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _json(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, default=str)
