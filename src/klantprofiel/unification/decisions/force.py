"""The decisions in force as pairs of records, for who groups records into customers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.decisions.consistency import Joined
from klantprofiel.unification.decisions.decision import decided, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klantprofiel.unification.decisions.decision import Decision, Pair
    from klantprofiel.warehouse import Ledger

_PAIR: Final = ("first_record_id", "record_id")


def decisions_in_force(ledger: Ledger, *, among: Sequence[str] | None = None) -> tuple[Any, Any]:
    """Return which pairs of records are one person, and which are not, as people decided.

    Parameters
    ----------
    among
        The records that are there now, as a list or an Arrow array; the others are left out after what they
        join is joined. None for the pairs as they were decided, whoever is there.

    Returns
    -------
    Two Arrow tables with the columns first_record_id, record_id and decision_id, the lower record first, in
    order of the pairs: those that are together, and those that are apart. With `among`, who is one person is
    a star around the lowest record, and of two persons that are apart only their lowest records are named.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> together, apart = decisions_in_force(Warehouse(tempfile.mkdtemp()).ledger)
    >>> together.num_rows, apart.column_names
    (0, ['first_record_id', 'record_id', 'decision_id'])
    """
    return bonds(in_force(decided(ledger)), among=among)


def bonds(decisions: Sequence[Decision], *, among: Sequence[str] | None = None) -> tuple[Any, Any]:
    """Return the pairs of decisions that are all in force, as `decisions_in_force` does.

    >>> from klantprofiel.unification.decisions.decision import Decision
    >>> joins = [
    ...     Decision("join", "Els", "zelfde", records=("a/1", "b/1"), decision_id=1),
    ...     Decision("join", "Els", "zelfde", records=("b/1", "c/1"), decision_id=2),
    ... ]
    >>> together, _ = bonds(joins, among=["a/1", "c/1"])
    >>> together.to_pylist()
    [{'first_record_id': 'a/1', 'record_id': 'c/1', 'decision_id': 2}]
    """
    if among is not None:
        return _bonds_among(decisions, among)
    together: dict[Pair, int] = {}
    apart: dict[Pair, int] = {}
    for decision in reversed(decisions):
        pairs = dict.fromkeys(decision.pairs(), decision.decision_id)
        (together if decision.kind == "join" else apart).update(pairs)
    return _table(together), _table(apart)


def _bonds_among(decisions: Sequence[Decision], among: Sequence[str]) -> tuple[Any, Any]:
    joined = Joined(decisions)
    named = {record for each in decisions for record in (*each.records, *each.others)}
    by_person = defaultdict(list)
    for record in _present(sorted(named), among):
        by_person[joined.person(record)].append(record)
    joined_by = {
        record: each.decision_id
        for each in reversed(decisions)
        if each.kind == "join"
        for record in each.records
    }
    together = {(first, record): joined_by[record] for first, *rest in by_person.values() for record in rest}
    apart: dict[Pair, int] = {}
    for decision in decisions:
        if decision.kind == "split":
            for one, other in decision.pairs():
                ends = [by_person.get(joined.person(record)) for record in (one, other)]
                if ends[0] and ends[1]:
                    low, high = sorted((ends[0][0], ends[1][0]))
                    apart.setdefault((low, high), decision.decision_id)
    return _table(together), _table(apart)


def with_unlinked(grouped: Any, together: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return groups of records with those added that can only be joined by people.

    Of a record that only events mention nothing can be compared, so that it is in no group by itself.

    Parameters
    ----------
    grouped
        Arrow table with record_id and group_id, in which people's word is followed already.
    together
        As from `decisions_in_force` with `among` all records, those without a group included.

    Returns
    -------
    The same table, and below it the joined records that were not in it: in the group of who they are joined
    with, or else in a group of their own.

    Examples
    --------
    >>> import pyarrow as pa
    >>> grouped = pa.table({"record_id": ["crm/1"], "group_id": [4]})
    >>> together = pa.table({"first_record_id": ["crm/1", "web/8"], "record_id": ["web/7", "web/9"]})
    >>> with_unlinked(grouped, together).to_pydict()
    {'record_id': ['crm/1', 'web/7', 'web/8', 'web/9'], 'group_id': [4, 4, 5, 5]}
    """
    import pyarrow as pa  # noqa: PLC0415  the same
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    stars: dict[str, list[str]] = {}
    for first, record in zip(*(together[name].to_pylist() for name in _PAIR), strict=True):
        stars.setdefault(first, [first]).append(record)
    named = pa.array([record for star in stars.values() for record in star], pa.string())
    places = pc.index_in(named, value_set=grouped["record_id"].combine_chunks().cast(pa.string()))
    groups = dict(zip(named.to_pylist(), grouped["group_id"].take(places).to_pylist(), strict=True))
    following = (pc.max(grouped["group_id"]).as_py() or 0) + 1
    added: dict[str, int] = {}
    for star in stars.values():
        known = [group for record in star if (group := groups[record]) is not None]
        own = known[0] if known else following
        following += not known
        added |= {record: own for record in star if groups[record] is None}
    above = grouped.select(["record_id", "group_id"])
    rows = {"record_id": list(added), "group_id": list(added.values())}
    return pa.concat_tables([above, pa.table(rows, schema=above.schema)])


def touched_by_decisions(ledger: Ledger, *, after: int) -> list[str]:
    """Return the records, in order, of which anything was decided or retracted after a decision's number.

    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> touched_by_decisions(Warehouse(tempfile.mkdtemp()).ledger, after=0)
    []
    """
    by_number = {decision.decision_id: decision for decision in decided(ledger)}
    later = [decision for number, decision in by_number.items() if number > after]
    later += [by_number[each.retracts] for each in later if each.retracts is not None]
    return sorted({record for each in later for record in (*each.records, *each.others)})


def _present(records: list[str], among: Sequence[str]) -> list[str]:
    """Return those of a few records that are among many."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    column = pa.array(records, pa.string())
    many = among if isinstance(among, pa.Array | pa.ChunkedArray) else pa.array(among, pa.string())
    if isinstance(many, pa.ChunkedArray):
        many = many.combine_chunks()
    present: list[str] = column.filter(pc.is_in(column, value_set=many.cast(pa.string()))).to_pylist()
    return present


def _table(pairs: dict[Pair, int]) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  the same

    rows: Iterable[tuple[Pair, int]] = sorted(pairs.items())
    return pa.table(
        {
            "first_record_id": pa.array([first for (first, _), _ in rows], pa.string()),
            "record_id": pa.array([record for (_, record), _ in rows], pa.string()),
            "decision_id": pa.array([number for _, number in rows], pa.int64()),
        }
    )
