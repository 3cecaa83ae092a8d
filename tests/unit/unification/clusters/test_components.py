from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.components import connected_groups, guarded_groups

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


BORN = st.lists(st.sampled_from([0, 0, 1964, 1991]), min_size=N_RECORDS, max_size=N_RECORDS)


def guarded(edges: list[tuple[int, int]], born: list[int]) -> tuple[list[int], int]:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    groups, n_divided = guarded_groups(len(born), left, right, np.array(born, dtype=np.int64))
    return groups.tolist(), n_divided


@given(EDGES, BORN)
def test_no_group_ever_holds_two_birth_dates(edges: list[tuple[int, int]], born: list[int]) -> None:
    groups, _ = guarded(edges, born)
    named = {(group, day) for group, day in zip(groups, born, strict=True) if day}
    assert len(named) == len({group for group, _ in named})


@given(EDGES, BORN)
def test_groups_of_one_birth_date_are_left_as_they_are(edges: list[tuple[int, int]], born: list[int]) -> None:
    one_day = [min(day, 1) for day in born]
    assert guarded(edges, one_day) == (connected(edges), 0)


@given(EDGES, BORN)
def test_records_with_one_birth_date_and_an_edge_stay_together(
    edges: list[tuple[int, int]], born: list[int]
) -> None:
    groups, _ = guarded(edges, born)
    assert all(groups[a] == groups[b] for a, b in edges if born[a] == born[b])


def test_a_bridge_that_touches_two_people_stays_apart_with_all_that_hangs_on_it() -> None:
    assert guarded([(0, 1), (1, 2), (2, 3)], [1991, 0, 0, 1964]) == ([0, 1, 1, 2], 1)


def test_what_touches_one_person_joins_him_though_his_group_was_divided() -> None:
    edges = [(0, 1), (1, 2), (3, 0), (3, 4), (2, 5)]
    assert guarded(edges, [1991, 0, 1964, 0, 1991, 1964]) == ([0, 1, 2, 0, 0, 2], 1)
