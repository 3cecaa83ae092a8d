"""The tables in which validation keeps its account, and the batches that it is asked to judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.ingestion import Land, order_of

if TYPE_CHECKING:
    from klantprofiel.ingestion import Batch, Order
    from klantprofiel.schema import Dialect, Table
    from klantprofiel.warehouse import Run, Tables

RECORD_COLUMNS: Final = {
    "batch_id": "VARCHAR",
    "line_number": "BIGINT",
    "delivered_on": "DATE",
    "recorded_at": "TIMESTAMP",
}


@dataclass(frozen=True)
class Kept:
    """A table that grows from run to run."""

    name: str
    describes: str
    grain: str
    columns: dict[str, str]

    def create(self, run: Run) -> None:
        """Make the table when it is not there."""
        run.create(self.name, self.columns, describes=self.describes, grain=self.grain)


BATCHES: Final = Kept(
    "batches",
    "the deliveries that this release holds.",
    "One row per delivered file and declared table.",
    {
        "batch_id": "VARCHAR",
        "table_name": "VARCHAR",
        "source": "VARCHAR",
        "file_name": "VARCHAR",
        "sha256": "VARCHAR",
        "n_records": "BIGINT",
        "delivered_on": "DATE",
        "recorded_at": "TIMESTAMP",
        "extra_columns": "VARCHAR[]",
    },
)
ACCOUNTS: Final = Kept(
    "batch_accounts",
    "what became of the records of each delivery: n_records = n_loaded + n_quarantined.",
    "One row per delivered file and declared table.",
    {
        "batch_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file_name": "VARCHAR",
        "n_records": "BIGINT",
        "n_loaded": "BIGINT",
        "n_quarantined": "BIGINT",
    },
)
COUNTS: Final = Kept(
    "quarantine_counts",
    "why records are in quarantine; a record that breaks two rules is counted under both.",
    "One row per delivery and rule that any of its records breaks.",
    {
        "batch_id": "VARCHAR",
        "table_name": "VARCHAR",
        "rule": "VARCHAR",
        "reason": "VARCHAR",
        "n_rows": "BIGINT",
    },
)
QUARANTINE: Final = Kept(
    "identity.quarantine",
    "the records that are not loaded, as they were delivered, with every rule that they break.",
    "One row per record.",
    {
        "batch_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file_name": "VARCHAR",
        "line_number": "BIGINT",
        "rules": "VARCHAR[]",
        "reasons": "VARCHAR[]",
        "record": "VARCHAR",
    },
)
REPLACED: Final = Kept(
    "identity.replaced_records",
    "whose records a later delivery put others in place of, since profiles were last built.",
    "One row per record that was replaced.",
    {"table_name": "VARCHAR", "record_id": "VARCHAR"},
)
GROWING: Final = (BATCHES, ACCOUNTS, COUNTS, QUARANTINE, REPLACED)


@dataclass(frozen=True)
class BatchAccount:
    """What became of the records of one delivery."""

    batch: Batch
    n_loaded: int
    n_quarantined: int

    @property
    def share(self) -> float:
        """The share of the records (0 to 1) that is in quarantine."""
        return self.n_quarantined / self.batch.n_records if self.batch.n_records else 0.0


@dataclass(frozen=True)
class Pending:
    """The batches of one table that landed and are not in the release yet, in order; `numbers` orders all."""

    table: type[Table]
    land: Land
    batches: tuple[Batch, ...]
    numbers: dict[str, int]
    n_known: int

    @property
    def records_table(self) -> str:
        """Where the records of this table are loaded."""
        return f"identity.{self.table.name}"

    @property
    def is_in_order(self) -> bool:
        """Whether all these batches are later than those that were loaded before."""
        return min((self.numbers[batch.sha256] for batch in self.batches), default=0) >= self.n_known

    @property
    def landed_columns(self) -> frozenset[str]:
        """The declared columns that any of these batches has."""
        return frozenset(column for batch in self.batches for column in batch.columns)

    def by_dialect(self) -> list[tuple[Dialect, Pending]]:
        """Return these batches apart for each dialect in which they landed."""
        typed = tuple(batch for batch in self.batches if batch.is_typed)
        untyped = tuple(batch for batch in self.batches if not batch.is_typed)
        return [
            (batches[0].dialect_of(self.table), replace(self, batches=batches))
            for batches in (untyped, typed)
            if batches
        ]

    def frame(self, tables: Tables) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the batches as an Arrow table; `_batch` is the place of each in the order of all batches."""
        rows = [
            {
                "path": str(self.land.path(batch.sha256)),
                "rejects_path": str(self.land.rejects_path(batch.sha256)),
                "_batch": self.numbers[batch.sha256],
                "_delivered_on": batch.delivered_on,
                "batch_id": batch.batch_id,
                "sha256": batch.sha256,
                "file_name": batch.file_name,
                "n_records": batch.n_records,
                "recorded_at": batch.recorded_at,
                "extra_columns": list(batch.extra_columns),
            }
            for batch in self.batches
        ]
        return tables.arrow("select unnest($rows, max_depth := 2)", rows=rows)

    def numbers_frame(self, tables: Tables) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the place of every batch of this table in the order of all, loaded ones included."""
        return tables.arrow(
            "select unnest($ids) as batch_id, unnest($numbers) as _batch",
            ids=[sha256[:16] for sha256 in self.numbers],
            numbers=list(self.numbers.values()),
        )


def pending_batches(run: Run, table: type[Table]) -> Pending:
    """Return the landed batches of a table that the release does not hold."""
    land = Land(run.land, table.name)
    known = _known_orders(run, table.name)
    batches = land.batches(besides=known)
    orders = sorted([*known.items(), *((batch.sha256, batch.order) for batch in batches)], key=lambda x: x[1])
    numbers = {sha256: number for number, (sha256, _) in enumerate(orders)}
    return Pending(table, land, tuple(batches), numbers, len(known))


def _known_orders(tables: Tables, table_name: str) -> dict[str, Order]:
    rows = tables.rows(
        "select delivered_on, file_name, recorded_at, sha256 from batches where table_name = $name",
        name=table_name,
    )
    return {row[-1]: order_of(*row) for row in rows}
