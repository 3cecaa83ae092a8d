"""Two groups of subscribers followed for years: the parameters that Fader and Hardie (2007) published.

Of High End the paper's text has alpha 0.688, a misprint: its appendix has 0.668 with a log-likelihood of
-1.611 per customer. That of Regular is not printed: ours stands here, at the parameters that are.
"""

from __future__ import annotations

import numpy as np
import pytest

from klantprofiel.profiles.value.residual import Horizon, residual_months
from klantprofiel.profiles.value.retention import Retention, fit_retention

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)  # still there after 0, 1, ... 7 years: table 1
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR_LATER, HIGH_END_LATER = (
    (22.3, 20.7, 19.4, 18.3, 17.3),
    (46.8, 44.5, 42.7, 40.9, 39.4),
)  # years 8 to 12


def fitted(survivors: tuple[int, ...]) -> Retention:
    lost = -np.diff(survivors)
    return fit_retention([*range(1, 8), 7], [True] * 7 + [False], [*lost, survivors[-1]])


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood"),
    [(REGULAR, 0.704, 1.182, -1680.3), (HIGH_END, 0.668, 3.806, -1611.2)],
)
def test_the_parameters_are_those_published(
    survivors: tuple[int, ...], alpha: float, beta: float, log_likelihood: float
) -> None:
    model = fitted(survivors)
    assert (round(model.alpha, 3), round(model.beta, 3)) == (alpha, beta)
    assert round(model.log_likelihood, 1) == log_likelihood
    assert (model.fault, model.is_constant, model.n_contracts) == ("", False, 1000)


@pytest.mark.parametrize(("survivors", "later"), [(REGULAR, REGULAR_LATER), (HIGH_END, HIGH_END_LATER)])
def test_five_years_that_the_model_did_not_see_are_projected_within_two_points(
    survivors: tuple[int, ...], later: tuple[float, ...]
) -> None:
    projected = 100 * fitted(survivors).survival(np.arange(8, 13))
    assert np.abs(projected - later).max() < 2


def test_who_has_stayed_longer_is_worth_more() -> None:
    stayed = np.arange(13)
    months = residual_months(fitted(REGULAR), stayed, np.full(13, 36), horizon=Horizon())
    assert (np.diff(months) > 0).all()
    assert (months < Horizon().factors.sum()).all()
