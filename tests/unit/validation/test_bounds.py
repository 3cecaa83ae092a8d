"""Bounds pass what is usual, however it varies, and stop what is not, as soon as there is enough to go by."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.validation.expected.bounds import (
    LEAST_DAYS,
    Point,
    count_bounds,
    distance_bounds,
    scale_bounds,
    share_bounds,
)

MONDAY = date(2026, 1, 5)


def past(values: list[float], n: int = 400) -> list[Point]:
    return [Point(MONDAY + timedelta(days=number), value, n) for number, value in enumerate(values)]


def night(points: list[Point]) -> date:
    return points[-1].day + timedelta(days=1)


def counts(n_days: int, level: float, seed: int = 1, weekend: float = 1.0) -> list[float]:
    draw = random.Random(seed)  # noqa: S311  a simulation
    return [
        round(draw.gauss(level, level**0.5)) * (weekend if number % 7 > 4 else 1.0)
        for number in range(n_days)
    ]


@pytest.mark.parametrize("n_days", range(LEAST_DAYS))
def test_with_fewer_than_five_deliveries_nothing_is_judged(n_days: int) -> None:
    points = past([100.0] * n_days)
    assert count_bounds(points, MONDAY) is None
    assert share_bounds(points, MONDAY, 100, slack=lambda _: 0.1) is None
    assert scale_bounds(points, MONDAY, 100, factor=2) is None
    assert distance_bounds(points, MONDAY, 100, slack=1) is None


@pytest.mark.parametrize("level", [400, 2_000, 100_000])
def test_half_a_delivery_is_stopped_and_three_times_as_much_is_not(level: int) -> None:
    points = past(counts(40, level))
    found = count_bounds(points, night(points))
    assert found is not None
    low, high = found
    assert 0.5 * level < low < 0.66 * level
    assert high > 3.5 * level


def test_a_quiet_weekend_passes_in_its_first_week_and_later_half_of_it_does_not() -> None:
    values = counts(40, 2_000, weekend=0.3)
    first = past(values[:5])
    found = count_bounds(first, night(first))
    assert found is not None
    saturday = past(values)[:33]
    later = count_bounds(saturday, saturday[-1].day + timedelta(days=1))
    assert later is not None
    assert later[0] > 0.5 * 600


def test_slow_growth_passes() -> None:
    values = [count * 1.004**number for number, count in enumerate(counts(120, 500))]
    for number in range(20, 120):
        points = past(values[:number])
        found = count_bounds(points, night(points))
        assert found is not None
        assert found[0] <= values[number] <= found[1]


@given(level=st.floats(1, 200), seed=st.integers(0, 50))
def test_small_counts_raise_no_alarm(level: float, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  a simulation
    values = [float(sum(draw.random() < level / 400 for _ in range(400))) for _ in range(30)]
    points = past(values[:-1])
    found = count_bounds(points, night(points))
    assert found is not None
    assert found[0] <= values[-1] <= found[1]


@given(share=st.floats(0, 1), n=st.integers(1, 5_000))
def test_a_share_that_stays_as_it_was_passes_whatever_the_number_of_rows(share: float, n: int) -> None:
    points = past([share] * 20)
    found = share_bounds(points, night(points), n, slack=lambda usual: usual / 4)
    assert found is not None
    assert found[0] <= share + 1e-9
    assert found[1] >= share - 1e-9


def test_a_few_rows_may_stray_further_than_many() -> None:
    points = past([0.5 + 0.01 * (number % 3) for number in range(20)])
    wide = share_bounds(points, night(points), 30, slack=lambda _: 0.0)
    narrow = share_bounds(points, night(points), 30_000, slack=lambda _: 0.0)
    assert wide is not None
    assert narrow is not None
    assert wide[0] < narrow[0] < 0.5 < narrow[1] < wide[1]


def test_one_strange_day_in_the_past_moves_no_bound() -> None:
    usual = counts(40, 1_000)
    points, with_peak = past(usual), past([*usual[:20], 30_000.0, *usual[21:]])
    assert count_bounds(points, night(points)) == pytest.approx(
        count_bounds(with_peak, night(points)), rel=0.05
    )


@given(factor=st.floats(1e-6, 1e6))
def test_a_mean_is_judged_alike_in_every_unit(factor: float) -> None:
    draw = random.Random(2)  # noqa: S311  a simulation
    values = [draw.lognormvariate(3, 0.1) for _ in range(30)]
    one = scale_bounds(past(values), MONDAY, 200, factor=2.5)
    other = scale_bounds(past([factor * value for value in values]), MONDAY, 200, factor=2.5)
    assert one is not None
    assert other == pytest.approx((factor * one[0], factor * one[1]))
