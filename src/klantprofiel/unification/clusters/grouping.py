"""Groups of records that are one customer: the guard, fed from tables of scored pairs, keys, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.unification.clusters.cutting import cut
from klantprofiel.unification.clusters.evidence import (
    comparisons,
    is_against,
    is_bare,
    is_different,
    key_weight,
    shared_values,
    without_withdrawn,
)
from klantprofiel.unification.clusters.guard import Pairs, Verdict, divide, missing_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.unification.clusters.components import Booleans, Integers
    from klantprofiel.unification.clusters.cutting import Parts
    from klantprofiel.unification.clusters.guard import Division
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run, StoredRelease, Tables

JOINED: Final = "joined"
"""The verdict on two records that somebody decided are one."""

_ALL: Final = "select record_id, source from identity.link_records"
_SCOPE: Final = f"{_ALL} semi join scope using (record_id)"
_PLACED: Final = (
    "select *, row_number() over (order by record_id) - 1 as place from ({records}) order by place"
)
_NO_PAIRS: Final = "from identity.link_pairs limit 0"
_KEYED: Final = """
select distinct keys.first_record_id, keys.record_id
from identity.key_pairs as keys
semi join records on records.record_id = keys.first_record_id
"""
_UNSCORED: Final = """
from keyed
semi join records on records.record_id = keyed.record_id
anti join identity.link_pairs as pairs
    on pairs.first_record_id = keyed.first_record_id and pairs.record_id = keyed.record_id
order by all
"""
_LINKED: Final = "from proposed semi join linked using (first_record_id, record_id)"
_HAS_KEY: Final = "keyed.record_id is not null"
_FACTS: Final = """
select
    firsts.place as first_place,
    others.place as other_place,
    case when {has_key} then {key_weight} else score end as weight,
    coalesce({is_bare}, false) as bare,
    {is_against} as against,
    firsts.source = others.source and {is_different} as never
from ({pairs}) as pairs
inner join records as firsts on firsts.record_id = pairs.first_record_id
inner join records as others on others.record_id = pairs.record_id
left join keyed on keyed.first_record_id = pairs.first_record_id and keyed.record_id = pairs.record_id
"""
_OVER: Final = """
select record_id, rule, key_value
from identity.match_keys
semi join records using (record_id)
where is_withdrawn
"""
_ENDS: Final = """
select firsts.place as first_place, others.place as other_place
from decided
inner join records as firsts on firsts.record_id = decided.first_record_id
inner join records as others on others.record_id = decided.record_id
order by all
"""


@dataclass(frozen=True)
class Grouping:
    """The groups of some records, and how they came about; all Arrow tables.

    Attributes
    ----------
    groups
        record_id and group_id: records with one number are one customer; numbered by first record.
    components
        record_id and component, its lowest record_id; only of linked records.
    verdicts
        first_record_id, record_id, verdict and weight: pairs that link, and whose records are two customers
        all the same; and pairs that were decided to be together.
    cuts
        component, n_records, n_parts, threshold_bits: components that were too large, and were cut.
    closing_pairs
        Pairs inside components that blocking did not find, or that score too little to be kept, with the
        columns of `identity.link_pairs`.
    """

    groups: Any
    components: Any
    verdicts: Any
    cuts: Any
    closing_pairs: Any


def group_records(
    tables: Run | StoredRelease,
    model: Model,
    *,
    scope: Any = None,  # noqa: ANN401  an Arrow array; pyarrow ships no types
    together: Any,  # noqa: ANN401  an Arrow table
    apart: Any,  # noqa: ANN401  the same
) -> Grouping:
    """Return which records are one customer; writes nothing, and works on a release too.

    Parameters
    ----------
    scope
        The ids of the records to group, whole components of them; None for all in `identity.link_records`.
    together, apart
        Decided pairs: first_record_id and record_id; those outside the scope are left out.
    """
    records = _records(tables, scope)
    by_key = tables.arrow(_KEYED, records=records)
    around = {"records": records, "keyed": by_key, "over": tables.arrow(_OVER, records=records)}
    proposed = _scored(tables, model, tables.arrow(_UNSCORED, records=records, keyed=by_key))
    known = _facts(tables, model, "identity.link_pairs", around)
    keyed = _facts(tables, model, "closing", around | {"closing": proposed})
    keyed = keyed.filter(keyed["weight"].to_numpy() > model.keep_bits)
    linked = _named(records, keyed["first_place"].to_numpy(), keyed["other_place"].to_numpy())
    proposed = tables.arrow(_LINKED, proposed=proposed, linked=linked)
    pairs = _pairs(known, keyed)
    decided = _ends(tables, together, records), _ends(tables, apart, records)
    parts = cut(
        len(records), pairs.left, pairs.right, pairs.score, together=decided[0], threshold=model.keep_bits
    )
    absent = _scored(tables, model, _named(records, *missing_pairs(parts.labels, pairs.left, pairs.right)))
    pairs = _pairs(known, keyed, _facts(tables, model, "closing", around | {"closing": absent}))
    division = divide(
        pairs,
        parts.labels,
        bias=model.guard_bits,
        unscored=model.unscored_bits,
        together=decided[0],
        apart=decided[1],
    )
    return _grouping(records, pairs, parts, division, decided[0], _joined(proposed, absent))


def _records(tables: Tables, scope: Any) -> Any:  # noqa: ANN401  as `group_records`
    """Return the records to group, placed in the order of their ids."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    if scope is None:
        return tables.arrow(_PLACED.format(records=_ALL))
    wanted = pa.table({"record_id": pa.array(scope, pa.string())})
    return tables.arrow(_PLACED.format(records=_SCOPE), scope=wanted)


