"""Exact keys: who holds which, which pairs they propose, and which values came to be held by too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
_HELD: Final = "from identity.match_keys semi join keys using (rule, key_value)"
_KEYS_OF: Final = (
    "select distinct rule, key_value from identity.match_keys semi join concerned using (record_id)"
)
_FORGET: Final = """
delete from identity.match_keys using affected
where match_keys.rule = affected.rule and match_keys.key_value = affected.key_value
"""
_CONCERNED: Final = "select record_id from identity.touched_records union select record_id from reopened"
_EITHER: Final = "first_record_id in (from concerned) or record_id in (from concerned)"


def keep_keys(run: Run, *, cap: int = CAP, came: Any = None) -> Any:  # noqa: ANN401  Arrow; pyarrow ships no types
    """Keep `identity.match_keys` and `identity.key_pairs` of the records as they are now.

    A value that more than `cap` records hold proposes no pairs. Returns the ids of the records that hold a
    value which was withdrawn since the release before, or came back: what links them is to be found out anew.
    Without a release before none are returned. Of `identity.touched_records` only, when these are few; `came`
    are their rows in `identity.link_records`, if these have been read already.
    """
    if not run.has("identity.match_keys"):
        _make_all(run, cap)
        return run.arrow("select record_id from identity.match_keys where false")["record_id"]
    if _are_few_touched(run):
        return _renew(run, cap, came)
    before = run.arrow(_WITHDRAWN)
    _make_all(run, cap)
    now = run.arrow(_WITHDRAWN)
    query = _REOPENED.format(holders="identity.match_keys")
    return run.arrow(query, withdrawn_before=before, withdrawn_now=now)["record_id"]


def _make_all(run: Run, cap: int) -> None:
    run.make(load_sql(__package__, "match_keys"), cap=cap)
    run.make(load_sql(__package__, "key_pairs"))


def _are_few_touched(run: Run) -> bool:
    ((n_touched, n_records),) = run.rows(
        "select (select count(*) from identity.touched_records), (select count(*) from identity.link_records)"
    )
    return bool(n_touched < FEW * n_records)


def _renew(run: Run, cap: int, came: Any) -> Any:  # noqa: ANN401  Arrow
    """Replace the keys of touched records, count who holds these values now, and pair them anew."""
    if came is None:
        came = run.arrow("from identity.link_records semi join identity.touched_records using (record_id)")
    of_came = {"identity.link_records": came}
    changed = run.read(load_sql(__package__, "match_keys"), reading=of_came, cap=cap)
    affected = run.arrow(_AFFECTED, changed=changed)
    held = run.arrow(_HELD, keys=affected)
    counted = run.arrow(_COUNTED, held=held, changed=changed, cap=cap)
    reopened = run.arrow(
        _REOPENED.format(holders="counted"),
        counted=counted,
        withdrawn_before=_over(run, held),
        withdrawn_now=_over(run, counted),
    )
    run.execute(_FORGET, affected=affected)
    run.execute("insert into identity.match_keys by name from counted", counted=counted)
    _renew_pairs(run, counted, reopened)
    return reopened["record_id"]


def _renew_pairs(run: Run, counted: Any, reopened: Any) -> None:  # noqa: ANN401  Arrow tables
    """Pair touched and reopened records with all who hold a value of theirs: mostly those in `counted`."""
    concerned = run.arrow(_CONCERNED, reopened=reopened)
    holders = run.arrow(_HELD, keys=run.arrow(_KEYS_OF, concerned=concerned)) if len(reopened) else counted
    pairs = run.read(load_sql(__package__, "key_pairs"), reading={"identity.match_keys": holders})
    run.execute(f"delete from identity.key_pairs where {_EITHER}", concerned=concerned)
    run.execute(
        f"insert into identity.key_pairs by name from pairs where {_EITHER}", pairs=pairs, concerned=concerned
    )


def _over(run: Run, held: Any) -> Any:  # noqa: ANN401  Arrow tables
    return run.arrow("select distinct rule, key_value from held where is_withdrawn", held=held)
