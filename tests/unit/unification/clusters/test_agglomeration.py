from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.clusters.agglomeration import agglomerate, agglomerate_one
from tests.unit.unification.clusters.reference import average_linkage, symmetric

SIZE = 5
WHOLE_BITS = st.lists(st.integers(-4, 6), min_size=SIZE * SIZE, max_size=SIZE * SIZE)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 12])
def test_many_components_at_once_are_divided_as_the_textbook_does_one_by_one(size: int) -> None:
    random = np.random.default_rng(size)
    block = np.stack([symmetric(random, size) for _ in range(40)])
    assert agglomerate(block).tolist() == [average_linkage(bits) for bits in block]


@pytest.mark.parametrize("size", [2, 13, 40])
def test_a_large_component_is_divided_as_the_textbook_does(size: int) -> None:
    random = np.random.default_rng(size)
    for _ in range(5):
        bits = symmetric(random, size)
        assert agglomerate_one(bits).tolist() == average_linkage(bits)


@given(WHOLE_BITS)
def test_ties_go_to_the_lowest_records(numbers: list[int]) -> None:
    half = np.triu(np.array(numbers, dtype=float).reshape(SIZE, SIZE), 1)
    bits = half + half.T
    assert agglomerate(bits[None])[0].tolist() == average_linkage(bits)


def test_a_component_is_divided_alike_whatever_else_is_in_the_block() -> None:
    random = np.random.default_rng(7)
    block = np.stack([symmetric(random, 6) for _ in range(30)])
    alone = [agglomerate(bits[None])[0].tolist() for bits in block]
    assert agglomerate(block[::-1])[::-1].tolist() == alone
