"""Which days a run is judged on besides the latest, and which deliveries a refusal is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.ingestion import Land
from klantprofiel.validation.gate.findings import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from klantprofiel.ingestion import Batch
    from klantprofiel.validation.gate.findings import Finding
    from klantprofiel.warehouse import Run


def days_apart(run: Run, new: Iterable[Batch]) -> dict[str, set[date]]:
    """Return per table the days that are judged by themselves, besides its latest.

    They are the days of newly loaded deliveries that nobody has judged yet, or that were found wanting: those
    that were refused before or came in the place of a refused one, and those that an earlier run took in and
    did not publish. In a night after a published one there are none.
    """
    by_table: dict[str, list[Batch]] = {}
    for batch in new:
        by_table.setdefault(batch.table_name, []).append(batch)
    apart = {name: _days_apart(run, name, batches) for name, batches in sorted(by_table.items())}
    return {name: days for name, days in apart.items() if days}


def _days_apart(run: Run, name: str, new: Sequence[Batch]) -> set[date]:
    ((latest, published),) = run.rows(
        """
        select max(delivered_on), max(delivered_on) filter (where not list_contains($new, batch_id))
        from batches where table_name = $name
        """,
        name=name,
        new=[batch.batch_id for batch in new],
    )
    refused = {batch.delivered_on for batch in Land(run.land, name).refused.batches()}
    days = {batch.delivered_on for batch in new if batch.was_refused or batch.delivered_on in refused}
    if published is not None:  # of a first release, all before the latest day is history
        days |= {
            batch.delivered_on
            for batch in new
            if batch.recorded_at < run.recorded_at and batch.delivered_on > published
        }
    return days - {latest}


def blamed(findings: Iterable[Finding], new: Sequence[Batch]) -> tuple[Batch, ...]:
    """Return the newly loaded deliveries that broken findings are about, in the order in which they loaded.

    A finding about a day is about the deliveries of that day; one about a whole table is about all that were
    newly loaded of it, for nobody can tell which.
    """
    broken = {(each.table, each.day) for each in findings if each.state is State.BROKEN}
    return tuple(
        batch for batch in new if {(batch.table_name, batch.delivered_on), (batch.table_name, None)} & broken
    )
