"""Training: which pairs are found, and what each degree of likeness weighs, from the records as they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.unification.linkage.blocking import (
    FEW_PAIRS_PER_RECORD,
    LARGEST_BLOCK,
    LEAST_YIELD,
    MOST_PAIRS_PER_RECORD,
    RULES,
    Rule,
    find_large,
    hide,
    keys_sql,
    pairs_sql,
)
from klantprofiel.unification.linkage.comparisons import comparisons_of
from klantprofiel.unification.linkage.engine import (
    PAIRS,
    make_records,
    quiet,
    splinks_own,
    vectors_sql,
)
from klantprofiel.unification.linkage.estimates import FEWEST_RECORDS, blend, estimate, why_preset
from klantprofiel.unification.linkage.frequencies import (
    common_domains,
    count_frequencies,
    rarest_of,
    with_frequencies,
    with_own_domain,
)
from klantprofiel.unification.linkage.mixture import Classes, Patterns, estimate_classes, preset_classes
from klantprofiel.unification.linkage.model import Model, Trained, Weight

if TYPE_CHECKING:
    import duckdb

    from klantprofiel.unification.linkage.comparisons import Comparison
    from klantprofiel.unification.linkage.mixture import Floats
    from klantprofiel.warehouse import Run

ENOUGH_RECORDS: Final = 75_000  # to train on; of more a sample is taken
PRESET_RULES: Final = 14  # of a model that knows no matches yet: the most telling ones, for a quick run
PATTERN_PAIRS: Final = 500_000  # candidates that the classes are estimated from
FILLED: Final = 0.005  # share of the records; a column that fewer fill is not compared
FEWEST_FILLED: Final = 20
LEAST_ALONE: Final = 1.0  # bits that the guard adds where nobody shares a household
LEAST_AMONG_RELATIVES: Final = -1.0
RELATIVES: Final = 0.1  # share of household in all pairs that share much; with more, relatives count in full
MOST_BITS: Final = 3.0
DIGITS: Final = 6  # of a parameter: what further digits say differs with the number of threads


def train(run: Run, *, portable: bool = False) -> Model:
    """Estimate from `identity.link_records` how pairs are found and scored.

    Reads nothing else and writes nothing; the same records give the same model. Data too thin to estimate
    from give the presets of the comparisons, and `notes` and `Trained.because` say so.

    Parameters
    ----------
    portable
        Whether only what every engine computes alike may be compared: no Jaro-Winkler.
    """
    with run.workspace() as cursor, splinks_own(run, cursor), quiet():
        n_records = make_records(cursor, portable=portable)
        kinds = _filled_kinds(cursor, n_records)
        comparisons = comparisons_of(kinds, portable=portable)
        domains = common_domains(cursor)
        rules = _possible_rules(cursor, kinds, domains, n_records)
        n_sampled = _sample(cursor, domains, n_records)
        estimates = estimate(cursor, comparisons, kinds, n_sampled)
        blended = [blend(comparison, estimates, n_sampled) for comparison in comparisons]
        m, u = [each for each, _ in blended], [each for _, each in blended]
        shared = [each.shared_levels for each in comparisons]
        if estimates.n_matches:
            patterns = _patterns(cursor, comparisons, rules, n_sampled)
            classes = estimate_classes(patterns, m, u, shared, estimates.prior)
            rules = _yielding(rules, patterns, classes, n_sampled, n_records)
        else:
            classes, rules = preset_classes(m, u, shared, estimates.prior), rules[:PRESET_RULES]
        trained = tuple(
            _trained(each, _weights(*shares), why_preset(each, estimates), rarest_of(cursor, each, n_records))
            for each, *shares in zip(comparisons, m, classes.household, classes.strangers, strict=True)
        )
        frequencies = count_frequencies(cursor, comparisons, n_records)
    sizes = [size * (n_records / max(n_sampled, 1)) ** 2 for size in classes.sizes]
    return Model(
        as_of=run.as_of.isoformat(),
        trained=trained,
        rules=rules,
        match_share=_rounded(classes.match_share),
        household_share=_rounded(classes.household_share),
        class_sizes=dict(
            zip(("match", "household", "unrelated"), (round(size) for size in sizes), strict=True)
        ),
        common_domains=domains,
        n_records=n_records,
        portable=portable,
        guard_bits=_guard_bits(sizes[0], sizes[1], n_records),
        notes=_notes(trained, n_records),
        frequencies=frequencies,
    )


def _filled_kinds(cursor: duckdb.DuckDBPyConnection, n_records: int) -> frozenset[str]:
    """Return the columns of the records that enough of them fill to be compared."""
    columns = [name for name, *_ in cursor.execute("describe from records").fetchall()]
    counts = cursor.execute(
        f"select {', '.join(f'count({column})' for column in columns)}, count(distinct source) from records"
    ).fetchall()[0]
    least = max(FEWEST_FILLED if n_records >= FEWEST_RECORDS else 1, FILLED * n_records)
    filled = {column for column, n_filled in zip(columns, counts, strict=False) if n_filled >= least}
    return frozenset(filled if counts[-1] > 1 else filled - {"source"})


def _possible_rules(
    cursor: duckdb.DuckDBPyConnection, kinds: frozenset[str], domains: tuple[str, ...], n_records: int
) -> tuple[Rule, ...]:
    """Return the rules whose columns are filled and that do not yield too many pairs."""
    cursor.execute(f"create temp view keyed as {with_own_domain(domains, 'records')}")
    known = kinds | {"own_domain"} if "email" in kinds else kinds
    possible = [rule for rule in RULES if known.issuperset(rule.columns)]
    if not possible:
        return ()
    cursor.execute(f"create temp table keys as {keys_sql(possible, 'keyed')}")
    counts = " union all ".join(
        f"select {place} as place, coalesce(sum(n * (n - 1) // 2), 0) as n_pairs "
        f"from (select count(*) as n from keys where key_{place} is not null "
        f"group by key_{place} having count(*) <= {LARGEST_BLOCK})"
        for place in range(len(possible))
    )
    n_pairs = dict(cursor.execute(counts).fetchall())
    cursor.execute("drop table keys")
    most = MOST_PAIRS_PER_RECORD * max(n_records, FEWEST_RECORDS)
    return tuple(rule for place, rule in enumerate(possible) if n_pairs[place] <= most)


def _sample(cursor: duckdb.DuckDBPyConnection, domains: tuple[str, ...], n_records: int) -> int:
    """Make `compared`, of all records or so many of them as are enough to train on; return how many."""
    share = min(1.0, ENOUGH_RECORDS / max(n_records, 1))
    cursor.execute(
        f"create temp table compared as {with_frequencies((), domains, 'records')} "
        f"where {share!r} = 1 or hash(record_id) % 1000000 < {round(share * 1_000_000)}"
    )
    cursor.execute(f"create temp view keyed_sample as {with_own_domain(domains, 'compared')}")
    ((n_sampled,),) = cursor.execute("select count(*) from compared").fetchall()
    return int(n_sampled)


def _yielding(
    rules: tuple[Rule, ...], patterns: Patterns, classes: Classes, n_sampled: int, n_records: int
) -> tuple[Rule, ...]:
    """Return the rules that find matches which those before them do not, enough for the pairs that they cost.

    In a sample a record has fewer others to be paired with than among all.
    """
    matches = np.bincount(patterns.rules, classes.is_match * patterns.counts, len(rules))
    pairs = np.bincount(patterns.rules, patterns.counts, len(rules))
    pairs_per_record = pairs / n_sampled * (n_records / n_sampled)
    enough = LEAST_YIELD * np.maximum(pairs_per_record, 1) * matches.sum()
    worth = (matches >= enough) | (pairs_per_record <= FEW_PAIRS_PER_RECORD)
    return tuple(rule for rule, is_worth in zip(rules, worth, strict=True) if is_worth)


def _patterns(
    cursor: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    rules: tuple[Rule, ...],
    n_records: int,
) -> Patterns:
    """Count how often each combination of levels occurs among the candidates, or a sample of them."""
    n_pairs = max(n_records * (n_records - 1) / 2, 1.0)
    if not rules:
        return Patterns(
            np.empty((0, len(comparisons)), np.int64), np.empty(0), n_pairs, np.empty(0, np.int64)
        )
    cursor.execute(f"create temp table keys as {keys_sql(rules, 'keyed_sample')}")
    find_large(cursor, rules)
    hide(cursor, rules, "large")
    cursor.execute(f"create temp table candidates as {pairs_sql(rules, 'keys')}")
    ((n_candidates,),) = cursor.execute("select count(*) from candidates").fetchall()
    one_in = max(1, -(-n_candidates // PATTERN_PAIRS))
    cursor.execute(
        f"create temp view {PAIRS} as from candidates where hash(join_key_l, join_key_r) % {one_in} = 0"
    )
    gammas = ", ".join(f"gamma_{each.name}" for each in comparisons)
    counted = cursor.sql(
        f"{vectors_sql(comparisons, 'compared', with_frequencies=False)} select {gammas}, "
        f"cast(match_key as integer) as rule, count(*) as n_pairs "
        f"from __splink__df_comparison_vectors group by all order by all"
    ).fetchnumpy()
    levels = [
        np.where(counted[f"gamma_{each.name}"] < 0, -1, len(each.levels) - 1 - counted[f"gamma_{each.name}"])
        for each in comparisons
    ]
    return Patterns(
        np.stack(levels, axis=1).astype(np.int64),
        counted["n_pairs"].astype(np.float64) * one_in,
        n_pairs,
        counted["rule"].astype(np.int64),
    )


def _trained(comparison: Comparison, weights: tuple[Weight, ...], because: str, rarest: float) -> Trained:
    origin = "preset" if because else "trained"
    return Trained(comparison, weights, origin, because, _rounded(rarest))


def _weights(m: Floats, h: Floats, u: Floats) -> tuple[Weight, ...]:
    return tuple(Weight(*(_rounded(share) for share in shares)) for shares in zip(m, h, u, strict=True))


def _rounded(share: float) -> float:
    return float(f"{float(share):.{DIGITS}g}")


def _guard_bits(n_matches: float, n_household: float, n_records: int) -> float:
    """Return what the guard adds to a score: the more matches a record has, the more a group is one person.

    A line through five data sets, of which any four give one that serves the fifth: 1.3 matches per record
    bear 2.5 bits, .8 bear 1 to 1.5, and .3 bear none without loss of precision. Where nobody shares a home
    there are no relatives to be kept apart, and few matches bear a bit more: so it was in a third of the
    records of a data set that has none.

    >>> [_guard_bits(n_matches, 0.45 * n_matches, 1000) for n_matches in (300, 800, 1300)]
    [-1.0, 1.42, 2.68]
    >>> _guard_bits(300, 0, 1000), _guard_bits(0, 0, 1000)
    (1.0, 0.0)
    """
    if not n_matches:
        return 0.0
    household_share = n_household / (n_matches + n_household)
    least = LEAST_ALONE - (LEAST_ALONE - LEAST_AMONG_RELATIVES) * min(household_share / RELATIVES, 1.0)
    return round(min(max(2 + 1.8 * math.log2(n_matches / n_records), least), MOST_BITS), 2)


def _notes(trained: tuple[Trained, ...], n_records: int) -> tuple[str, ...]:
    reasons = dict.fromkeys(each.because for each in trained if each.because)
    if not reasons:
        return (f"Alle gewichten zijn geleerd van {n_records} records.",)
    return tuple(
        f"Vooraf gegeven gewichten, want {reason}: "
        + ", ".join(each.comparison.label.lower() for each in trained if each.because == reason)
        + "."
        for reason in reasons
    )
