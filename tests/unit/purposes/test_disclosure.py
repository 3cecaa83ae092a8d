from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.purposes import MINIMUM_GROUP, WITHHELD, shown_count, shown_groups


def test_a_single_small_group_does_not_follow_from_the_total() -> None:
    assert shown_groups([40, 12, 9]) == [40, WITHHELD, WITHHELD]
    assert shown_groups([40, 12, 12, 9]) == [40, 12, WITHHELD, WITHHELD]


def test_two_small_groups_hide_each_other_unless_they_are_a_few_people_together() -> None:
    assert shown_groups([40, 9, 8]) == [40, "<10", "<10"]
    assert shown_groups([40, 12, 1, 1]) == [40, WITHHELD, WITHHELD, WITHHELD]


def test_large_groups_and_empty_ones_are_shown() -> None:
    assert shown_groups([40, 10, 0]) == [40, 10, 0]
    assert shown_groups([]) == []


def test_a_group_that_is_the_total_is_withheld() -> None:
    assert shown_groups([4]) == [WITHHELD]
    assert shown_groups([4, 0]) == [WITHHELD, 0]


@given(st.lists(st.integers(0, 60), max_size=8))
def test_no_small_group_is_shown_or_left_alone(sizes: list[int]) -> None:
    shown = shown_groups(sizes)
    hidden = [size for size, n in zip(sizes, shown, strict=True) if n != size]
    assert all(n in {size, shown_count(size), WITHHELD} for size, n in zip(sizes, shown, strict=True))
    assert not any(0 < size < MINIMUM_GROUP for size in sizes if size not in hidden)
    nobody_else = len(hidden) == len([size for size in sizes if size])
    assert not hidden or nobody_else or (len(hidden) > 1 and sum(hidden) >= MINIMUM_GROUP)
