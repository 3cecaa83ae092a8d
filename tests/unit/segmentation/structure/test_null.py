"""Customers without segments are like the customers in all but segments."""

from __future__ import annotations

import numpy as np
import pytest

from klantprofiel.segmentation.columns import Column, Numbers, Words
from klantprofiel.segmentation.structure.null import learn_null
from klantprofiel.segmentation.structure.sample import one_each
from tests.unit.segmentation.structure.customers import grouped, one_cloud


def numbers_of(columns: list[Column]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.stack([column.values for column in columns if isinstance(column, Numbers)], axis=1)


def ranks(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.argsort(np.argsort(values, axis=0), axis=0)


def test_the_same_cells_are_missing() -> None:
    columns = one_each(grouped())
    drawn = learn_null(columns, np.random.default_rng(0)).draw(np.random.default_rng(1))
    for before, after in zip(columns, drawn, strict=True):
        assert (before.is_known == after.is_known).all()


def test_values_are_those_of_the_column() -> None:
    columns = one_each(grouped(n=2000))
    drawn = learn_null(columns, np.random.default_rng(0)).draw(np.random.default_rng(1))
    for before, after in zip(columns, drawn, strict=True):
        if isinstance(before, Numbers) and isinstance(after, Numbers):
            assert set(after.values[after.is_known]) <= set(before.values[before.is_known])
            quartiles = [np.nanquantile(column.values, (0.25, 0.5, 0.75)) for column in (before, after)]
            assert quartiles[0] == pytest.approx(quartiles[1], abs=0.15 * float(np.nanstd(before.values)))
        if isinstance(before, Words) and isinstance(after, Words):
            shares = [np.bincount(column.codes) / len(column.codes) for column in (before, after)]
            assert shares[0] == pytest.approx(shares[1], abs=0.05)


def test_columns_depend_as_they_do() -> None:
    columns = one_each(one_cloud(n=2000))
    drawn = learn_null(columns, np.random.default_rng(0)).draw(np.random.default_rng(1))
    correlations = [np.corrcoef(ranks(numbers_of(one)).T) for one in (columns, drawn)]
    assert correlations[0] == pytest.approx(correlations[1], abs=0.08)


def test_answers_on_a_short_scale_depend_as_they_do() -> None:
    columns = one_each(one_cloud(n=2000))
    coarse: list[Column] = [
        Numbers(column.name, np.clip(np.round(column.values), -1, 1))
        for column in columns
        if isinstance(column, Numbers)
    ]
    drawn = learn_null(coarse, np.random.default_rng(0)).draw(np.random.default_rng(1))
    correlations = [np.corrcoef(numbers_of(one).T) for one in (coarse, drawn)]
    assert correlations[0] == pytest.approx(correlations[1], abs=0.08)


def test_heavy_tails_are_seen_and_light_ones_are_not() -> None:
    heavy = learn_null(one_each(one_cloud(n=2000, freedom=3)), np.random.default_rng(0))
    light = learn_null(one_each(one_cloud(n=2000)), np.random.default_rng(0))
    assert heavy.freedom <= 4
    assert light.freedom >= 9


def test_segments_that_are_given_stay_and_nothing_within_them() -> None:
    columns = one_each(grouped(n=600))
    word = columns[-1]
    assert isinstance(word, Words)
    labels = word.codes
    drawn = learn_null(columns, np.random.default_rng(0), labels).draw(np.random.default_rng(1))
    for before, after in zip(numbers_of(columns).T, numbers_of(drawn).T, strict=True):
        for label in range(3):
            means = [np.nanmean(values[labels == label]) for values in (before, after)]
            assert means[0] == pytest.approx(means[1], abs=0.3 * float(np.nanstd(before)))


def test_the_same_seed_draws_the_same() -> None:
    null = learn_null(one_each(grouped()), np.random.default_rng(0))
    one, other = (numbers_of(null.draw(np.random.default_rng(5))) for _ in range(2))
    assert np.array_equal(one, other, equal_nan=True)
