"""Exact keys: who holds which, which pairs they propose, and which values came to be held by too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

CAP: Final = 10
"""A value that more records hold than this tells nothing of a person: it is a shop's or a system's."""

FEW: Final = 0.2
"""Of the records; when more are touched, making all keys anew is faster."""

_WITHDRAWN: Final = """
select distinct rule, key_value from identity.match_keys where is_withdrawn order by all
"""
_REOPENED: Final = """
with crossed as (
    (from withdrawn_before except from withdrawn_now)
    union all
    (from withdrawn_now except from withdrawn_before)
)
select distinct holders.record_id
from {holders} as holders
semi join crossed on crossed.rule = holders.rule and crossed.key_value = holders.key_value
order by 1
"""
_AFFECTED: Final = """
select rule, key_value from identity.match_keys semi join identity.touched_records using (record_id)
union
select rule, key_value from changed
"""
_COUNTED: Final = """
with holders as (
    select record_id, rule, key_value from held anti join identity.touched_records using (record_id)
    union all
    select record_id, rule, key_value from changed
)
select
    record_id,
    rule,
    key_value,
    count(*) over (partition by rule, key_value) as n_records,
    count(*) over (partition by rule, key_value) > $cap as is_withdrawn
from holders
"""
_HELD: Final = "from identity.match_keys semi join {keys} using (rule, key_value)"
_OVER: Final = "select distinct rule, key_value from {held} where is_withdrawn"
_CONCERNED: Final = "select record_id from identity.touched_records union select record_id from reopened"
_EITHER: Final = "first_record_id in (from concerned) or record_id in (from concerned)"


def keep_keys(run: Run, *, cap: int = CAP) -> Any:  # noqa: ANN401  an Arrow array; pyarrow ships no types
    """Keep `identity.match_keys` and `identity.key_pairs` of the records as they are now.

    A value that more than `cap` records hold proposes no pairs. Returns the ids of the records that hold a
    value which was withdrawn since the release before, or came back: what links them is to be found out anew.
    Without a release before none are returned. Of `identity.touched_records` only, when these are few.
    """
    if not run.has("identity.match_keys"):
        _make_all(run, cap)
        return run.arrow("select record_id from identity.match_keys where false")["record_id"]
    if _are_few_touched(run):
        return _renew(run, cap)
    before = run.arrow(_WITHDRAWN)
    _make_all(run, cap)
    now = run.arrow(_WITHDRAWN)
    query = _REOPENED.format(holders="identity.match_keys")
    return run.arrow(query, withdrawn_before=before, withdrawn_now=now)["record_id"]


def _make_all(run: Run, cap: int) -> None:
    run.make(load_sql(__package__, "match_keys"), cap=cap)
    run.make(load_sql(__package__, "key_pairs"))


def _are_few_touched(run: Run) -> bool:
    if not run.has("identity.touched_records"):
        return False
    ((n_touched, n_records),) = run.rows(
        "select (select count(*) from identity.touched_records), (select count(*) from identity.link_records)"
    )
    return bool(n_touched < FEW * n_records)


def _renew(run: Run, cap: int) -> Any:  # noqa: ANN401  an Arrow array
    """Replace the keys of touched records, count who holds these values now, and pair them anew."""
    came = run.arrow("from identity.link_records semi join identity.touched_records using (record_id)")
    changed = run.arrow(_reading("match_keys", {"identity.link_records": "came"}), came=came, cap=cap)
    affected = run.arrow(_AFFECTED, changed=changed)
    held = run.arrow(_HELD.format(keys="affected"), affected=affected)
    counted = run.arrow(_COUNTED, held=held, changed=changed, cap=cap)
    reopened = run.arrow(
        _REOPENED.format(holders="counted"),
        counted=counted,
        withdrawn_before=run.arrow(_OVER.format(held="held"), held=held),
        withdrawn_now=run.arrow(_OVER.format(held="counted"), counted=counted),
    )
    run.execute(
        "delete from identity.match_keys using affected "
        "where match_keys.rule = affected.rule and match_keys.key_value = affected.key_value",
        affected=affected,
    )
    run.execute("insert into identity.match_keys by name from counted", counted=counted)
    concerned = run.arrow(_CONCERNED, reopened=reopened)
    theirs = run.arrow(
        "select distinct rule, key_value from identity.match_keys semi join concerned using (record_id)",
        concerned=concerned,
    )
    holders = run.arrow(_HELD.format(keys="theirs"), theirs=theirs)
    run.execute(f"delete from identity.key_pairs where {_EITHER}", concerned=concerned)
    run.execute(
        "insert into identity.key_pairs by name "
        f"from ({_reading('key_pairs', {'identity.match_keys': 'holders'})}) where {_EITHER}",
        holders=holders,
        concerned=concerned,
    )
    return reopened["record_id"]


def _reading(name: str, instead: dict[str, str]) -> str:
    """Return the SQL of a statement that reads some frames instead of tables."""
    return exp.replace_tables(load_sql(__package__, name).select, instead).sql("duckdb")
