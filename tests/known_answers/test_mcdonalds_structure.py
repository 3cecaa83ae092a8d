"""What the structure of McDonald's perceptions is, beside what Dolnicar, Grün & Leisch (2018) print of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import pytest

from klantprofiel.segmentation import KMeansSegmenter
from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
from klantprofiel.segmentation.structure import Kind, structure
from tests.known_answers.test_mcdonalds import SURVEY, perceptions

BIC: Final = {
    2: 15389.17,
    3: 14877.92,
    4: 14564.52,
    5: 14452.01,
}  # appendix A, finite mixtures of binary answers

pytestmark = pytest.mark.skipif(not SURVEY.exists(), reason="the survey is not on this machine")


def test_the_criterion_is_that_of_flexmix() -> None:
    patterns, bases = MixtureSegmenter(2).patterns_from(perceptions())
    found = {k: MixtureSegmenter(k, basis_weights="equal").fit_patterns(patterns, bases).bic_ for k in BIC}
    assert found == pytest.approx(BIC, abs=0.2)


def test_a_hundred_pairs_for_each_number_of_segments_and_a_verdict() -> None:
    found = structure(KMeansSegmenter(2), perceptions(), k=range(2, 9))
    assert found.n_customers == 1453
    assert found.pairs().num_rows == 7 * 105
    # the book: two, three and four segments are stable, and no number stands out as natural
    stability = [row["stability"] for row in found.solutions().to_pylist()]
    assert min(stability[:3]) > 0.8
    assert stability[-1] < min(stability[:3])
    assert found.verdict.kind is Kind.REPRODUCIBLE


def test_flows_are_of_the_same_customers() -> None:
    found = structure(KMeansSegmenter(2), perceptions(), k=range(2, 5), n_samples=2)
    for before, after in pairwise(found.stabilities):
        assert after.flows.sum(axis=1) == pytest.approx(before.shares)
        assert after.flows.sum(axis=0) == pytest.approx(after.shares)
        assert np.isfinite(after.across).all()
