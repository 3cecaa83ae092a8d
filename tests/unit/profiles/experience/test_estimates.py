"""Laws of the figures of a group of answers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.experience import Estimate, mean_of, net_promoter_score, share_of

COUNT = st.integers(0, 10_000)
TIMES = st.integers(2, 20)
ON_A_SCALE = st.lists(st.integers(0, 500), min_size=7, max_size=7).map(
    lambda counts: dict(enumerate(counts, start=1))
)


def width(found: Estimate | None) -> float:
    assert found is not None
    assert found.lower is not None
    assert found.upper is not None
    return found.upper - found.lower


@given(promoters=COUNT, passives=COUNT, detractors=COUNT)
def test_a_score_lies_in_its_interval_on_the_scale(promoters: int, passives: int, detractors: int) -> None:
    assume(promoters + passives + detractors >= 10)
    found = net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)
    assert found is not None
    assert found.lower is not None
    assert found.upper is not None
    assert -100 <= found.lower <= found.value <= found.upper <= 100
    assert found.n == promoters + passives + detractors


@given(promoters=COUNT, passives=COUNT, detractors=COUNT)
def test_promoters_and_detractors_trade_places_and_the_score_its_sign(
    promoters: int, passives: int, detractors: int
) -> None:
    assume(promoters + passives + detractors >= 10)
    found = net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)
    mirrored = net_promoter_score(promoters=detractors, passives=passives, detractors=promoters)
    assert found is not None
    assert mirrored is not None
    assert (found.value, found.lower, found.upper) == (-mirrored.value, -mirrored.upper, -mirrored.lower)  # type: ignore[operator]  # an NPS has both ends


@given(promoters=COUNT, passives=COUNT, detractors=COUNT, times=TIMES)
def test_more_of_the_same_answers_narrow_the_interval_of_a_score(
    promoters: int, passives: int, detractors: int, times: int
) -> None:
    assume(promoters + passives + detractors >= 10)
    some = net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)
    more = net_promoter_score(
        promoters=times * promoters, passives=times * passives, detractors=times * detractors
    )
    assert width(more) < width(some)


@given(n_such=COUNT, others=COUNT)
def test_a_share_lies_in_its_interval_and_mirrors(n_such: int, others: int) -> None:
    n = n_such + others
    assume(n >= 10)
    found, mirrored = share_of(n_such, n), share_of(others, n)
    assert found is not None
    assert mirrored is not None
    assert found.lower is not None
    assert found.upper is not None
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    assert (found.lower, found.upper) == pytest.approx((1 - mirrored.upper, 1 - mirrored.lower))  # type: ignore[operator]  # a share has both ends


@given(n_such=COUNT, others=COUNT, times=TIMES)
def test_more_of_the_same_narrow_the_interval_of_a_share(n_such: int, others: int, times: int) -> None:
    n = n_such + others
    assume(n >= 10)
    assert width(share_of(times * n_such, times * n)) < width(share_of(n_such, n))


@given(counts=ON_A_SCALE)
def test_a_mean_lies_in_its_interval_on_the_scale(counts: dict[int, int]) -> None:
    assume(sum(counts.values()) >= 10)
    found = mean_of(counts)
    assert found is not None
    if found.lower is None or found.upper is None:
        assert sum(count > 0 for count in counts.values()) == 1
    else:
        assert 1 <= found.lower <= found.value <= found.upper <= 7


@given(counts=ON_A_SCALE, times=TIMES)
def test_more_of_the_same_answers_narrow_the_interval_of_a_mean(counts: dict[int, int], times: int) -> None:
    assume(sum(counts.values()) >= 10)
    assume(sum(count > 0 for count in counts.values()) > 1)
    more = {answer: times * count for answer, count in counts.items()}
    assert width(mean_of(more)) < width(mean_of(counts))


def test_of_nine_answers_nothing_is_told_and_of_ten_something() -> None:
    assert net_promoter_score(promoters=3, passives=3, detractors=3) is None
    assert net_promoter_score(promoters=4, passives=3, detractors=3) is not None
    assert share_of(9, 9) is None
    assert share_of(10, 10) is not None
    assert mean_of({1: 4, 2: 5}) is None
    assert mean_of({1: 5, 2: 5}) is not None


def test_nobody_answered_is_unknown() -> None:
    assert net_promoter_score(promoters=0, passives=0, detractors=0) is None
    assert share_of(0, 0) is None
    assert mean_of({}) is None


def test_counts_below_zero_are_refused_with_what_they_count() -> None:
    with pytest.raises(ConfigurationError, match="detractors = -1"):
        net_promoter_score(promoters=20, passives=0, detractors=-1)
    with pytest.raises(ConfigurationError, match="the others = -1"):
        share_of(21, 20)
    with pytest.raises(ConfigurationError, match="the answers 3 = -2"):
        mean_of({1: 20, 3: -2})
