"""Which days a run is judged on besides the latest, and which deliveries a refusal is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.ingestion import Land
from klantprofiel.validation.gate.findings import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from klantprofiel.ingestion import Batch
    from klantprofiel.validation.gate.findings import Finding
    from klantprofiel.warehouse import Run


MOST_CAUGHT_UP: Final = 7  # deliveries from before that are history by the time that they come


def days_apart(run: Run, new: Iterable[Batch]) -> dict[str, set[date]]:
    """Return per table the days that are judged by themselves, besides its latest, and are no history yet.

    They are the days of newly loaded deliveries that nobody has judged yet, or that were found wanting: those
    that were refused before or came in the place of a refused one, and those that an earlier run took in and
    did not publish. In a night after a published one there are none.
    """
    by_table = _by_table(new)
    apart = {name: _days_apart(run, name, batches) for name, batches in by_table.items()}
    return {name: days for name, days in apart.items() if days}


def days_caught_up(run: Run, new: Iterable[Batch]) -> dict[str, set[date]]:
    """Return per table the other days that came in one night with its latest: at most the seven before it.

    Each is judged as it would have been in its own night, by all that was delivered before it. Of a first
    release there are none: all before its latest day is history.
    """
    caught_up: dict[str, set[date]] = {}
    for name, batches in _by_table(new).items():
        latest, published = _ends(run, name, batches)
        if published is not None:
            days = {batch.delivered_on for batch in batches if published < batch.delivered_on < latest}
            caught_up[name] = set(sorted(days)[-MOST_CAUGHT_UP:])
    return caught_up


def _by_table(new: Iterable[Batch]) -> dict[str, list[Batch]]:
    by_table: dict[str, list[Batch]] = {}
    for batch in sorted(new, key=lambda each: each.table_name):
        by_table.setdefault(batch.table_name, []).append(batch)
    return by_table


def _ends(run: Run, name: str, new: Sequence[Batch]) -> tuple[date, date | None]:
    """Return the latest day of a table, and the latest one that was there before these deliveries."""
    (ends,) = run.rows(
        """
        select max(delivered_on), max(delivered_on) filter (where not list_contains($new, batch_id))
        from batches where table_name = $name
        """,
        name=name,
        new=[batch.batch_id for batch in new],
    )
    return ends


def _days_apart(run: Run, name: str, new: Sequence[Batch]) -> set[date]:
    latest, published = _ends(run, name, new)
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
