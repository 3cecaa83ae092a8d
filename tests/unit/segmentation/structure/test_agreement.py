"""Agreement of divisions: against scikit-learn, by hand, and as laws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from klantprofiel.segmentation.structure.agreement import adjusted_rand, best_matches, crossed, kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

Division = st.lists(
    st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(1, 3)), min_size=2, max_size=40
)


def parted(
    rows: list[tuple[int, int, int]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    one, other, counts = (np.array(column) for column in zip(*rows, strict=True))
    return one, other, counts.astype(np.float64)


@given(Division)
def test_the_index_is_that_of_scikit_learn_with_each_customer_apart(rows: list[tuple[int, int, int]]) -> None:
    one, other, counts = parted(rows)
    times = counts.astype(int)
    expected = adjusted_rand_score(np.repeat(one, times), np.repeat(other, times))
    assert adjusted_rand(one, other, counts) == pytest.approx(expected, abs=1e-12)


@given(Division, st.permutations(range(5)))
def test_names_of_segments_change_nothing(rows: list[tuple[int, int, int]], names: list[int]) -> None:
    one, other, counts = parted(rows)
    renamed = np.where(one >= 0, np.array(names)[one], -1)
    assert adjusted_rand(renamed, other, counts) == pytest.approx(
        adjusted_rand(one, other, counts), abs=1e-12
    )
    matches = best_matches(one, other, counts, 5)
    assert best_matches(renamed, other, counts, 5)[names] == pytest.approx(matches, nan_ok=True)


@given(Division)
def test_a_segment_is_as_alike_as_its_best_match(rows: list[tuple[int, int, int]]) -> None:
    one, other, counts = parted(rows)
    for segment, found in enumerate(best_matches(one, other, counts, 5)):
        own = one == segment
        unions = [counts[own | (other == match)].sum() for match in range(4)]
        overlaps = [counts[own & (other == match)].sum() for match in range(4)]
        if own.any():
            assert found == pytest.approx(max(o / u for o, u in zip(overlaps, unions, strict=True)))
        else:
            assert math.isnan(found)


def test_a_segment_that_stems_from_one_is_kept_and_one_from_all_is_not() -> None:
    before = np.array([0, 0, 1, 1, 2, 2])
    after = np.array([0, 1, 0, 1, 0, 2])
    # by flexclust: 1 - entropy of the shares of its origins / log(3)
    expected = [0.0, 1 - math.log(2) / math.log(3), 1.0]
    assert kept(before, after, np.ones(6), 3, 3) == pytest.approx(expected, abs=1e-12)


def test_what_cannot_be_known_is_not_a_number() -> None:
    labels = np.array([0, 1])
    assert np.isnan(kept(np.zeros(2, dtype=np.int64), labels, np.ones(2), 1, 2)).all()
    assert np.isnan(kept(labels, np.array([0, 0]), np.ones(2), 2, 2)).tolist() == [False, True]


def test_everyone_in_one_segment_agrees_fully() -> None:
    one = np.zeros(4, dtype=np.int64)
    assert adjusted_rand(one, one, np.ones(4)) == 1.0


def test_crossing_counts_customers() -> None:
    table = crossed(np.array([0, 1, 1]), np.array([2, 0, 0]), np.array([5.0, 1.0, 2.0]))
    assert table.tolist() == [[0, 0, 5], [3, 0, 0]]
