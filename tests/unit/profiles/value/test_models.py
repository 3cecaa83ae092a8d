"""The models: gradients against differences, expectations against integrals, and what they refuse."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln, gammaln
from scipy.stats import beta

from klantprofiel.profiles.value import bg_nbd, gamma_gamma, retention
from klantprofiel.profiles.value.bg_nbd import BgNbd, Histories, fit_bg_nbd
from klantprofiel.profiles.value.gamma_gamma import fit_gamma_gamma
from klantprofiel.profiles.value.residual import (
    DAYS_PER_MONTH,
    Horizon,
    expected_purchases,
    residual_months,
    residual_purchases,
)
from klantprofiel.profiles.value.retention import Retention, fit_retention

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.profiles.value.likelihood import Floats, Gradient

X = np.array([0, 0, 1, 1, 2, 2, 5, 5, 12, 300.0])
T_X = np.array([0, 0, 5, 30, 10, 35, 15, 38, 38, 39.0])
AGE = np.array([39, 20, 39, 39, 39, 38, 39, 39, 39, 39.0])
N = np.array([50, 10, 10, 8, 4, 5, 3, 5, 3, 1.0])
CDNOW = BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)

POSITIVE = st.floats(0.05, 20)
LIKELIHOODS: dict[str, tuple[Callable[[Floats], Gradient], int]] = {
    "bg_nbd": (bg_nbd.Likelihood(X, T_X, AGE, N), 4),
    "bg_nbd, leaving alike": (bg_nbd.Likelihood(X, T_X, AGE, N).leaving_alike, 3),
    "bg_nbd, never leaving": (bg_nbd.Likelihood(X, T_X, AGE, N).without_leaving, 2),
    "gamma_gamma": (gamma_gamma.Likelihood(X[2:], T_X[2:], N[2:]), 3),
    "gamma_gamma, spending alike": (gamma_gamma.Likelihood(X[2:], T_X[2:], N[2:]).spending_alike, 2),
    "retention": (retention.Likelihood(np.array([1, 2, 2, 3.0]), np.array([1, 1, 0, 0]), N[:4]), 2),
}


def by_the_book(model: BgNbd, x: float, t_x: float, age: float) -> float:
    """Return the log-likelihood of one customer: the chance of both ends, as eq. 3 of the paper has them."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = rate + betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    if x == 0:
        return float(stays)
    left = rate + betaln(a + 1, b + x - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    return float(np.logaddexp(stays, left))


@pytest.mark.parametrize("model", LIKELIHOODS)
@given(values=st.lists(POSITIVE, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_gradient_is_what_the_likelihood_does(model: str, values: list[float]) -> None:
    likelihood, n = LIKELIHOODS[model]
    at = np.array(values[:n])
    _, slope = likelihood(at)
    for place in range(n):
        step = np.zeros(n)
        step[place] = 1e-5 * at[place]
        rise = likelihood(at + step)[0] - likelihood(at - step)[0]
        assert slope[place] == pytest.approx(rise / (2 * step[place]), rel=1e-4, abs=1e-2)


@given(values=st.lists(POSITIVE, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_likelihood_is_that_of_the_paper(values: list[float]) -> None:
    r, alpha, a, b = values
    model = BgNbd(r, alpha, a, b)
    level, _ = LIKELIHOODS["bg_nbd"][0](np.array(values))
    book = sum(n * by_the_book(model, *row) for n, *row in zip(N, X, T_X, AGE, strict=True))
    assert level == pytest.approx(book, rel=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "x", "t"),
    [
        (0.8, 2.4, 2, 39),
        (1, 2.4, 2, 39),
        (0.4, 0.6, 0, 10),
        (0.01, 7, 300, 52),
        (3, 0.2, 0, 150),
        (1, 1, 0, 500),
    ],
)
def test_what_is_expected_of_who_is_alive_is_the_integral_over_all_who_he_may_be(
    a: float, b: float, x: float, t: float
) -> None:
    """Given a chance p to leave, he makes (1 - E[exp(-rate p t)]) / p purchases: integrated over p."""
    model = BgNbd(r=0.25, alpha=4.4, a=a, b=b)

    def weighed(p: float, part: int) -> float:
        p = max(p, 1e-200)
        made = -np.expm1(-(0.25 + x) * np.log1p(p * t / (4.4 + 39))) / p
        rest = (a - 1, b + x - 1)
        return float(made * np.exp(-betaln(a, b + x)) * ((1 - p) ** rest[1] if part == 0 else p ** rest[0]))

    low = quad(partial(weighed, part=0), 0, 0.5, weight="alg", wvar=(a - 1, 0), epsabs=1e-12)[0]
    high = quad(partial(weighed, part=1), 0.5, 1, weight="alg", wvar=(0, b + x - 1), epsabs=1e-12)[0]
    assert float(model.expected_if_alive(x, 39, t)) == pytest.approx(low + high, rel=1e-7)


@pytest.mark.parametrize(("a", "b"), [(21, 400), (300, 900), (2e4, 6e4), (5e3, 5), (30, 1e6)])
@pytest.mark.parametrize(("x", "t"), [(0, 156), (3, 52), (300, 156)])
def test_what_is_expected_of_customers_who_leave_nearly_alike_is_the_mean_over_them(
    a: float, b: float, x: float, t: float
) -> None:
    """Given an a so large that 2F1 is infinite: the mean over 20,000 equally likely chances to leave."""
    leaves = beta(a, b + x).ppf((np.arange(20_000) + 0.5) / 20_000)
    made = -np.expm1(-(0.25 + x) * np.log1p(leaves * t / (4.4 + 39))) / leaves
    model = BgNbd(r=0.25, alpha=4.4, a=a, b=b)
    assert float(model.expected_if_alive(x, 39, t)) == pytest.approx(made.mean(), rel=1e-5)


def simulated(n: int, leaves: Floats) -> tuple[Floats, Floats, Floats]:
    """Return histories in weeks of customers who leave with these chances, over two years."""
    random = np.random.default_rng(0)
    age, rate = random.integers(1, 728, n) / 7, random.gamma(0.6, 1 / 8, n)
    x, t_x, now, stays = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, np.bool_)
    while stays.any():
        now += random.exponential(1 / np.maximum(rate, 1e-9))
        stays &= now < age
        x, t_x = x + stays, np.where(stays, now, t_x)
        stays &= random.random(n) >= leaves
    return x, np.floor(7 * t_x) / 7, age


@pytest.mark.parametrize("n", [300, 1_000, 30_000])
def test_of_customers_who_leave_alike_the_limit_of_the_model_is_fitted(n: int) -> None:
    model = fit_bg_nbd(*simulated(n, np.full(n, 0.25)))
    assert model.fault == ""
    assert model.a / (model.a + model.b) == pytest.approx(0.25, abs=0.07)
    assert 0 < float(model.p_alive(3, 20, 100)) < 1
    made = -np.expm1(-(model.r + 3) * np.log1p(0.25 * 52 / (model.alpha + 100))) / 0.25
    assert float(model.expected_if_alive(3, 100, 52)) == pytest.approx(made, rel=0.3)


def test_the_limit_of_the_likelihood_is_that_of_very_large_a_and_b() -> None:
    likelihood = bg_nbd.Likelihood(X, T_X, AGE, N)
    level, slope = likelihood.leaving_alike(np.array([0.3, 4, 1 / 3]))
    near, steep = likelihood(np.array([0.3, 4, 1e8, 3e8]))
    assert level == pytest.approx(near, rel=1e-4)
    assert slope[:2] == pytest.approx(steep[:2], rel=1e-4)


def test_rounded_moments_only_show_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given so many rows that a fit begins on rounded ones, then it ends where a fit on all of them does."""
    random = np.random.default_rng(1)
    seen = simulated(30_000, random.beta(0.8, 2.4, 30_000))
    monkeypatch.setattr(bg_nbd, "MANY", 1_000)
    quick = fit_bg_nbd(*seen)
    monkeypatch.setattr(bg_nbd, "MANY", 1_000_000)
    whole = fit_bg_nbd(*seen)
    assert (quick.fault, whole.fault) == ("", "")
    assert quick.n_evaluations < whole.n_evaluations / 2
    assert (quick.r, quick.alpha, quick.a, quick.b) == pytest.approx(
        (whole.r, whole.alpha, whole.a, whole.b), rel=1e-8
    )


def test_who_never_came_back_is_alive_and_who_stayed_away_hardly() -> None:
    found = CDNOW.p_alive([0, 1, 20, 300], [0, 10, 10, 1], [500, 500, 39, 3_000])
    assert found.round(3).tolist() == [1, 0.036, 0, 0]


def test_another_unit_of_time_gives_the_same_customers() -> None:
    weeks, days = (
        fit_bg_nbd(X[:9], T_X[:9], AGE[:9], N[:9]),
        fit_bg_nbd(X[:9], 7 * T_X[:9], 7 * AGE[:9], N[:9]),
    )
    assert (days.r, days.alpha, days.a, days.b) == pytest.approx((weeks.r, 7 * weeks.alpha, weeks.a, weeks.b))
    n_repeats = float((N[:9] * X[:9]).sum())
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - n_repeats * np.log(7))
    assert float(days.expected(7 * 39)) == pytest.approx(float(weeks.expected(39)))


def test_of_customers_who_never_leave_the_limit_of_the_model_is_fitted() -> None:
    """Given x out of a negative binomial and a last purchase anywhere near the end, then a = 0: NBD."""
    random = np.random.default_rng(3)
    rate = random.gamma(2, 1 / 20, 1_000)
    x = random.poisson(rate * 52)
    t_x = np.where(x > 0, 52 * random.random(1_000) ** (1 / np.maximum(x, 1)), 0)  # the latest of x moments
    model = fit_bg_nbd(x, t_x, np.full(1_000, 52))
    assert (model.fault, model.a) == ("", 0)
    assert model.p_alive([0, 3, 500], [0, 1, 1], [52, 5_000, 5_000]).tolist() == [1, 1, 1]
    expected = (model.r + np.array([0, 3])) / (model.alpha + 52) * 52
    assert model.expected_given([0, 3], [0, 50], 52, 52) == pytest.approx(expected, rel=1e-9)


def test_the_same_rows_give_the_same_bits() -> None:
    assert fit_bg_nbd(X, T_X, AGE, N) == fit_bg_nbd(X, T_X, AGE, N)


@pytest.mark.parametrize(
    ("x", "t_x", "age", "n"),
    [
        ([0], [0], [30], [100]),
        ([0, 0], [0, 0], [30, 60], [100, 50]),
        ([3], [20], [30], [100]),
        ([1, 1], [1, 2], [30, 30], [50, 50]),
        ([5, 6], [30, 30], [30, 30], [50, 50]),
        ([0], [0], [0], [10]),
    ],
)
def test_data_that_tell_too_little_are_told_not_to_converge(
    x: list[int], t_x: list[int], age: list[int], n: list[int]
) -> None:
    assert fit_bg_nbd(x, t_x, age, n).fault in {"flat", "boundary"}


def test_amounts_that_do_not_differ_are_told_not_to_converge() -> None:
    assert fit_gamma_gamma([1, 2, 3], [10, 20, 30], [50, 50, 50]).fault in {"flat", "boundary"}


def test_of_customers_who_do_not_differ_in_what_they_spend_all_are_expected_to_spend_the_mean() -> None:
    """Given means of four purchases that differ less than chance alone would have it."""
    model = fit_gamma_gamma([1, 1, 4, 4], [5, 15, 38, 42], [100] * 4)
    assert (model.fault, model.is_constant) == ("", True)
    assert model.expected([0, 1, 500], [0, 5, 9_000]) == pytest.approx(10, rel=1e-5)


def test_amounts_without_a_mean_are_refused() -> None:
    random = np.random.default_rng(0)
    spent = random.gamma(2, size=4_000) / random.gamma(0.5, size=4_000)
    assert fit_gamma_gamma(np.full(4_000, 50), 50 * spent).fault == "no_mean"


def test_contracts_that_end_at_one_rate_are_the_limit_of_the_model() -> None:
    lost = [1000, 800, 640, 512]
    model = fit_retention([1, 2, 3, 4, 4], [True] * 4 + [False], [*lost, 2048])
    assert (model.is_constant, model.fault) == (True, "")
    assert model.survival([1, 2, 10]) == pytest.approx([0.8, 0.64, 0.8**10], rel=1e-4)


def test_contracts_of_which_none_ended_are_told_not_to_converge() -> None:
    assert fit_retention([3, 9], [False, False], [100, 100]).fault in {"flat", "boundary"}


def test_later_and_dearer_is_worth_less() -> None:
    seen = Histories(np.array([2, 7.0]), np.array([30, 38.0]), np.array([39, 39.0]))
    worth = partial(residual_purchases, CDNOW, seen, month=DAYS_PER_MONTH / 7)
    free, usual, dear = (worth(horizon=Horizon(annual_rate=rate)) for rate in (0, 0.1, 0.5))
    assert (free > usual).all()
    assert (usual > dear).all()
    assert (worth(horizon=Horizon(months=60)) > usual).all()
    assert worth(horizon=Horizon(months=1)) == pytest.approx(
        expected_purchases(CDNOW, seen, t=DAYS_PER_MONTH / 7) * Horizon().factors[0]
    )


def test_a_month_by_month_sum_is_what_the_vectors_give() -> None:
    seen = Histories(np.array([2, 2, 0.0]), np.array([30, 38, 0.0]), np.array([39, 39, 39.0]))
    until = [CDNOW.expected_given(*seen, 4 * month) for month in range(13)]
    slow = sum((until[k] - until[k - 1]) / 1.1 ** (k / 12) for k in range(1, 13))
    assert residual_purchases(CDNOW, seen, horizon=Horizon(months=12), month=4) == pytest.approx(slow)
    model = Retention(alpha=0.668, beta=3.806)
    months = sum(float(model.survival(k, given=5)) / 1.1 ** (k / 12) for k in range(1, 4))
    assert residual_months(model, [5], [3], horizon=Horizon()) == pytest.approx([months])
