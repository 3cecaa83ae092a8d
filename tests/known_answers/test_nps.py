"""Published figures: the variance of an NPS, Rocks' interval, Newcombe's Wilson intervals, Student's t."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from klantprofiel.profiles.experience import mean_of, net_promoter_score, share_of

CASES = Path(__file__).parents[3] / "shared" / "data" / "known_answers" / "nps_cases.json"
Z = NormalDist().inv_cdf(0.975)


@pytest.mark.skipif(not CASES.exists(), reason=f"the known answers are not in {CASES.parent}")
def test_of_very_many_answers_the_interval_has_the_published_variance() -> None:
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        n = 6 * 10**10  # Rocks' three pseudo-answers weigh nothing then
        promoters, passives, detractors = (round(n * p) for p in case["p"])
        found = net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)
        assert found is not None
        assert found.lower is not None
        assert found.upper is not None
        assert found.value / 100 == pytest.approx(case["nps"], abs=1e-9)
        standard_error = (found.upper - found.lower) / 2 / 100 / Z
        assert standard_error**2 * n == pytest.approx(case["variance"], rel=1e-6)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors"),
    [(50, 30, 20), (19, 8, 9), (10, 0, 0), (0, 0, 12), (0, 40, 0), (7, 1, 7)],
)
def test_the_interval_is_a_wald_interval_of_the_answers_with_rocks_pseudo_answers(
    promoters: int, passives: int, detractors: int
) -> None:
    scores = np.array([1.0, 0.0, -1.0])
    weights = np.array([promoters + 0.75, passives + 1.5, detractors + 0.75])  # as in Rocks' own R package
    mean = np.average(scores, weights=weights)
    spread = math.sqrt(np.average((scores - mean) ** 2, weights=weights) / weights.sum())
    found = net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)
    assert found is not None
    assert found.lower == pytest.approx(100 * max(mean - Z * spread, -1))
    assert found.upper == pytest.approx(100 * min(mean + Z * spread, 1))


@pytest.mark.parametrize(
    ("n_such", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_intervals_of_newcombe_1998_table_i_method_3(
    n_such: int, n: int, lower: float, upper: float
) -> None:
    found = share_of(n_such, n)
    assert found is not None
    assert found.rounded(4).lower == lower
    assert found.rounded(4).upper == upper


def test_the_mean_has_the_interval_that_scipy_computes_from_the_answers() -> None:
    counts = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 6, 7: 3}
    answers = np.repeat(list(counts), list(counts.values()))
    interval = stats.t.interval(0.95, len(answers) - 1, answers.mean(), stats.sem(answers))
    found = mean_of(counts)
    assert found is not None
    assert (found.value, found.lower, found.upper) == pytest.approx((answers.mean(), *interval))
