"""What Splink estimates of the records: a prior, m and u; and presets where the data are too thin for it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.unification.linkage.engine import settings_of
from klantprofiel.unification.linkage.frequencies import POPULATION

if TYPE_CHECKING:
    import duckdb

    from klantprofiel.unification.linkage.comparisons import Comparison
    from klantprofiel.unification.linkage.mixture import Floats

SEED: Final = 1
ROUNDS: Final = (12, 6, 3)
"""Of expectation maximisation: fewer where what no pair shows would shrink to less than Splink allows."""
SAMPLED_PAIRS: Final = 500_000  # of which u is estimated
EM_PAIRS: Final = 1_000_000
RECALL: Final = 0.7  # of the exact rules that the prior is estimated from
FEWEST_RECORDS: Final = 500
FEWEST_PAIRS: Final = 100  # that a rule for training must yield
PRESET_MATCHES: Final = 50  # pairs; the presets weigh as much beside the estimated m
LEAST_M: Final = 1e-4
LEAST_EQUAL: Final = 0.1  # of the matches; what fewer have equal was learnt from namesakes or a household
TOO_THIN: Final = "er zijn te weinig paren om van te leren"
UNLIKELY: Final = "wat geleerd werd is onwaarschijnlijk"
EXACT: Final = (
    ("birth_date",),
    ("email",),
    ("id_number",),
    ("iban",),
    ("phone",),
    ("street", "house_number"),
)
"""Besides the same names, equal values of these make a pair a match, nearly always."""
TRAINING: Final = (
    (("id_number",), 3),
    (("iban",), 3),
    (("birth_date",), 3),
    (("email", "given_name"), 3),
    (("given_name", "surname"), 2),
    (("phone", "given_name"), 2),
    (("street", "house_number", "given_name"), 2),
)
"""On which pairs m is trained, if so many are not yet chosen: namesakes and addresses come last.

What a family shares counts with the given name only: else its members teach that one person has several.
"""


@dataclass(frozen=True)
class Estimates:
    """What Splink estimated: the prior, and m and u per comparison and level, None where it could not."""

    prior: float
    m: dict[str, list[float | None]]
    u: dict[str, list[float | None]]
    n_matches: float


def estimate(
    cursor: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    kinds: frozenset[str],
    n_records: int,
) -> Estimates:
    """Let Splink estimate from the table `compared` what it can.

    The prior comes from pairs with equal names and something else that is exactly equal, u from seeded random
    pairs, m by expectation maximisation over pairs that have in common what is a person's own.
    """
    nothing = Estimates(
        prior=0.2 / max(n_records, POPULATION),
        m={each.name: [None] * len(each.levels) for each in comparisons},
        u={each.name: [None] * len(each.levels) for each in comparisons},
        n_matches=0,
    )
    names = ("given_name", "surname")
    if n_records < FEWEST_RECORDS or not kinds.issuperset(names):
        return nothing
    exact = [(*names, *columns) for columns in EXACT if kinds.issuperset(columns)]
    if not any(_n_pairs(cursor, columns) for columns in exact):
        return nothing
    rules = _training_rules(cursor, kinds)
    for rounds in ROUNDS:
        with contextlib.suppress(ValueError):
            return _read_estimates(
                _trained(cursor, comparisons, exact, rules, rounds=rounds), comparisons, n_records
            )
    return nothing


def _trained(
    cursor: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    exact: list[tuple[str, ...]],
    rules: list[tuple[str, ...]],
    *,
    rounds: int,
) -> dict[str, Any]:
    """Let Splink train and return its model; ValueError when a weight becomes too small for it."""
    from splink import DuckDBAPI, Linker  # noqa: PLC0415  costly

    linker = Linker(
        DuckDBAPI(cursor).register("compared"),
        settings_of(comparisons, rounds),
        log_level=None,
        validate_settings=False,
    )
    linker.training.estimate_probability_two_random_records_match(
        [_equal(columns) for columns in exact], recall=RECALL
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLED_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    for columns in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(
            _equal(columns), estimate_without_term_frequencies=True, max_pairs=EM_PAIRS
        )
    model: dict[str, Any] = linker.misc.save_model_to_json()
    return model


def _training_rules(cursor: duckdb.DuckDBPyConnection, kinds: frozenset[str]) -> list[tuple[str, ...]]:
    """Return on which columns pairs are found to train on: what is a person's own first, then what is not."""
    chosen: list[tuple[str, ...]] = []
    for columns, n_enough in TRAINING:
        if len(chosen) < n_enough and kinds.issuperset(columns) and _n_pairs(cursor, columns) >= FEWEST_PAIRS:
            chosen.append(columns)
    return chosen


def _equal(columns: tuple[str, ...]) -> str:
    return " and ".join(f"l.{column} = r.{column}" for column in columns)


def _n_pairs(cursor: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> int:
    """Count the pairs of records that have columns alike."""
    filled = " and ".join(f"{column} is not null" for column in columns)
    ((n_pairs,),) = cursor.execute(
        f"select coalesce(sum(n * (n - 1) // 2), 0) from "
        f"(select count(*) as n from compared where {filled} group by {', '.join(columns)})"
    ).fetchall()
    return int(n_pairs)


def _read_estimates(model: dict[str, Any], comparisons: tuple[Comparison, ...], n_records: int) -> Estimates:
    """Read m and u out of Splink's model; a level that still has what it began from was not observed."""
    found: dict[str, dict[str, list[float | None]]] = {"m": {}, "u": {}}
    for comparison, read in zip(comparisons, model["comparisons"], strict=True):
        begun = comparison.settings()["comparison_levels"]
        for kind, values in found.items():
            values[comparison.name] = [
                None if level.get(kind) == before[kind] else level.get(kind)
                for kind in [f"{kind}_probability"]
                for level, before in zip(read["comparison_levels"][1:], begun[1:], strict=True)
            ]
    prior = float(model["probability_two_random_records_match"])
    return Estimates(prior, found["m"], found["u"], prior * n_records * (n_records - 1) / 2)


def why_preset(comparison: Comparison, estimates: Estimates) -> str:
    """Return in Dutch why a comparison keeps its presets; empty when what was estimated of it holds."""
    found = estimates.m[comparison.name]
    if all(value is None for value in found):
        return TOO_THIN
    if comparison.name != "source" and (found[0] or 0.0) < LEAST_EQUAL * sum(value or 0.0 for value in found):
        return UNLIKELY
    return ""


def blend(comparison: Comparison, estimates: Estimates, n_records: int) -> tuple[Floats, Floats]:
    """Return m and u: the estimates, with the presets as a few pairs beside them, so that none is zero."""
    n_sampled = min(SAMPLED_PAIRS, n_records * (n_records - 1) / 2)
    presets = np.array([(level.m, level.u) for level in comparison.levels])
    presets /= presets.sum(axis=0)
    m, u = presets[:, 0], presets[:, 1]
    if not why_preset(comparison, estimates):
        m = _beside(estimates.m[comparison.name], m, estimates.n_matches, PRESET_MATCHES)
    u = _beside(estimates.u[comparison.name], u, n_sampled, 1.0)
    m, u = np.maximum(m, LEAST_M), np.maximum(u, 0.25 / max(n_sampled, 1e5))
    return m / m.sum(), u / u.sum()


def _beside(estimated: list[float | None], preset: Floats, n_pairs: float, n_preset: float) -> Floats:
    found = np.array([0.0 if value is None else value for value in estimated])
    if not found.any():
        return preset
    blended: Floats = (n_pairs * found / found.sum() + n_preset * preset) / (n_pairs + n_preset)
    return blended
