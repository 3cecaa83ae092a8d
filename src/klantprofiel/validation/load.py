"""Loading the pending batches of one table: split once, then loaded, quarantined and accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klantprofiel.errors import KlantprofielError
from klantprofiel.validation.account import (
    ACCOUNTS,
    BATCHES,
    COUNTS,
    QUARANTINE,
    RECORD_COLUMNS,
    REPLACED,
    BatchAccount,
    Pending,
)
from klantprofiel.validation.reasons import REJECT_REASONS
from klantprofiel.validation.split import SPLIT, quarantine_select, repeats_select, split_select

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klantprofiel.warehouse import Run


def load(run: Run, pending: Pending) -> list[BatchAccount]:
    """Bring the pending batches of a table into the release, and return what became of their records.

    Raises
    ------
    KlantprofielError
        When loaded and quarantined records do not add up to those counted in the file.
    """
    if not pending.batches:
        return []
    loading = _Loading(run, pending)
    loading.split()
    loading.find_condemned()
    loading.quarantine()
    loading.replace()
    accounts = loading.accounts()
    for account in accounts:
        _check(account)
    loading.keep(accounts)
    loading.clear()
    return accounts


def _check(account: BatchAccount) -> None:
    batch = account.batch
    if batch.n_records != account.n_loaded + account.n_quarantined:
        raise KlantprofielError(
            f"{batch.table_name}: {batch.file_name} has {batch.n_records} records, of which "
            f"{account.n_loaded} were loaded and {account.n_quarantined} quarantined",
            expected="every record in exactly one of the two",
            todo="report this; nothing was published, and the delivery stays where it landed",
        )


class _Loading:
    """The steps of one load; they share the table of split records and the frames that name batches."""

    def __init__(self, run: Run, pending: Pending) -> None:
        self._run = run
        self._pending = pending
        self._table = pending.table
        self._frame = pending.frame(run)
        self._condemned: Any = None

    def split(self) -> None:
        """Keep every pending record aside, typed and judged, in one pass."""
        self._run.execute("attach if not exists ':memory:' as aside")
        for number, (dialect, pending) in enumerate(self._pending.by_dialect()):
            select = split_select(self._table, dialect, pending.landed_columns).sql("duckdb", copy=False)
            self._run.execute(
                f"insert into {SPLIT} {select}" if number else f"create or replace table {SPLIT} as {select}",
                files=_paths(pending),
                pending=self._frame,
            )

    def find_condemned(self) -> None:
        """Find the records that are not loaded: those that break a rule, and those that repeat a key."""
        self._condemned = self._run.arrow(
            f"""
            with repeats as ({repeats_select(self._table.keys).sql("duckdb")}),
            broken as (select _batch, _line from {SPLIT} where not _is_clean)
            select _batch, _line, repeats._line is not null as _is_repeat
            from broken full join repeats using (_batch, _line)
            order by _batch, _line
            """
        )

    def quarantine(self) -> None:
        """Put aside what is not loaded, with all its reasons, and what could not be read at all."""
        into = f"insert into {QUARANTINE.name} select batch_id, $table_name, file_name, _line"
        for dialect, pending in self._pending.by_dialect() if self._condemned.num_rows else ():
            select = quarantine_select(self._table, dialect, pending.landed_columns).sql("duckdb", copy=False)
            self._run.execute(
                f"{into}, rules, reasons, record from ({select}) join pending using (_batch)",
                files=_paths(pending),
                table_name=self._table.name,
                pending=self._frame,
                condemned=self._condemned,
            )
        land, batches = self._pending.land, self._pending.batches
        if rejects := [str(land.rejects_path(batch.sha256)) for batch in batches if batch.n_rejected]:
            self._run.execute(
                f"""
                {into}, [rule], [reason], cast(json_object('raw_text', raw_text) as varchar)
                from read_parquet($files, filename = true) as rejects
                join pending on pending.rejects_path = rejects.filename
                join (select unnest($rules) as rule, unnest($reasons) as reason) using (rule)
                """,
                files=rejects,
                table_name=self._table.name,
                pending=self._frame,
                rules=list(REJECT_REASONS),
                reasons=list(REJECT_REASONS.values()),
            )

    def replace(self) -> None:
        """Load what is clean: of each key the record of the latest batch, in place of an earlier one."""
        keys = _listed(self._table.keys)
        records = self._pending.records_table
        latest = f"select * from {SPLIT} anti join condemned using (_batch, _line)"
        in_order = ""  # as they were split
        if len(self._pending.batches) > 1:
            latest += f" qualify row_number() over (partition by {keys} order by _batch desc) = 1"
            in_order = "order by _batch, _line"
        if self._pending.n_known:
            same_key = " and ".join(f'old."{key}" = latest."{key}"' for key in self._table.keys)
            whose = "old.customer_id" if "customer_id" in self._table.columns else "null"
            replaced = self._run.arrow(
                f"""
                delete from {records} as old using ({latest}) as latest, numbers
                where {same_key} and numbers.batch_id = old.batch_id and numbers._batch < latest._batch
                returning {whose} as customer_id
                """,
                condemned=self._condemned,
                numbers=self._pending.numbers_frame(self._run),
            )
            self._remember(replaced)
        if not self._pending.is_in_order:
            latest = f"select * from ({latest}) anti join {records} using ({keys})"
        columns = _listed(self._table.columns)
        self._run.execute(
            f"""
            insert into {records} ({_listed(RECORD_COLUMNS)}, {columns})
            select batch_id, _line, _delivered_on, recorded_at, {columns}
            from ({latest}) join pending using (_batch) {in_order}
            """,
            condemned=self._condemned,
            pending=self._frame,
        )

    def _remember(self, replaced: Any) -> None:  # noqa: ANN401  pyarrow ships no types
        """Keep whose records were replaced: what is known of them changes, whoever has the new ones."""
        if replaced.num_rows:
            self._run.execute(
                f"insert into {REPLACED.name} select distinct $table, $system || '/' || customer_id "
                "from replaced where customer_id is not null order by all",
                table=self._table.name,
                system=self._table.customers_of,
                replaced=replaced,
            )

    def accounts(self) -> list[BatchAccount]:
        """Count what became of the records of each batch."""
        n_loaded = dict(
            self._run.rows(
                f"""
                select _batch, count(*) from {SPLIT}
                anti join condemned using (_batch, _line) group by _batch
                """,
                condemned=self._condemned,
            )
        )
        n_quarantined = dict(
            self._run.rows(
                f"select batch_id, count(*) from {QUARANTINE.name} where table_name = $name group by 1",
                name=self._table.name,
            )
        )
        return [
            BatchAccount(
                batch,
                n_loaded.get(self._pending.numbers[batch.sha256], 0),
                n_quarantined.get(batch.batch_id, 0),
            )
            for batch in self._pending.batches
        ]

    def clear(self) -> None:
        """Let go of the split records, which may be as large as the delivery."""
        self._run.execute(f"drop table {SPLIT}")

    def keep(self, accounts: Sequence[BatchAccount]) -> None:
        """Write the batches and their accounts into the tables that keep them."""
        for account in accounts:
            self._run.execute(
                f"insert into {ACCOUNTS.name} values ($id, $table, $file, $records, $loaded, $quarantined)",
                id=account.batch.batch_id,
                table=self._table.name,
                file=account.batch.file_name,
                records=account.batch.n_records,
                loaded=account.n_loaded,
                quarantined=account.n_quarantined,
            )
        self._run.execute(
            f"""
            insert into {BATCHES.name}
            select batch_id, $table, $source, file_name, sha256, n_records, _delivered_on, recorded_at,
                extra_columns
            from pending order by _batch
            """,
            table=self._table.name,
            source=self._table.source,
            pending=self._frame,
        )
        self._run.execute(
            f"""
            insert into {COUNTS.name}
            select batch_id, table_name, rule, reason, count(*)
            from (
                select batch_id, table_name, unnest(rules) as rule, unnest(reasons) as reason
                from {QUARANTINE.name} semi join pending using (batch_id) where table_name = $table
            )
            group by all order by all
            """,
            table=self._table.name,
            pending=self._frame,
        )


def _paths(pending: Pending) -> list[str]:
    return [str(pending.land.path(batch.sha256)) for batch in pending.batches]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
