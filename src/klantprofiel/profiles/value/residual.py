"""Residual lifetime value: what is still to come of a customer, worth less the later it comes.

What is expected in month k counts for (1 + rate)^(-k / 12): as if it came at the month's end. Fader, Hardie &
Lee (2005), "RFM and CLV", Journal of Marketing Research 42(4), 415-430, take all the future; a horizon in
months is what a finance department can check. Revenue, not profit: costs are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from klantprofiel.profiles.value.bg_nbd import BgNbd, Histories
    from klantprofiel.profiles.value.likelihood import Floats
    from klantprofiel.profiles.value.retention import Retention

DAYS_PER_MONTH: Final = 365.25 / 12


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """How far is looked ahead, and what a year of waiting costs.

    Parameters
    ----------
    months
        Beyond three years a model of past purchases is a guess.
    annual_rate
        0.1 is 10% a year: a usual cost of capital of a retailer.

    Examples
    --------
    >>> Horizon(months=24, annual_rate=0.1).factors[[11, 23]].round(4).tolist()
    [0.9091, 0.8264]
    """

    months: int = 36
    annual_rate: float = 0.1

    @property
    def factors(self) -> Floats:
        """What a euro at the end of each month is worth today, of shape (months,)."""
        factors: Floats = (1 + self.annual_rate) ** (-np.arange(1, self.months + 1) / 12)
        return factors


def residual_purchases(model: BgNbd, histories: Histories, *, horizon: Horizon, month: float) -> Floats:
    """Return the discounted number of purchases to come of customers with these histories.

    Sums discount(k) (E[k months] - E[k - 1 months]). Given that a customer is alive, E depends on `x` and
    `age` only, so it is computed once for each of their distinct pairs.

    Parameters
    ----------
    model
        A fitted model.
    histories
        `x`, `t_x` and `age` as in `BgNbd.expected_given`, each of shape (n_rows,).
    horizon
        How far, and at which discount.
    month
        The length of a month in the model's unit of time.

    Examples
    --------
    Without a discount it is what is expected until the horizon:

    >>> from klantprofiel.profiles.value.bg_nbd import BgNbd, Histories
    >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = Histories(np.array([2, 0]), np.array([30, 0]), np.array([39, 39]))
    >>> free = residual_purchases(model, seen, horizon=Horizon(annual_rate=0), month=4)
    >>> bool(np.allclose(free, model.expected_given(*seen, 36 * 4)))
    True
    """
    x, age, of_row = _pairs(histories)
    weights = -np.diff(horizon.factors, append=0)  # the same sum, by what each E[k months] counts for
    total = np.zeros(len(x))
    for month_number, weight in enumerate(weights, start=1):
        total += weight * model.expected_if_alive(x, age, month_number * month)
    found: Floats = model.p_alive(*histories) * total[of_row]
    return found


def expected_purchases(model: BgNbd, histories: Histories, *, t: float) -> Floats:
    """Return `model.expected_given`, with the costly part once per distinct pair of `x` and `age`."""
    x, age, of_row = _pairs(histories)
    found: Floats = model.p_alive(*histories) * model.expected_if_alive(x, age, t)[of_row]
    return found


def residual_months(model: Retention, stayed: ArrayLike, left: ArrayLike, *, horizon: Horizon) -> Floats:
    """Return the discounted number of months that running contracts will still be paid.

    Sums discount(k) S(k | stayed) (Fader & Hardie 2010, "Customer-base valuation in a contractual setting",
    Marketing Science 29(1), 85-93, with a horizon).

    Parameters
    ----------
    model
        A fitted model, in months.
    stayed
        The months after which the contract was renewed, of shape (n_rows,).
    left
        The months until an end that was announced; the horizon where there is none.
    horizon
        How far, and at which discount.

    Examples
    --------
    >>> from klantprofiel.profiles.value.retention import Retention
    >>> model = Retention(alpha=0.668, beta=3.806)
    >>> residual_months(model, [0, 24, 24], [36, 36, 1], horizon=Horizon(annual_rate=0)).round(2).tolist()
    [12.89, 26.35, 0.98]
    """
    stayed, left = np.asarray(stayed, np.float64), np.asarray(left, np.float64)
    total = np.zeros(stayed.shape)
    for month_number, factor in enumerate(horizon.factors, start=1):
        stays = model.survival(month_number, given=stayed)
        total += np.where(left >= month_number, factor * stays, 0)
    return total


def _pairs(histories: Histories) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return the distinct pairs of `x` and `age`, and of each row which pair it has."""
    counts, of_x = np.unique(histories.x, return_inverse=True)
    ages, of_age = np.unique(histories.age, return_inverse=True)
    keys, of_row = np.unique(of_x * len(ages) + of_age, return_inverse=True)
    return counts[keys // max(len(ages), 1)], ages[keys % max(len(ages), 1)], of_row