def _scored(tables: Run | StoredRelease, model: Model, pairs: Any) -> Any:  # noqa: ANN401  Arrow tables
    """Return the pairs with the columns of `identity.link_pairs`."""
    from klantprofiel.unification.linkage import score_pairs  # noqa: PLC0415  it brings Splink

    if not len(pairs):
        return tables.arrow(_NO_PAIRS)
    return score_pairs(tables, model, pairs)


def _facts(tables: Tables, model: Model, pairs: str, around: Mapping[str, Any]) -> Any:  # noqa: ANN401  Arrow
    """Return what the guard must know of each scored pair; `around` holds its records and their keys."""
    columns = comparisons(model.comparison_names)
    frames = {name: frame for name, frame in around.items() if name != "over"}
    source = f"from {pairs}"
    if len(around["over"]):
        given = {"over": around["over"]} | ({pairs: around[pairs]} if pairs in around else {})
        frames["shared"] = tables.arrow(shared_values(pairs), **given)
        source = without_withdrawn(columns, pairs)
    query = _FACTS.format(
        pairs=source,
        has_key=_HAS_KEY,
        key_weight=key_weight(columns),
        is_bare=is_bare(columns, has_key=_HAS_KEY, threshold=-model.guard_bits),
        is_against=is_against(columns),
        is_different=is_different(columns),
    )
    return tables.arrow(query, **frames)


def _pairs(*facts: Any) -> Pairs:  # noqa: ANN401  Arrow tables
    def numbers(column: str) -> Any:  # noqa: ANN401  an array of the column's type
        return np.concatenate([table[column].to_numpy() for table in facts])

    def flags(column: str) -> Booleans:
        return numbers(column).astype(bool)  # type: ignore[no-any-return]  # a column of booleans

    return Pairs(
        numbers("first_place"),
        numbers("other_place"),
        numbers("weight"),
        bare=flags("bare"),
        against=flags("against"),
        never=flags("never"),
    )


def _ends(tables: Tables, decided: Any, records: Any) -> tuple[Integers, Integers]:  # noqa: ANN401  as above
    ends = tables.arrow(_ENDS, decided=decided, records=records)
    return ends["first_place"].to_numpy(), ends["other_place"].to_numpy()


def _named(records: Any, left: Integers, right: Integers) -> Any:  # noqa: ANN401  Arrow tables
    import pyarrow as pa  # noqa: PLC0415  as in `_records`

    names = records["record_id"]
    return pa.table({"first_record_id": names.take(left), "record_id": names.take(right)})


def _joined(proposed: Any, absent: Any) -> Any:  # noqa: ANN401  Arrow tables
    import pyarrow as pa  # noqa: PLC0415  as in `_records`

    return pa.concat_tables([proposed, absent]).sort_by(
        [("first_record_id", "ascending"), ("record_id", "ascending")]
    )


def _grouping(  # noqa: PLR0913, PLR0917  all that was found
    records: Any,  # noqa: ANN401  an Arrow table
    pairs: Pairs,
    parts: Parts,
    division: Division,
    together: tuple[Integers, Integers],
    closing_pairs: Any,  # noqa: ANN401  the same
) -> Grouping:
    """Put names to places."""
    import pyarrow as pa  # noqa: PLC0415  as in `_records`

    names = records["record_id"]
    _, head = np.unique(parts.components, return_index=True)
    linked = np.flatnonzero(np.bincount(parts.components)[parts.components] > 1)
    withheld = np.flatnonzero(division.verdicts > Verdict.BELOW)
    words = pa.array([verdict.name.lower() for verdict in Verdict])
    verdicts = _named(records, pairs.left[withheld], pairs.right[withheld])
    verdicts = verdicts.append_column("verdict", words.take(division.verdicts[withheld]))
    verdicts = verdicts.append_column("weight", pa.array(pairs.score[withheld]))
    joined = _named(records, *together)
    joined = joined.append_column("verdict", pa.array([JOINED] * len(joined), pa.string()))
    joined = joined.append_column("weight", pa.nulls(len(joined), pa.float64()))
    cuts = parts.cuts
    return Grouping(
        groups=pa.table({"record_id": names, "group_id": division.groups}),
        components=pa.table(
            {"record_id": names.take(linked), "component": names.take(head[parts.components[linked]])}
        ),
        verdicts=pa.concat_tables([verdicts, joined]),
        cuts=pa.table(
            {
                "component": names.take(np.array([each.first_record for each in cuts], dtype=np.int64)),
                "n_records": pa.array([each.n_records for each in cuts], pa.int64()),
                "n_parts": pa.array([each.n_parts for each in cuts], pa.int64()),
                "threshold_bits": pa.array([each.threshold_bits for each in cuts], pa.float64()),
            }
        ),
        closing_pairs=closing_pairs,
    )
