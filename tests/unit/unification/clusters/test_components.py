from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.clusters.components import connected_groups

N_RECORDS = 12
EDGES = st.lists(st.tuples(st.integers(0, N_RECORDS - 1), st.integers(0, N_RECORDS - 1)))


def groups_by_hand(edges: list[tuple[int, int]]) -> list[int]:
    """Join groups edge by edge, and number them by their first record."""
    group = list(range(N_RECORDS))
    for left, right in edges:
        group = [group[left] if g == group[right] else g for g in group]
    first = list(dict.fromkeys(group))
    return [first.index(g) for g in group]


def connected(edges: list[tuple[int, int]]) -> list[int]:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return [int(group) for group in connected_groups(N_RECORDS, left, right)]


@given(EDGES)
def test_groups_are_what_edges_connect_numbered_by_their_first_record(edges: list[tuple[int, int]]) -> None:
    assert connected(edges) == groups_by_hand(edges)


@given(EDGES)
def test_the_order_and_direction_of_edges_change_nothing(edges: list[tuple[int, int]]) -> None:
    assert connected([(right, left) for left, right in reversed(edges)]) == connected(edges)


def test_no_records_have_no_groups() -> None:
    nothing = np.array([], dtype=np.int64)
    assert connected_groups(0, nothing, nothing).tolist() == []
