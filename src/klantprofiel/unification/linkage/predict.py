"""Scores of pairs: Splink's comparison vectors, weighed by the frozen model, in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.linkage.blocking import find_large, hide, keys_sql, pairs_sql, sides
from klantprofiel.unification.linkage.engine import PAIRS, make_records, records_sql, vectors_sql
from klantprofiel.unification.linkage.frequencies import with_frequencies, with_own_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from klantprofiel.unification.linkage.blocking import Rule
    from klantprofiel.unification.linkage.model import Model, Trained
    from klantprofiel.warehouse import Run, StoredRelease

BITS: Final = "DOUBLE"
_COMPARED: Final = re.compile(r'"l"\."(\w+)"')
"""A column of the first record of a pair, as Splink writes it."""

LARGE: Final = {"rule": "VARCHAR", "key": "UBIGINT"}


def weights_sql(model: Model) -> str:
    """Return the select of scores from `vectors`: numbers, bits per comparison, score and p_household.

    The bits of a comparison are those against strangers and against a household, by how likely either is if
    the pair is no match: so they add up to the score, but for what is said before anything is compared.
    """
    names = model.comparison_names
    strangers = ",\n".join(f"{_strangers_bits(each)} as s_{each.comparison.name}" for each in model.trained)
    household = ",\n".join(f"{_household_bits(each)} as h_{each.comparison.name}" for each in model.trained)
    against_strangers = _sum(model.match_bits, [f"s_{name}" for name in names])
    against_household = _sum(model.household_bits, [f"h_{name}" for name in names])
    bits = ",\n".join(
        f"case when gamma_{name} >= 0 then s_{name} + p_household * (h_{name} - s_{name}) end as {name}"
        for name in names
    )
    return f""",
weighed as (
    select *, {strangers}
    from __splink__df_comparison_vectors
),
weighed_twice as (
    select *, {household}
    from weighed
),
summed as (
    select *, {against_strangers} as strangers, {against_household} as household
    from weighed_twice
),
judged as (
    select
        *,
        1 / (1 + pow(2.0, least(greatest(household - strangers, -500), 500))) as p_household,
        least(strangers, household) - log2(1 + pow(2.0, greatest(-abs(strangers - household), -500))) as score
    from summed
)
select
    number_l,
    number_r,
    {bits},
    score,
    p_household
from judged
"""


def _strangers_bits(trained: Trained) -> str:
    name, last = trained.comparison.name, len(trained.weights) - 1
    cases = " ".join(
        f"when {last - place} then {weight.match_bits!r}::double"
        for place, weight in enumerate(trained.weights)
    )
    bits = f"case gamma_{name} {cases} else 0::double end"
    return f"{bits} + {_frequency_bits(trained)}" if trained.comparison.frequency else bits


def _frequency_bits(trained: Trained) -> str:
    """How much more than usual an equal value tells because it is rare, or less because it is common."""
    column, top = trained.comparison.frequency, trained.weights[0].u
    return (
        f"case gamma_{trained.comparison.name} when {len(trained.weights) - 1} then "
        f"coalesce(log2({top!r}::double / greatest(tf_{column}_l, tf_{column}_r)), 0) else 0::double end"
    )


def _household_bits(trained: Trained) -> str:
    name, last = trained.comparison.name, len(trained.weights) - 1
    if trained.comparison.shared:
        own = [weight.household_bits for weight in trained.weights]
        start = "0::double"
    else:
        own = [weight.household_bits - weight.match_bits for weight in trained.weights]
        start = f"s_{name}"
    cases = " ".join(f"when {last - place} then {bits!r}::double" for place, bits in enumerate(own))
    return f"{start} + case gamma_{name} {cases} else 0::double end"


def _sum(start: float, terms: list[str]) -> str:
    return " + ".join([f"{start!r}::double", *terms])


def score(run: Run, model: Model) -> None:
    """Find and score the pairs of `identity.touched_records` with all records, into `identity.link_pairs`.

    Pairs of a touched record, or of one that is no more, are replaced; the others stay. A record whose pairs
    change because a key value that it holds became too common, or no longer is, joins the touched records.
    """
    _make_tables(run, model)
    with run.workspace() as cursor:
        n_records = make_records(cursor, portable=model.portable)
        whole = False
        if model.trained and model.rules:
            cursor.execute(f"create temp view keyed as {with_own_domain(model.common_domains, 'records')}")
            cursor.execute(f"create temp table keys as {keys_sql(model.rules, 'keyed')}")
            cursor.execute(f"create temp table touched as {_TOUCHED}")
            n_touched = _hide_large(cursor, model.rules)
            whole = n_touched == n_records
            pairs = pairs_sql(model.rules, "keys", None if whole else "touched")
            cursor.execute(f"create temp table {PAIRS} as {pairs}")
            cursor.execute("drop table keys")
            _score_into(cursor, model, f"where score > {model.keep_bits!r}")
        else:
            _score_nothing(cursor, model)
        cursor.execute("delete from identity.link_pairs" if whole else _FORGET)
        cursor.execute(f"insert into identity.link_pairs {_named(model)}")


def score_pairs(tables: Run | StoredRelease, model: Model, pairs: Any) -> Any:  # noqa: ANN401  Arrow tables; pyarrow ships no types
    """Return the scores of given pairs, as an Arrow table with the columns of `identity.link_pairs`.

    Parameters
    ----------
    tables
        A run or a release; nothing is written to it.
    pairs
        An Arrow table, or the name of one of the tables, with `first_record_id` < `record_id`.

    Returns
    -------
    One row per pair whose records are both known, whatever it scores, sorted by both ids.
    """
    with tables.workspace() as cursor:
        if not isinstance(pairs, str) and not len(pairs):
            _score_nothing(cursor, model)
            cursor.execute("create temp table numbers (number integer, record_id varchar)")
            return cursor.sql(_named(model)).to_arrow_table()
        if not isinstance(pairs, str):
            cursor.register("given_pairs", pairs)
        source = pairs if isinstance(pairs, str) else "given_pairs"
        cursor.execute(f"create temp table wanted as select first_record_id, record_id from {source}")
        make_records(cursor, only="wanted", portable=model.portable)
        cursor.execute(
            f"create temp table {PAIRS} as "
            "select a.number as join_key_l, b.number as join_key_r, '' as match_key from wanted "
            "inner join numbers as a on a.record_id = wanted.first_record_id "
            "inner join numbers as b on b.record_id = wanted.record_id"
        )
        if model.trained:
            _score_into(cursor, model, "")
        else:
            _score_nothing(cursor, model)
        return cursor.sql(_named(model)).to_arrow_table()


_TOUCHED: Final = (
    "select number from numbers semi join identity.touched_records as touched "
    "on touched.record_id = numbers.record_id"
)
_FORGET: Final = (
    "delete from identity.link_pairs "
    "where first_record_id in (select record_id from identity.touched_records) "
    "or record_id in (select record_id from identity.touched_records)"
)


def _score_into(cursor: duckdb.DuckDBPyConnection, model: Model, where: str) -> None:
    """Make the temporary table `scored` of the pairs in `__splink__blocked_id_pairs`."""
    cursor.execute(
        f"create temp table paired as from numbers where number in (select join_key_l from {PAIRS}) "
        f"or number in (select join_key_r from {PAIRS})"
    )
    cursor.execute(f"create temp view paired_records as {records_sql('paired')}")
    vectors = vectors_sql(tuple(each.comparison for each in model.trained), "compared")
    columns = ", ".join(sorted(set(_COMPARED.findall(vectors))))
    known = with_frequencies(model.trained, model.common_domains, "paired_records")
    cursor.execute(f"create temp table compared as select {columns} from ({known})")
    cursor.execute(f"create temp table scored as {vectors}{weights_sql(model)}{where}")


def _score_nothing(cursor: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `scored` without a pair: where nothing is compared, nobody is found."""
    columns = ", ".join(f"{name} double" for name in (*model.comparison_names, "score", "p_household"))
    cursor.execute(f"create temp table scored (number_l integer, number_r integer, {columns})")


