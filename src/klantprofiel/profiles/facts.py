"""Facts over time: what was so or happened, since when a release knows it, and until when it thought so.

Of facts that a theme declares as `purchase_days`, a release holds the table `purchase_days_history`: every
row that ever was, with `recorded_at`, the moment of the run that first had it, and `replaced_at`, that of the
run that no longer had it (NULL while it stands). The view `purchase_days` is what stands now. What is late
has an early day and a late `recorded_at`; what is corrected or merged is replaced, and still what was known
then.

A state (an address) holds from `valid_from` until the next one of that customer. A new one replaces the one
before only where it holds from the same day or earlier; otherwise both stand, each for its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.profiles.changed import CHANGED
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.profiles.changed import Kept
    from klantprofiel.profiles.theme import Facts
    from klantprofiel.warehouse import Run

KNOWN: Final = ("recorded_at", "replaced_at")

_REPLACE: Final = """
update {history} as old set replaced_at = $moment
where old.replaced_at is null and {concerned} and not exists (select 1 from {now} as now where {stands})
"""
_ADD: Final = """
insert into {history}
select {listed}, $moment, null from {now} as now
where not exists (select 1 from {history} as old where old.replaced_at is null and {concerned} and {is_there})
"""


def keep_facts(run: Run, facts: Facts, kept: Kept | None) -> None:
    """Bring the history of facts up to what the run's tables say, and make the view of what stands now.

    What is `kept` of the release before is not computed again.
    """
    is_part = kept is not None and kept.holds(facts)
    statement = facts.statement()
    history, now = history_of(statement.table), f"{statement.table}_now"
    if run.has(history) and list(run.columns(history)) == [*statement.columns, *KNOWN]:
        run.make(
            _called(now, _of_changed(run, statement) if is_part else statement.select), types=facts.types
        )
        stands, is_there = _conditions(facts, history, statement.columns)
        names = {
            "history": history,
            "now": now,
            "listed": ", ".join(f'now."{column}"' for column in statement.columns),
            "concerned": f"old.customer_id in (select customer_id from {CHANGED})" if is_part else "true",
        }
        run.execute(_REPLACE.format(stands=stands, **names), moment=run.recorded_at)
        run.execute(_ADD.format(is_there=is_there, **names), moment=run.recorded_at)
        run.drop(now)
    else:  # the first run, or the first of a version that asks for other columns: history begins here
        run.make(_with_moments(statement), types=facts.types, recorded_at=run.recorded_at)
    run.view(_standing(statement))


def history_of(name: str) -> str:
    """Return the table in which facts are kept over time.

    >>> history_of("purchase_days")
    'purchase_days_history'
    """
    return f"{name}_history"


def _conditions(facts: Facts, history: str, columns: Sequence[str]) -> tuple[str, str]:
    """Return when an old fact stands beside what is so now, and when what is so now is there already."""
    values = [name for name in columns if not (facts.is_state and name in {"customer_id", "valid_from"})]
    alike = " and ".join(f'now."{name}" is not distinct from old."{name}"' for name in values)
    if not facts.is_state:
        return alike, alike
    last = f"""
    old.valid_from = (
        select max(other.valid_from) from {history} as other
        where other.replaced_at is null and other.customer_id = old.customer_id
    )
    """
    same = "now.customer_id = old.customer_id"
    return f"{same} and (now.valid_from > old.valid_from or ({alike}))", f"{same} and {alike} and {last}"


def _of_changed(run: Run, statement: Statement) -> exp.Query:
    """Return the select over the records of those who changed alone."""
    changed = f"select customer_id from {CHANGED}"
    whose = {
        "record_id": f"select record_id from identity.customer_records where customer_id in ({changed})",
        "customer_id": changed,
    }
    select = statement.select.copy()
    for table in list(select.find_all(exp.Table)):
        name = ".".join(part.name for part in table.parts)
        key = next((key for key in whose if name in statement.tables and key in run.columns(name)), None)
        if key:
            part = parse(f"select * from {name} where {key} in ({whose[key]})")
            table.replace(part.subquery(table.alias_or_name))
    return select


def _called(table: str, select: exp.Query) -> Statement:
    return Statement.of(
        table=table, describes="what facts are now.", grain="One row per fact.", select=select
    )


def _with_moments(statement: Statement) -> Statement:
    """Return the statement with since when and until when each row was known."""
    listed = [exp.column(column, quoted=True) for column in statement.columns]
    moments = parse(
        "select cast($recorded_at as timestamp) as recorded_at, cast(null as timestamp) as replaced_at"
    ).selects
    select = exp.select(*listed, *moments).from_(
        exp.Subquery(this=statement.select.copy(), alias=exp.to_identifier("facts"))
    )
    return Statement.of(
        table=history_of(statement.table),
        describes=f"{statement.describes} With since when and until when the release knew each row.",
        grain=f"{statement.grain} And per version of it.",
        select=select,
    )


def _standing(statement: Statement) -> Statement:
    listed = ", ".join(f'"{column}"' for column in statement.columns)
    return Statement.of(
        table=statement.table,
        describes=statement.describes,
        grain=statement.grain,
        select=parse(f"select {listed} from {history_of(statement.table)} where replaced_at is null"),
    )
