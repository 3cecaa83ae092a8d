from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from klantprofiel.segmentation.mixture.model import (
    Parameters,
    Rules,
    maximised,
    posterior,
    statistics,
)
from tests.unit.segmentation.mixture.customers import design, parameters

PLAIN = Rules(np.ones(3), 0.0, has_factors=True)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_density_is_that_of_a_normal_with_the_covariance_of_the_factors_on_what_is_known(
    seed: int,
) -> None:
    """Bases are independent within segments; the interval of a tied value takes its expected distance."""
    customers, _ = design(n=12, seed=seed % 100, missing=0.4)
    model = parameters(customers, seed=seed)
    found = posterior(model, customers, PLAIN, customers.rows(np.ones(12)))
    log_joint = (found.log_joint + found.constant[:, None])[0]
    loadings, rests = model.loadings[0], model.rests[0]
    same_basis = customers.number_bases[:, None] == customers.number_bases
    covariance = (loadings.T @ loadings) * same_basis + np.diag(rests)
    for customer in range(12):
        known = np.flatnonzero(~np.isnan(customers.scores[:, customer]))
        inside = covariance[np.ix_(known, known)]
        ties = np.diag(np.linalg.inv(inside)) @ customers.cell_variances[known] if known.size else 0.0
        for segment in range(3):
            expected = np.log(model.shares[0, segment]) - 0.5 * ties
            if known.size:
                mean = model.means[0, segment, known]
                expected += multivariate_normal.logpdf(customers.scores[known, customer], mean, inside)
            for code, first in zip(customers.codes[:, customer], customers.starts, strict=True):
                expected += np.log(model.chances[0, segment, first + code]) if code >= 0 else 0.0
            assert log_joint[segment, customer] == pytest.approx(expected, abs=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3]))
def test_a_round_never_lowers_the_likelihood(seed: int, missing: float) -> None:
    customers, _ = design(n=150, seed=seed % 50, missing=missing)
    rows = customers.rows(np.random.default_rng(seed).uniform(0.5, 2.0, 150))
    model = parameters(customers, seed=seed)
    reached = -np.inf
    for _ in range(25):
        sums = statistics(model, customers, PLAIN, rows)
        assert sums.log_likelihood[0] >= reached - 1e-5
        reached = sums.log_likelihood[0]
        model = maximised(sums, model, customers, PLAIN)


def test_candidates_side_by_side_are_the_same_as_one_by_one() -> None:
    customers, _ = design()
    rows = customers.rows(np.ones(len(customers)))
    several = parameters(customers, n_candidates=3)
    together = posterior(several, customers, PLAIN, rows)
    for one in range(3):
        alone = posterior(several.take([one]), customers, PLAIN, rows)
        np.testing.assert_allclose(together.log_joint[one], alone.log_joint[0], atol=1e-9)
        np.testing.assert_allclose(together.constant[one], alone.constant[0], atol=1e-9)


def test_sums_of_parts_are_the_sums_of_all() -> None:
    customers, _ = design(n=300)
    model, weights = parameters(customers), np.arange(1.0, 301.0)
    whole = statistics(model, customers, PLAIN, customers.rows(weights))
    parts = [
        statistics(model, customers, PLAIN, customers.rows(weights, start, start + 100))
        for start in (0, 100, 200)
    ]
    added = reduce(add, parts)
    assert added.log_likelihood == pytest.approx(whole.log_likelihood)
    np.testing.assert_allclose(added.factor_squares, whole.factor_squares)
    np.testing.assert_allclose(added.sums, whole.sums)


def test_a_customer_of_weight_two_is_two_customers() -> None:
    customers, _ = design(n=60)
    twice = customers.take(np.repeat(np.arange(60), 2))
    model = parameters(customers)
    heavy = statistics(model, customers, PLAIN, customers.rows(np.full(60, 2.0)))
    doubled = statistics(model, twice, PLAIN, twice.rows(np.ones(120)))
    assert heavy.log_likelihood == pytest.approx(doubled.log_likelihood)
    np.testing.assert_allclose(heavy.factor_sums, doubled.factor_sums, atol=1e-9)


def test_a_basis_of_weight_zero_says_nothing() -> None:
    customers, _ = design()
    rows = customers.rows(np.ones(len(customers)))
    model = parameters(customers)
    mute = replace(PLAIN, basis_weights=np.array([0.0, 1.0, 1.0]))
    means = model.means.copy()
    means[:, :, customers.number_bases == 0] += 1.0
    moved = Parameters(model.shares, means, model.loadings, model.rests, model.chances)
    one = posterior(model, customers, mute, rows).memberships()[0]
    np.testing.assert_allclose(one, posterior(moved, customers, mute, rows).memberships()[0], atol=1e-12)


def test_a_density_is_the_same_to_the_last_bit_wherever_a_customer_stands() -> None:
    customers, _ = design(n=257)
    model = parameters(customers)
    whole = posterior(model, customers, PLAIN, customers.rows(np.ones(257))).log_joint
    for start, stop in ((0, 1), (3, 8), (100, 257)):
        part = posterior(model, customers, PLAIN, customers.rows(np.ones(257), start, stop)).log_joint
        assert (part == whole[:, :, start:stop]).all()
