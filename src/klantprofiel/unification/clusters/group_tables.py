"""The tables of the grouping: what was linked, withheld, cut and scored besides, kept in the release."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.clusters.evidence import comparisons, key_weight
from klantprofiel.unification.clusters.keys import CAP
from klantprofiel.warehouse import Statement, load_sql, parse

if TYPE_CHECKING:
    from klantprofiel.unification.clusters.grouping import Grouping
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run

COUNT: Final = "BIGINT"
COUNTS: Final = ("n_records", "n_values", "n_withdrawn", "n_edges")

_TABLES: Final = {
    "components": (
        "records that pairs link, directly or by others, as they were before the guard divided them.",
        "One row per record that is linked; component is its lowest record.",
        "record_id in (from scope)",
    ),
    "group_verdicts": (
        "pairs that link though their records are two customers, and why; decided ones are joined.",
        "One row per pair; verdict is guard, ambiguous, cut, decision, withdrawn or joined.",
        "first_record_id in (from scope) or record_id in (from scope)",
    ),
    "cut_components": (
        "components that were too large to be one person, and the parts that they were cut into.",
        "One row per component, named by its lowest record.",
        "component in (from scope)",
    ),
    "closing_pairs": (
        "scored pairs that blocking did not find or keep: inside components, or with an equal key.",
        "One row per pair of records, none of them in identity.link_pairs.",
        "first_record_id in (from scope) or record_id in (from scope)",
    ),
}
_MADE_FROM: Final = ("identity.link_pairs", "identity.key_pairs")

# What may have changed: the components of touched records, as they were and as they are linked now.
_SCOPE: Final = """
with near as (
    select record_id from touched
    union
    select pairs.record_id
    from identity.link_pairs as pairs
    semi join touched on touched.record_id = pairs.first_record_id
    union
    select pairs.first_record_id as record_id
    from identity.link_pairs as pairs
    semi join touched on touched.record_id = pairs.record_id
    union
    select pairs.record_id
    from identity.key_pairs as pairs
    semi join touched on touched.record_id = pairs.first_record_id
    union
    select pairs.first_record_id as record_id
    from identity.key_pairs as pairs
    semi join touched on touched.record_id = pairs.record_id
    union
    select decided.record_id
    from decided
    semi join touched on touched.record_id = decided.first_record_id
    union
    select decided.first_record_id as record_id
    from decided
    semi join touched on touched.record_id = decided.record_id
)
select record_id from near
union
select others.record_id
from near
inner join identity.components as own on own.record_id = near.record_id
inner join identity.components as others on others.component = own.component
order by 1
"""
_EDGES: Final = """
with pairs as (
    select first_record_id, record_id, score{bits} from identity.link_pairs
    union all
    select first_record_id, record_id, score{bits} from identity.closing_pairs
)
select first_record_id, record_id, 'model' as rule, score as weight{bits}
from pairs
union all
select
    pairs.first_record_id,
    pairs.record_id,
    keys.rule,
    {key_weight} as weight{bits_of_pairs}
from identity.key_pairs as keys
inner join pairs on pairs.first_record_id = keys.first_record_id and pairs.record_id = keys.record_id
"""


def scope_of(run: Run, touched: Any, together: Any = None) -> Any:  # noqa: ANN401  Arrow arrays and tables
    """Return the ids of all records whose group may be another now, as whole components.

    Parameters
    ----------
    touched
        The ids of records that came, changed or went, or that decisions name.
    together
        The decisions in force (first_record_id, record_id): a record that came back brings its others along.
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    nobody = {"first_record_id": pa.array([], pa.string()), "record_id": pa.array([], pa.string())}
    frame = pa.table({"record_id": pa.array(touched, pa.string())})
    return run.arrow(_SCOPE, touched=frame, decided=pa.table(nobody) if together is None else together)[
        "record_id"
    ]


def keep_grouping(
    run: Run,
    grouping: Grouping,
    scope: Any = None,  # noqa: ANN401  an Arrow array
    *,
    model: Model,
    cap: int = CAP,
) -> None:
    """Keep what the grouping found; with a scope, only what concerns its records is replaced.

    Makes `identity.components`, `identity.group_verdicts`, `identity.cut_components`,
    `identity.closing_pairs`, the view `identity.match_edges` and `unification_account`.
    """
    import pyarrow as pa  # noqa: PLC0415  as in `scope_of`

    frames = {
        "components": grouping.components,
        "group_verdicts": grouping.verdicts,
        "cut_components": grouping.cuts,
        "closing_pairs": grouping.closing_pairs,
    }
    for name, (describes, grain, concerned) in _TABLES.items():
        table = f"identity.{name}"
        if scope is None:
            run.write(table, frames[name], describes=describes, grain=grain, made_from=_MADE_FROM)
            continue
        ids = pa.table({"record_id": pa.array(scope, pa.string())})
        run.execute(f"delete from {table} where {concerned}", scope=ids)
        run.execute(f"insert into {table} by name from found", found=frames[name])
    run.view(match_edges(model))
    account = load_sql(__package__, "unification_account")
    run.make(account, types=dict.fromkeys(COUNTS, COUNT), cap=cap, threshold_bits=-model.guard_bits)


def match_edges(model: Model) -> Statement:
    """Return the view of all scored pairs, by each rule that links them, with the bits of each comparison.

    The weight of an equal key holds what else is known of the pair; that of the rule 'model' is its score.
    """
    return _match_edges(comparisons(model.comparison_names))


@functools.cache  # parsing takes longer than small data
def _match_edges(names: tuple[str, ...]) -> Statement:
    query = _EDGES.format(
        bits="".join(f", {name}" for name in names),
        bits_of_pairs="".join(f", pairs.{name}" for name in names),
        key_weight=key_weight(names),
    )
    return Statement.of(
        table="identity.match_edges",
        describes="pairs of records that were compared, and what each rule says of them in bits.",
        grain="One row per pair and rule; model is what all comparisons say together.",
        select=parse(query),
    )
