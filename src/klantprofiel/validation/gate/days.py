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


def days_apart(run: Run, new: Sequence[Batch]) -> dict[str, set[date]]:
    """Return per table the days that are judged by themselves, besides its latest.

    They are the days of newly loaded deliveries that were refused before, and of those that came in the place
    of a refused one: nobody has judged them yet, and they are not the latest any more.
    """
    apart = {}
    for name in sorted({batch.table_name for batch in new}):
        refused = {batch.delivered_on for batch in Land(run.land, name).refused.batches()}
        days = {
            batch.delivered_on
            for batch in new
            if batch.table_name == name and (batch.was_refused or batch.delivered_on in refused)
        }
        if days:
            ((latest,),) = run.rows(
                "select max(delivered_on) from batches where table_name = $name", name=name
            )
            if days := days - {latest}:
                apart[name] = days
    return apart


def blamed(findings: Iterable[Finding], new: Sequence[Batch]) -> tuple[Batch, ...]:
    """Return the newly loaded deliveries that broken findings are about, in the order in which they loaded.

    A finding about a day is about the deliveries of that day; one about a whole table is about all that were
    newly loaded of it, for nobody can tell which.
    """
    broken = {(each.table, each.day) for each in findings if each.state is State.BROKEN}
    return tuple(
        batch for batch in new if {(batch.table_name, batch.delivered_on), (batch.table_name, None)} & broken
    )
