"""Plain Splink: what its own tutorials tell to do with these columns, clustered at a probability of .95.

Comparisons, blocking rules and rules for the prior are those of the tutorials on deduplicating persons
(moj-analytical-services.github.io/splink/demos), for each column that the data fill. Nothing is tuned to a
data set.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THRESHOLD: Final = 0.95
RECALL: Final = 0.7  # of the rules for the prior: the tutorial's guess
MOST_PAIRS: Final = 1e6
FEWEST_PAIRS: Final = 1_000  # to train on: Splink itself asks for a few thousand
SEED: Final = 1
COLUMNS: Final = (
    "given_name",
    "surname",
    "birth_date",
    "sex",
    "email",
    "phone",
    "id_number",
    "street",
    "house_number",
    "postal_code",
    "place",
)
BLOCKING: Final = (
    ("id_number",),
    ("email",),
    ("phone",),
    ("birth_date",),
    ("given_name", "surname"),
    ("surname", "postal_code"),
    ("given_name", "postal_code", "house_number"),
    ("street", "house_number", "place"),
)
PRIOR: Final = (("id_number",), ("given_name", "surname", "birth_date"), ("email", "surname"))
TRAINING: Final = (("given_name", "surname"), ("birth_date",), ("postal_code", "house_number"))


def link(features: Path, found: Path) -> float:
    """Link the records of a Parquet file and write record_id and cluster; return the seconds it took."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415  only this contender's

    logging.getLogger("splink").setLevel(logging.ERROR)
    start = perf_counter()
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.execute("create table records as from read_parquet($file)", {"file": str(features)})
    filled = _filled(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[_comparison(column) for column in filled],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _within(BLOCKING, filled)],
    )
    api = DuckDBAPI(connection)
    linker = Linker(api.register("records"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in _within(PRIOR, filled)], recall=RECALL
    )
    training.estimate_u_using_random_sampling(max_pairs=MOST_PAIRS, seed=SEED)
    for rule in _within(TRAINING, filled):
        if _n_pairs(connection, rule) >= FEWEST_PAIRS:
            training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=THRESHOLD
    )
    connection.execute(
        f"copy (select record_id, cluster_id as cluster from {clusters.physical_name}) to '{found}'"
    )
    return perf_counter() - start


def _filled(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the columns that hold anything."""
    counts = connection.sql(f"select {', '.join(f'count({column})' for column in COLUMNS)} from records")
    (row,) = counts.fetchall()
    return [column for column, n_filled in zip(COLUMNS, row, strict=True) if n_filled]


def _n_pairs(connection: duckdb.DuckDBPyConnection, rule: tuple[str, ...]) -> int:
    """Count the pairs of records that are alike in the columns of a rule."""
    filled = " and ".join(f"{column} is not null" for column in rule)
    sizes = f"select count(*) as n from records where {filled} group by {', '.join(rule)}"
    ((n_pairs,),) = connection.sql(f"select coalesce(sum(n * (n - 1) // 2), 0) from ({sizes})").fetchall()
    return int(n_pairs)


def _within(rules: tuple[tuple[str, ...], ...], filled: list[str]) -> list[tuple[str, ...]]:
    return [rule for rule in rules if set(rule) <= set(filled)]


def _comparison(column: str) -> Any:  # noqa: ANN401  Splink's own, imported here alone
    import splink.comparison_library as cl  # noqa: PLC0415  the same

    own: dict[str, Callable[[], Any]] = {
        "given_name": lambda: cl.NameComparison(column),
        "surname": lambda: cl.NameComparison(column),
        "birth_date": lambda: cl.DateOfBirthComparison(column, input_is_string=False),
        "email": lambda: cl.EmailComparison(column),
        "id_number": lambda: cl.DamerauLevenshteinAtThresholds(column, [1, 2]),
        "street": lambda: cl.LevenshteinAtThresholds(column, [1, 2]),
        "sex": lambda: cl.ExactMatch(column),
    }
    if column in own:
        return own[column]()
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)
