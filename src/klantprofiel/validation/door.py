"""The door of the room: what landed is split into clean and quarantine, and every record is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.validation.account import GROWING, pending_batches
from klantprofiel.validation.canonical import make_canonical_views
from klantprofiel.validation.expected import keep_statistics
from klantprofiel.validation.gate import start_gate
from klantprofiel.validation.load import load
from klantprofiel.validation.result import ReasonCount, Validated
from klantprofiel.validation.soiled import refuse_soiled
from klantprofiel.validation.sources import SOURCES, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.validation.account import BatchAccount
    from klantprofiel.warehouse import Run


def validate(run: Run) -> Validated:
    r"""Judge what landed and is not in the release yet, for every table that is declared in this run.

    Each record is typed and held against its table's contract in one pass. What keeps it is loaded in
    `identity.<table>`; a later delivery of the same key replaces the record of an earlier one, and which of
    two is the later never depends on when they were judged. What breaks it goes to `identity.quarantine`,
    with every rule that it breaks and why. Then the canonical views are made over all known sources.

    | table | one row per |
    | --- | --- |
    | identity.<declared table> | key: batch_id, line_number, delivered_on, recorded_at, columns |
    | identity.quarantine | record that is not loaded, with file, line, rules and reasons |
    | identity.<canonical table> | record of any source that maps onto it (views) |
    | batches, batch_accounts | delivery; n_records = n_loaded + n_quarantined |
    | quarantine_counts | delivery and broken rule |
    | sources | declared table |
    | delivery_statistics | table, delivery day, column and metric |

    The gate is registered with the run: Great Expectations judges the closed build before it is published,
    by the suites that declarations and history give and by those in schemas/expectations/. What it refuses is
    set aside in land/<table>/refused, and is judged on its own day when it is delivered again.

    Returns
    -------
    Validated
        What became of each new delivery.

    Raises
    ------
    GateError
        When more of a delivery is in quarantine than its table allows.
    ConfigurationError
        When a suite in schemas/expectations/ is wrong, or generated from another declaration.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery, ingest
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Shops(s.ReferenceTable, maps_to=s.canonical.Stores):
    ...     "Winkels: one row per shop."
    ...     quarantine = s.at_most(share=0.5)
    ...     store_id = s.Text(label="Winkelnummer", key=True)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory, "winkels.csv")
    ...     _ = file.write_text("store_id\n1\n2\n2\n")
    ...     with Warehouse(directory + "/klanten").run("nightly", datetime.date(2026, 10, 1)) as run:
    ...         _ = ingest(run, [Delivery(Shops, file)])
    ...         validated = validate(run)
    ...         stores = run.rows("select source, store_id from identity.stores order by store_id")
    >>> validated.n_loaded, validated.n_quarantined, stores
    (2, 1, [('shops', '1'), ('shops', '2')])
    """
    gate = start_gate(run)
    for kept in (*GROWING, SOURCES):
        kept.create(run)
    accounts: list[BatchAccount] = []
    for _, table in sorted(run.declarations.items()):
        register(run, table)
        accounts += load(run, pending_batches(run, table))
    refuse_soiled(run, accounts)
    make_canonical_views(run)
    keep_statistics(run, accounts)
    if gate is not None:
        gate.read(run, [account.batch for account in accounts])
    return Validated(tuple(accounts), _reasons(run, accounts))


def _reasons(run: Run, accounts: Sequence[BatchAccount]) -> tuple[ReasonCount, ...]:
    """Return why records of these deliveries are in quarantine, the most frequent reason first."""
    if not accounts:
        return ()
    rows = run.rows(
        """
        select table_name, rule, reason, cast(sum(n_rows) as bigint) as n_rows from quarantine_counts
        where list_contains($batches, table_name || '/' || batch_id)
        group by table_name, rule, reason order by n_rows desc, table_name, rule
        """,
        batches=[f"{account.batch.table_name}/{account.batch.batch_id}" for account in accounts],
    )
    return tuple(ReasonCount(*row) for row in rows)
