from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from klantprofiel.segmentation.columns import Column, Numbers, Words
from klantprofiel.segmentation.mixture.features import KNOTS, Features, learn_features


def learned(values: list[float], weights: list[float] | None = None) -> Features:
    column = Numbers("x", np.array(values))
    return learn_features([column], [""], None if weights is None else np.array(weights))


def test_a_tie_scores_the_mean_of_a_normal_over_its_interval() -> None:
    """Thirds of a normal: the upper one has mean 3 phi(ndtri(2/3))."""
    (number,) = learned([1.0, 2.0, 3.0]).numbers
    upper = 3 * np.exp(-(ndtri(2 / 3) ** 2) / 2) / np.sqrt(2 * np.pi)
    assert number.scores == pytest.approx([-upper, 0.0, upper])


@given(st.lists(st.integers(1, 9), min_size=3, max_size=60).filter(lambda values: len(set(values)) > 2))
def test_the_variance_of_scores_and_that_within_ties_are_one_together(values: list[int]) -> None:
    (number,) = learned([float(value) for value in values]).numbers
    scores = np.interp(values, number.values, number.scores)
    assert scores.mean() == pytest.approx(0.0, abs=1e-9)
    assert scores.var() + number.cell_variance == pytest.approx(1.0)


@given(st.lists(st.integers(1, 30), min_size=3, max_size=60).filter(lambda values: len(set(values)) > 2))
def test_a_weight_of_two_is_two_customers(values: list[int]) -> None:
    floats = [float(value) for value in values]
    (heavy,), (twice,) = (
        features.numbers or features.categories
        for features in (learned(floats, [2.0] * len(floats)), learned(floats * 2))
    )
    assert repr(heavy) == repr(twice)


def test_many_values_have_few_knots_and_keep_their_order() -> None:
    (number,) = learned(list(np.random.default_rng(0).lognormal(size=5_000))).numbers
    assert number.values.size <= KNOTS
    assert (np.diff(number.scores) > 0).all()
    assert number.scores[[0, -1]] == pytest.approx([-3.7, 3.7], abs=0.2)


def test_a_value_that_many_share_is_a_category_and_missing_as_a_number() -> None:
    values = [0.0] * 10 + [float(value) for value in range(1, 21)]
    features = learned(values)
    assert features.categories[0].shares == pytest.approx([2 / 3, 1 / 3])
    design = features.apply([Numbers("x", np.array([0.0, 5.0, np.nan]))])
    assert np.isnan(design.scores[0]).tolist() == [True, False, True]
    assert design.codes[0].tolist() == [1, 0, -1]


def test_two_values_are_a_category() -> None:
    features = learned([1.0, 0.0, 1.0, np.nan])
    assert not features.numbers
    assert features.apply([Numbers("x", np.array([0.0, 1.0, np.nan]))]).codes.tolist() == [[0, 1, -1]]


def test_a_word_that_fit_did_not_see_is_missing() -> None:
    features = learn_features([Words("w", np.array([0, 1, 1]), ("a", "b"))], [""])
    design = features.apply([Words("w", np.array([0, 1, -1]), ("b", "z"))])
    assert design.codes.tolist() == [[0, -1, -1]]


def test_a_column_that_says_nothing_gives_nothing() -> None:
    columns: list[Column] = [Numbers("x", np.full(3, 4.0)), Words("w", np.array([-1, -1, -1]), ())]
    features = learn_features(columns, ["a", "b"])
    assert (features.numbers, features.categories) == ((), ())


@pytest.mark.parametrize("given_numbers", [True, False])
def test_a_column_of_another_type_than_in_fit_is_refused(*, given_numbers: bool) -> None:
    numbers, words = Numbers("c", np.array([1.0, 2.0, 3.0])), Words("c", np.array([0, 1, 1]), ("a", "b"))
    fitted, other = (words, numbers) if given_numbers else (numbers, words)
    with pytest.raises(TypeError, match="column 'c' should be"):
        learn_features([fitted], [""]).apply([other])
