"""Segments of real customers: McDonald's survey, and the customers of marketing_campaign.

Of McDonald's survey, 1,453 people with 11 yes or no answers, the best four segments that are known are found
or not, from twenty seeds; and the stability report is timed. In marketing_campaign no segments are known:
forty fresh pairs of bootstrap samples tell whether the default finds the same ones again, beside
scikit-learn's k-means on rank-normal scores, fitted to the same samples.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.report import Row, at_least, at_most
from benchmarks.segments_engines import STARTS, rank_normal
from benchmarks.segments_runs import at_once
from benchmarks.segments_variables import CAMPAIGN, campaign_table
from benchmarks.unify_data import SHARED
from pyarrow import csv
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from klantprofiel.segmentation import KMeansSegmenter, MixtureSegmenter
from klantprofiel.segmentation.structure import structure

if TYPE_CHECKING:
    from numpy.typing import NDArray

MCDONALDS: Final = SHARED / "mcdonalds" / "mcdonalds.csv"
N_ANSWERS: Final = 11
N_SEEDS: Final = 20
BEST_INERTIA: Final = 1602.90
BEST_LOG_LIKELIHOOD: Final = -7111.11
MOST_SECONDS: Final = 10
N_PAIRS: Final = 40
N_SEGMENTS: Final = range(3, 7)
LEFT_OUT: Final = ("ID", "Z_CostContact", "Z_Revenue", "Dt_Customer")  # a number, two constants, and a date
DEMOGRAPHIC: Final = ("Year_Birth", "Education", "Marital_Status", "Income", "Kidhome", "Teenhome")


def mcdonalds_rows() -> list[Row]:
    """Return the rows about McDonald's survey."""
    if not MCDONALDS.exists():
        return [Row(f"McDonald's: left out, {MCDONALDS.name} is not in {SHARED}", 0, "")]
    found = at_once(_best_found, range(N_SEEDS))
    inertia, log_likelihood = np.array(found).T
    seconds = {name: _report_seconds(name) for name in ("k-means", "mixture")}
    return [
        at_least(N_SEEDS, "McDonald's: k-means, best found", int((inertia <= BEST_INERTIA).sum()), "seeds"),
        Row("McDonald's: k-means, worst inertia", round(float(inertia.max()), 2), ""),
        at_least(
            N_SEEDS,
            "McDonald's: mixture, best found",
            int((log_likelihood >= BEST_LOG_LIKELIHOOD).sum()),
            "seeds",
        ),
        Row("McDonald's: mixture, worst log-likelihood", round(float(log_likelihood.min()), 2), "nats"),
        *(
            at_most(MOST_SECONDS, f"McDonald's: {name}, report on k = 2..8", taken, "s")
            for name, taken in seconds.items()
        ),
    ]


def campaign_rows() -> list[Row]:
    """Return the rows about marketing_campaign."""
    if not CAMPAIGN.exists():
        return [Row(f"marketing_campaign: left out, {CAMPAIGN.name} is not in {SHARED}", 0, "")]
    tasks = list(product(N_SEGMENTS, range(N_PAIRS)))
    found = np.array(at_once(_pair, tasks)).reshape(len(N_SEGMENTS), N_PAIRS, 2)
    rows = []
    for n_segments, pairs in zip(N_SEGMENTS, found, strict=True):
        (ours, theirs), difference = pairs.mean(axis=0), pairs[:, 0] - pairs[:, 1]
        error = float(difference.std(ddof=1) / np.sqrt(N_PAIRS))
        name = f"marketing_campaign, k = {n_segments}:"
        rows += [
            Row(f"{name} bootstrap ARI, mixture", round(float(ours), 3), "ARI"),
            Row(f"{name} bootstrap ARI, k-means", round(float(theirs), 3), "ARI"),
            at_least(-round(error, 3), f"{name} difference", float(difference.mean()), "ARI"),
        ]
    return rows


@cache
def _mcdonalds() -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the answers, 1 for yes and 0 for no."""
    table = csv.read_csv(MCDONALDS)
    return pa.table(
        {name: pc.equal(table[name], "Yes").cast(pa.int8()) for name in table.column_names[:N_ANSWERS]}
    )


def _best_found(seed: int) -> tuple[float, float]:
    answers = _mcdonalds()
    k_means = KMeansSegmenter(4, random_state=seed).fit(answers)
    mixture = MixtureSegmenter(4, basis_weights="equal", random_state=seed).fit(answers)
    return float(k_means.inertia_), float(mixture.log_likelihood_)


def _report_seconds(name: str) -> float:
    """Return the seconds that a stability report with 105 pairs per number of segments takes."""
    segmenter = KMeansSegmenter() if name == "k-means" else MixtureSegmenter(basis_weights="equal")
    start = perf_counter()
    structure(segmenter, _mcdonalds(), k=range(2, 9), n_samples=15, random_state=0)
    return perf_counter() - start


@cache
def _campaign() -> tuple[Any, NDArray[np.float64]]:
    """Return the real customers, and their rank-normal scores."""
    table = campaign_table()
    days = table["Dt_Customer"].cast(pa.int32())
    table = table.drop_columns(list(LEFT_OUT)).append_column("joined_on", days)
    return table, rank_normal(table)


def _pair(task: tuple[int, int]) -> tuple[float, float]:
    """Return how well two fresh bootstrap samples agree on everyone: by the default, and by k-means."""
    n_segments, pair = task
    table, scores = _campaign()
    random = np.random.default_rng([n_segments, pair])
    bases = {name: "demographic" if name in DEMOGRAPHIC else "behavioural" for name in table.column_names}
    ours, theirs = [], []
    for _ in range(2):
        chosen = random.integers(0, table.num_rows, table.num_rows)
        fitted = MixtureSegmenter(n_segments, bases=bases).fit(table.take(chosen))
        ours.append(fitted.predict(table))
        peer = KMeans(n_segments, n_init=STARTS, random_state=0).fit(scores[chosen])
        theirs.append(peer.predict(scores))
    return float(adjusted_rand_score(*ours)), float(adjusted_rand_score(*theirs))