def _named(model: Model) -> str:
    columns = ", ".join(f"scored.{name}" for name in (*model.comparison_names, "score", "p_household"))
    return (
        f"select a.record_id as first_record_id, b.record_id as record_id, {columns} from scored "
        f"inner join numbers as a on a.number = scored.number_l "
        f"inner join numbers as b on b.number = scored.number_r order by number_l, number_r"
    )


def _make_tables(run: Run, model: Model) -> None:
    columns = {"first_record_id": "VARCHAR", "record_id": "VARCHAR"}
    columns |= dict.fromkeys([*model.comparison_names, "score", "p_household"], BITS)
    if run.has("identity.link_pairs") and run.columns("identity.link_pairs") != columns:
        run.drop("identity.link_pairs")
    run.create(
        "identity.link_pairs",
        columns,
        describes="pairs of records that may be one customer, with what each comparison says in bits.",
        grain="One row per pair with a score above the model's keep_bits; first_record_id < record_id.",
        made_from=("identity.link_records", "identity.term_frequencies", "link_model"),
    )
    run.create(
        "identity.large_blocks",
        LARGE,
        describes="key values that so many records share that they find no pairs.",
        grain="One row per blocking rule and key, hashed.",
        made_from=("identity.link_records", "link_model"),
    )


def _hide_large(cursor: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> int:
    """Hide the keys of large blocks, and touch the records of blocks that became large or are no longer.

    Returns how many records are touched then.
    """
    touched = " union all ".join(
        f"select distinct '{rule.name}' as rule, key_{place} as key from keys "
        f"where key_{place} is not null and number in (select number from touched)"
        for place, rule in enumerate(rules)
    )
    cursor.execute(f"create temp table counted as from identity.large_blocks union all {touched}")
    find_large(cursor, rules, among="counted")
    cursor.execute(
        "create temp table crossing as (from large except from identity.large_blocks) "
        "union all (from identity.large_blocks except from large)"
    )
    names = cursor.execute("select distinct rule from crossing order by 1").fetchall()
    for (name,) in names:
        place = [rule.name for rule in rules].index(name)
        for side in sides(rules[place], place):
            cursor.execute(
                "insert into identity.touched_records select record_id from numbers "
                f"where number in (select number from keys semi join crossing on crossing.rule = '{name}' "
                f"and crossing.key = keys.{side}) "
                "and record_id not in (select record_id from identity.touched_records) order by 1"
            )
    if names:
        cursor.execute(f"create or replace temp table touched as {_TOUCHED}")
    hide(cursor, rules, "large")
    cursor.execute("delete from identity.large_blocks")
    cursor.execute("insert into identity.large_blocks from large order by rule, key")
    ((n_touched,),) = cursor.execute("select count(*) from touched").fetchall()
    return int(n_touched)
