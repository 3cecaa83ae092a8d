"""Known answers for pairs and B-cubed, and the laws that any comparison with the truth keeps."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.errors import ConfigurationError
from klantprofiel.unification.quality import LinkageQuality, linkage_quality

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20)


def by_hand(groups: list[int], persons: list[int]) -> tuple[int, int, int, float, float]:
    """Count pair by pair and record by record, as the definitions say it."""
    places = range(len(groups))
    pairs = [(one, other) for one in places for other in places if one < other]
    found = {pair for pair in pairs if groups[pair[0]] == groups[pair[1]]}
    true = {pair for pair in pairs if persons[pair[0]] == persons[pair[1]]}
    precisions, recalls = [], []
    for record in places:
        own = {other for other in places if groups[other] == groups[record]}
        really = {other for other in places if persons[other] == persons[record]}
        precisions.append(len(own & really) / len(own))
        recalls.append(len(own & really) / len(really))
    mean = len(groups)
    return len(found), len(true), len(found & true), sum(precisions) / mean, sum(recalls) / mean


def test_the_published_example_of_b_cubed() -> None:
    """Bagga and Baldwin (1998): twelve mentions of three people, and two ways to merge two of them."""
    truth = [1] * 5 + [2] * 2 + [3] * 5
    small_merger = linkage_quality([1] * 5 + [2] * 7, truth)
    large_merger = linkage_quality([1] * 5 + [2] * 2 + [1] * 5, truth)
    assert (round(small_merger.b_cubed_precision, 2), small_merger.b_cubed_recall) == (0.76, 1)
    assert (round(large_merger.b_cubed_precision, 2), large_merger.b_cubed_recall) == (0.58, 1)


def test_pairs_of_a_small_world() -> None:
    quality = linkage_quality(["a", "a", "a", "b", "c"], ["Anna", "Anna", "Bert", "Bert", "Cor"])
    assert (quality.n_records, quality.n_groups, quality.n_persons) == (5, 3, 3)
    assert (quality.n_found_pairs, quality.n_true_pairs, quality.n_right_pairs) == (3, 2, 1)
    assert (quality.precision, quality.recall, quality.f1) == (1 / 3, 1 / 2, 2 / 5)


@given(LABELS)
def test_counting_by_groups_equals_counting_pair_by_pair(labels: list[tuple[int, int]]) -> None:
    groups, persons = [group for group, _ in labels], [person for _, person in labels]
    quality = linkage_quality(groups, persons)
    found = quality.n_found_pairs, quality.n_true_pairs, quality.n_right_pairs
    n_found, n_true, n_right, precision, recall = by_hand(groups, persons)
    assert found == (n_found, n_true, n_right)
    assert quality.b_cubed_precision == pytest.approx(precision)
    assert quality.b_cubed_recall == pytest.approx(recall)


@given(LABELS, st.randoms(use_true_random=False))
def test_neither_order_nor_names_change_anything(labels: list[tuple[int, int]], random: object) -> None:
    shuffled = list(labels)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis's own Random
    named = linkage_quality([f"K-{9 - group}" for group, _ in shuffled], [person for _, person in shuffled])
    plain = linkage_quality([group for group, _ in labels], [person for _, person in labels])
    assert (named.n_found_pairs, named.n_right_pairs) == (plain.n_found_pairs, plain.n_right_pairs)
    assert named.b_cubed_f1 == pytest.approx(plain.b_cubed_f1)


@given(LABELS)
def test_precision_of_one_is_recall_of_the_other(labels: list[tuple[int, int]]) -> None:
    groups, persons = [group for group, _ in labels], [person for _, person in labels]
    one, other = linkage_quality(groups, persons), linkage_quality(persons, groups)
    assert (one.precision, one.recall, one.f1) == (other.recall, other.precision, other.f1)


def test_the_truth_itself_is_perfect() -> None:
    quality = linkage_quality(np.array([3, 3, 1]), np.array(["x", "x", "y"]))
    assert (quality.precision, quality.recall, quality.f1, quality.b_cubed_f1) == (1, 1, 1, 1)


def test_what_cannot_be_known_is_none_and_not_zero() -> None:
    apart = linkage_quality([1, 2], [1, 2])
    assert (apart.precision, apart.recall, apart.f1) == (None, None, None)
    nothing = linkage_quality([1, 2], [1, 1])
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0, 0)
    assert linkage_quality([], []) == LinkageQuality(0, 0, 0, 0, 0, 0, 1.0, 1.0)


def test_a_million_records_in_one_group_are_counted_exactly() -> None:
    ones = np.zeros(1_000_000, dtype=np.int64)
    assert linkage_quality(ones, ones).n_right_pairs == comb(1_000_000, 2)


def test_groups_and_persons_of_other_lengths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="2 groups and 1 persons"):
        linkage_quality([1, 2], [1])


def test_it_is_told_in_dutch() -> None:
    told = str(linkage_quality([1, 1, 2], [1, 1, 1]))
    assert ["Ten", "onrechte", "apart", "2"] in [line.split() for line in told.splitlines()]
    assert ["Paren", "100,0%", "33,3%", "50,0%"] in [line.split() for line in told.splitlines()]
