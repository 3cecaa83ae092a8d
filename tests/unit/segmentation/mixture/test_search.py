from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from klantprofiel.segmentation.mixture import search
from klantprofiel.segmentation.mixture.design import CHUNK
from klantprofiel.segmentation.mixture.search import fit_mixture
from tests.unit.segmentation.mixture.customers import design


def test_one_segment_of_words_has_the_likelihood_of_their_shares() -> None:
    customers, _ = design(n=300, missing=0.0)
    words = customers.codes[0]
    only = type(customers)(
        customers.scores[:0],
        customers.codes,
        customers.sizes,
        customers.cell_variances[:0],
        customers.number_bases[:0],
        customers.category_bases,
        customers.n_bases,
    )
    shares = np.bincount(words) / words.size
    found = fit_mixture(only, np.ones(300), k=1, has_factors=False, prior_rows=0.0)
    assert found.log_likelihood == pytest.approx(300 * (shares * np.log(shares)).sum())
    assert found.n_parameters == 2
    assert found.doubt == pytest.approx(0.0)


def test_every_seed_finds_the_same_segments_where_they_are_clear() -> None:
    customers, truth = design(n=800, missing=0.0)
    found = [fit_mixture(customers, np.ones(800), 3, seed).assign(customers) for seed in range(4)]
    assert min(adjusted_rand_score(truth, labels) for labels in found) > 0.85
    assert min(adjusted_rand_score(found[0], labels) for labels in found) > 0.98


def test_more_segments_never_fit_worse() -> None:
    customers, _ = design(n=500)
    reached = [fit_mixture(customers, np.ones(500), k, prior_rows=0.0).log_likelihood for k in (1, 2, 3)]
    assert reached == sorted(reached)


def test_of_many_customers_a_part_and_then_all_say_the_same_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    customers, truth = design(n=3 * CHUNK)
    weights = np.ones(len(customers))
    whole = fit_mixture(customers, weights, 3)
    monkeypatch.setattr(search, "MIDDLE_ROWS", CHUNK)
    parted = fit_mixture(customers, weights, 3)
    assert parted.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-4)
    assert adjusted_rand_score(parted.assign(customers), whole.assign(customers)) > 0.97
    assert adjusted_rand_score(truth, parted.assign(customers)) > 0.8


def test_less_effort_still_makes_starts() -> None:
    customers, _ = design(n=200)
    assert fit_mixture(customers, np.ones(200), 2, effort=0.01).n_segments == 2
