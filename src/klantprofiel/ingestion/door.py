"""The door of the room: deliveries are held against their contract and landed, each once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from klantprofiel.errors import DeclarationError, DeliveryError
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.csv_file import open_csv
from klantprofiel.ingestion.land import Batch, Land, Landing
from klantprofiel.ingestion.parquet_file import open_parquet
from klantprofiel.ingestion.readable import check_kinds
from klantprofiel.ingestion.result import Ingested, TakenIn
from klantprofiel.schema import Parquet
from klantprofiel.warehouse.store import file_sha256

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from klantprofiel.ingestion.csv_file import CsvFile
    from klantprofiel.ingestion.delivery import Delivery
    from klantprofiel.ingestion.parquet_file import ParquetFile
    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run


def ingest(run: Run, deliveries: Iterable[Delivery]) -> Ingested:
    r"""Land the delivered files, each as the text that it holds; the same bytes for the same table land once.

    The tables of the deliveries are declared for the rest of the run. Nothing is sniffed: dialect and columns
    are those of the declaration. Records that cannot be read at all land too, for quarantine.

    Parameters
    ----------
    run
        The run that builds the next release.
    deliveries
        One per file.

    Returns
    -------
    Ingested
        One row per delivery: new or known, and how many records the file holds.

    Raises
    ------
    DeliveryError
        When a file is not there, cannot be read, lacks a column or has one of another kind; of that file
        nothing has landed then.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory, "winkels.csv")
    ...     _ = file.write_text("shop_id\n1\n2\n")
    ...     with Warehouse(directory + "/klanten").run("nightly", datetime.date(2026, 10, 1)) as run:
    ...         ingested = ingest(run, [Delivery(Shops, file)])
    >>> [(taken.file_name, taken.is_new, taken.n_records) for taken in ingested.taken_in]
    [('winkels.csv', True, 2)]
    """
    deliveries = list(deliveries)
    for delivery in deliveries:
        _declare(run, delivery.table)
    paths = [delivery.check(run.warehouse.project) for delivery in deliveries]
    return Ingested(tuple(_take_in(run, each, path) for each, path in zip(deliveries, paths, strict=True)))


def _declare(run: Run, table: type[Table]) -> None:
    known = run.declarations.setdefault(table.name, table)
    if known is not table:
        raise DeclarationError(
            f"{known.__qualname__} and {table.__qualname__} both declare the table {table.name}",
            expected="one declaration per table, used for all its deliveries",
            todo="give one of them another name",
        )


def _take_in(run: Run, delivery: Delivery, path: Path) -> TakenIn:
    table, name = delivery.table, delivery.name(run.warehouse.project)
    before = path.stat()
    sha256 = file_sha256(path)
    n_known = _n_known_records(run, table.name, sha256)
    if n_known is not None:
        return TakenIn(table.name, name, is_new=False, n_records=n_known)
    land, contract = Land(run.land, table.name), Contract.of(table)
    with Landing(land, run.work, sha256, table.columns) as landing:
        if isinstance(table.dialect, Parquet):
            parquet_file = open_parquet(path, contract, name)
            extra = _write(run, parquet_file, landing, name, sha256)
            certain = parquet_file.certain_kinds()
        else:
            with path.open("rb") as file:
                extra = _write(run, open_csv(file, contract, table.dialect, name), landing, name, sha256)
            certain = frozenset()
        check_kinds(run, landing, table, name, besides=certain)
        _refuse_changed(path, before, name)
        landing.settle()
    return TakenIn(
        table.name,
        name,
        is_new=True,
        n_records=landing.n_records,
        n_rejected=landing.n_rejected,
        extra_columns=extra,
    )


def _write(
    run: Run, file: CsvFile | ParquetFile, landing: Landing, name: str, sha256: str
) -> tuple[str, ...]:
    """Write all records of a file aside; return the columns that nobody declared."""
    with ThreadPoolExecutor(max_workers=1) as writer:  # one piece is written while the next is read
        writing = writer.submit(lambda: None)
        for piece in file.pieces():
            writing.result()
            writing = writer.submit(landing.add, piece)
        writing.result()
    landing.close(
        Batch(
            table_name=landing.table_name,
            file_name=name,
            sha256=sha256,
            n_records=landing.n_records,
            n_rejected=landing.n_rejected,
            delivered_on=run.as_of,
            recorded_at=run.recorded_at,
            extra_columns=file.columns.extra,
        )
    )
    return file.columns.extra


def _n_known_records(run: Run, table_name: str, sha256: str) -> int | None:
    """Return how many records a delivery has that landed before; None for a new one."""
    land = Land(run.land, table_name)
    if land.has(sha256):
        return land.batch(sha256).n_records
    if run.has("batches"):
        rows = run.rows(
            "select n_records from batches where table_name = $table_name and sha256 = $sha256",
            table_name=table_name,
            sha256=sha256,
        )
        return int(rows[0][0]) if rows else None
    return None


def _refuse_changed(path: Path, before: os.stat_result, name: str) -> None:
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryError(
            f"{name} changed while it was read",
            expected="a file that is whole before it is delivered",
            todo="have it written under another name and renamed when it is whole, then run again",
        )
