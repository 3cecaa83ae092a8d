from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.clusters.components import connected_groups
from klantprofiel.unification.clusters.cutting import cut

N = 14
EDGES = st.lists(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1), st.integers(-3, 12)), unique_by=lambda e: e[:2]
)
Edge = tuple[int, int, int]


def arrays(edges: list[Edge]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right, score = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    return left, right, score.astype(float)


@given(EDGES, st.integers(1, 6))
def test_no_part_is_larger_than_allowed_and_none_leaves_its_component(edges: list[Edge], most: int) -> None:
    parts = cut(N, *arrays(edges), most=most)
    assert np.bincount(parts.labels).max() <= most
    assert len({(part, whole) for part, whole in zip(parts.labels, parts.components, strict=True)}) == len(
        set(parts.labels.tolist())
    )


@given(EDGES)
def test_components_that_are_small_enough_are_left_as_they_are(edges: list[Edge]) -> None:
    left, right, score = arrays(edges)
    parts = cut(N, left, right, score, most=N)
    linked = score > -2
    assert parts.labels.tolist() == connected_groups(N, left[linked], right[linked]).tolist()
    assert parts.cuts == ()


@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_and_direction_of_pairs_change_nothing(edges: list[Edge], random: object) -> None:
    shuffled = [(right, left, score) for left, right, score in edges]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of Hypothesis
    one, other = cut(N, *arrays(edges), most=3), cut(N, *arrays(shuffled), most=3)
    assert (one.labels.tolist(), one.cuts) == (other.labels.tolist(), other.cuts)


def test_a_component_of_5000_is_cut_where_it_is_weakest_and_accounted_for() -> None:
    chain = np.arange(4999)
    score = np.where(chain % 100 == 99, 3.0, 9.0)
    parts = cut(5000, chain, chain + 1, score)

    assert np.bincount(parts.labels).tolist() == [100] * 50
    (found,) = parts.cuts
    assert (found.first_record, found.n_records, found.n_parts, found.threshold_bits) == (0, 5000, 50, 3.0)


def test_what_was_decided_to_be_together_is_not_cut() -> None:
    chain = np.arange(9)
    decided = (np.array([0]), np.array([9]))
    parts = cut(10, chain, chain + 1, np.full(9, 5.0), most=3, together=decided)
    assert parts.labels[0] == parts.labels[9]
    assert len(set(parts.labels.tolist())) == 9


def test_one_person_with_very_many_equal_records_stays_whole() -> None:
    first, second = np.triu_indices(400, 1)
    parts = cut(400, first, second, np.full(len(first), 31.0))
    assert set(parts.labels.tolist()) == {0}


def test_equal_pairs_without_end_fall_apart_to_the_last() -> None:
    chain = np.arange(2999)
    parts = cut(3000, chain, chain + 1, np.full(2999, 31.0))
    assert parts.cuts[0].n_parts == 3000
