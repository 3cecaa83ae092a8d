"""BG/NBD: how often customers without a contract buy again, and whether they are still there.

While a customer is alive, purchases come at random at a rate of his own (gamma: r, alpha); after each of them
he leaves for good with a chance of his own (beta: a, b). Fader, Hardie & Lee (2005), "Counting your customers
the easy way", Marketing Science 24(2), 275-284; the numbers of equations below are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from klantprofiel.profiles.value.likelihood import AS_LIKELY, maximise

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from klantprofiel.profiles.value.likelihood import Floats, Gradient

START: Final = (1.0, 1.0, 1.0, 1.0)  # r, alpha in mean customer ages, a, b
NEVER_LEAVES: Final = (0.0, 2.0)  # a, b: with a = 0 any b does, and this one keeps eq. 10 from 0 / 0
_NEAR: Final = 1e-5  # so close to a singular point of eq. 10 that digits are lost


class Histories(NamedTuple):
    """Histories of customers, each of shape (n_rows,): repeat purchases, when the last was, and their age."""

    x: Floats
    t_x: Floats
    age: Floats


@dataclass(frozen=True)
class BgNbd:
    """A BG/NBD model: four parameters, in the unit of time of the data.

    Attributes
    ----------
    r, alpha
        Shape and rate of the gamma distribution of purchase rates; their mean is r / alpha.
    a, b
        Of the beta distribution of the chance to leave after a purchase; its mean is a / (a + b). With a = 0
        nobody leaves: the limit of the model where no one was seen to.
    log_likelihood
        Of all customers. In another unit of time it differs by a constant.
    n_customers, n_rows
        How many customers it was fitted on, and in how many distinct rows they came.
    n_evaluations
        How often the likelihood was computed.
    fault
        Empty when the fit converged; otherwise as in `Estimate`: the parameters are then not to be used.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")
    n_customers: int = 0
    n_rows: int = 0
    n_evaluations: int = 0
    fault: str = ""

    def expected(self, t: ArrayLike) -> Floats:
        """Return how many repeat purchases a new customer makes until `t` after the first (eq. 9).

        Examples
        --------
        >>> model = BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)  # Fader, Hardie & Lee's data, in weeks
        >>> [round(float(model.expected(t)), 2) for t in (39, 52, 78)]
        [1.2, 1.44, 1.86]
        """
        return _while_alive(self.r, self.alpha, self.a, self.b, np.asarray(t, np.float64))

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Floats:
        """Return the chance, 0 to 1, that a customer has not left (Fader & Hardie 2008, note 021).

        Who never bought again is alive: one leaves after a purchase, and the first is not modelled.

        Parameters
        ----------
        x
            Repeat purchases.
        t_x
            Time from the first purchase to the last; 0 when x = 0.
        age
            Time from the first purchase to now.

        Examples
        --------
        >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> [round(float(model.p_alive(x, t_x, 39)), 2) for x, t_x in [(0, 0), (2, 30), (20, 30), (20, 10)]]
        [1.0, 0.72, 0.2, 0.0]
        """
        x, t_x, age = (np.asarray(each, np.float64) for each in (x, t_x, age))
        return np.where(x > 0, _logistic(-self._log_odds_left(x, t_x, age)), 1.0)

    def expected_given(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike, t: ArrayLike) -> Floats:
        """Return how many purchases a customer with this history makes in the next `t` (eq. 10).

        Examples
        --------
        >>> model = BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
        >>> round(float(model.expected_given(2, 30.43, 38.86, 39)), 3)  # the example of Hardie's spreadsheet
        1.226
        """
        found: Floats = self.p_alive(x, t_x, age) * self.expected_if_alive(x, age, t)
        return found

    def expected_if_alive(self, x: ArrayLike, age: ArrayLike, t: ArrayLike) -> Floats:
        """Return the same of who has not left: when he bought last then tells nothing more.

        The history only shifts the parameters, to r + x, alpha + age, a and b + x.
        """
        x, age, t = (np.asarray(each, np.float64) for each in (x, age, t))
        return _while_alive(self.r + x, self.alpha + age, self.a, self.b + x, t)

    def _log_odds_left(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        with np.errstate(divide="ignore"):  # where a = 0 nobody leaves
            stayed = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        found: Floats = stayed + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        return found


def fit_bg_nbd(x: ArrayLike, t_x: ArrayLike, age: ArrayLike, n: ArrayLike = 1) -> BgNbd:
    """Fit a BG/NBD model by maximum likelihood (eq. 6), on one row per distinct history.

    Equal histories add equal terms, so a row counts as often as `n` says: the likelihood and the parameters
    are those of all customers, for the work of the distinct rows.

    Parameters
    ----------
    x, t_x, age
        Repeat purchases, time from the first to the last of them, and time from the first until now, of shape
        (n_rows,); 0 <= t_x <= age. One unit of time for all.
    n
        How many customers have that history.

    Returns
    -------
    BgNbd
        The model; its `fault` is not empty where the likelihood has no maximum that can be told, as when
        nobody bought twice.

    Examples
    --------
    Of 98 customers who first bought 39 weeks ago, 60 never came back, and three came twelve times:

    >>> x, t_x, n = [0, 1, 1, 2, 2, 5, 5, 12], [0, 5, 30, 10, 35, 15, 38, 38], [60, 10, 8, 4, 5, 3, 5, 3]
    >>> model = fit_bg_nbd(x, t_x, [39] * 8, n)
    >>> model.fault, model.n_customers, round(float(model.expected(39)), 2)
    ('', 98, 1.12)
    >>> fit_bg_nbd([0, 0], [0, 0], [10, 20], n=[5, 5]).fault
    'flat'
    """
    x, t_x, age = (np.asarray(each, np.float64) for each in (x, t_x, age))
    n = np.broadcast_to(np.asarray(n, np.float64), x.shape)
    n_customers = int(n.sum())
    unit = float((n * age).sum() / max(n_customers, 1)) or 1.0  # in mean ages alpha is of the size of one
    likelihood = Likelihood(x, t_x / unit, age / unit, n)
    found = maximise(likelihood, START, n=max(n_customers, 1))
    (r, alpha, a, b), level, fault = found.values, found.log_likelihood, found.fault
    n_evaluations = found.n_evaluations
    if fault:
        nobody_leaves = maximise(likelihood.without_leaving, START[:2], n=max(n_customers, 1))
        n_evaluations += nobody_leaves.n_evaluations
        if not nobody_leaves.fault and nobody_leaves.log_likelihood >= level - AS_LIKELY * n_customers:
            (r, alpha), level, fault = nobody_leaves.values, nobody_leaves.log_likelihood, ""
            a, b = NEVER_LEAVES
    return BgNbd(
        r,
        alpha * unit,
        a,
        b,
        log_likelihood=level - float((n * x).sum()) * float(np.log(unit)),
        n_customers=n_customers,
        n_rows=len(x),
        n_evaluations=n_evaluations,
        fault=fault,
    )


class Likelihood:
    """The log-likelihood and its gradient (eq. 6), with what never changes computed once.

    With d = log odds of having left, a row adds to the terms of its x alone
    -(r + x) log(alpha + T) + log(1 + exp(d)), the latter only when x > 0.
    """

    def __init__(self, x: Floats, t_x: Floats, age: Floats, n: Floats) -> None:
        self.n = float(n.sum())
        self.x, self.of_x = np.unique(x, return_inverse=True)
        self.n_x = np.bincount(self.of_x, n)
        self.age, of_age = np.unique(age, return_inverse=True)
        self.n_age = np.bincount(of_age, n)
        self.n_x_age = np.bincount(of_age, n * x)
        again = x > 0
        self.x_again, self.n_again = x[again], n[again]
        self.of_x, self.of_age = self.of_x[again], of_age[again]
        self.last, self.of_last = np.unique(t_x[again], return_inverse=True)

    def __call__(self, values: Floats) -> Gradient:
        """Return the log-likelihood at these parameters, and its derivative to each."""
        from scipy.special import gammaln, psi  # noqa: PLC0415  costly, and only who fits needs it

        r, alpha, a, b = values
        x, n_x = self.x, self.n_x
        counts = (
            gammaln(r + x) - gammaln(r) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        )
        logs, inverse = np.log(alpha + self.age), 1 / (alpha + self.age)
        n_age = r * self.n_age + self.n_x_age
        level = (n_x * counts).sum() + self.n * r * np.log(alpha) - (n_age * logs).sum()
        slope = np.array(
            [
                (n_x * (psi(r + x) - psi(r))).sum() + self.n * np.log(alpha) - (self.n_age * logs).sum(),
                self.n * r / alpha - (n_age * inverse).sum(),
                (n_x * (psi(a + b) - psi(a + b + x))).sum(),
                (n_x * (psi(a + b) - psi(a + b + x) + psi(b + x) - psi(b))).sum(),
            ]
        )
        more, steeper = self._left(values, logs, inverse)
        return float(level + more), slope + steeper

    def without_leaving(self, values: Floats) -> Gradient:
        """Return the same of r and alpha where nobody leaves: the limit a = 0, NBD (Ehrenberg 1959)."""
        r, alpha = values
        with np.errstate(divide="ignore", invalid="ignore"):  # the slope to a, which is left out
            level, slope = self(np.array([r, alpha, *NEVER_LEAVES]))
        return level, slope[:2]

    def _left(self, values: Floats, logs: Floats, inverse: Floats) -> Gradient:
        """Return what having left adds: the sum of log(1 + exp(d)) over who bought again."""
        r, alpha, a, b = values
        stays = b + np.maximum(self.x, 1) - 1
        gap = logs[self.of_age] - np.log(alpha + self.last)[self.of_last]
        power = r + self.x_again
        odds = (np.log(a) - np.log(stays))[self.of_x] + power * gap
        tail = np.exp(-np.abs(odds))
        level = (self.n_again * (np.maximum(odds, 0) + np.log1p(tail))).sum()
        left = self.n_again * np.where(odds > 0, 1, tail) / (1 + tail)
        shift = inverse[self.of_age] - (1 / (alpha + self.last))[self.of_last]
        slope = (
            (left * gap).sum(),
            (left * power * shift).sum(),
            left.sum() / a,
            -(left / stays[self.of_x]).sum(),
        )
        return float(level), np.array(slope)


def _while_alive(r: ArrayLike, alpha: ArrayLike, a: float, b: ArrayLike, t: Floats) -> Floats:
    """Return the expected purchases in `t` of who is alive (eq. 9): a Gauss hypergeometric function.

    Euler's transformation turns 2F1(r, b; a+b-1; z) of eq. 9, which overflows for who bought hundreds of
    times, into 2F1(a+b-1-r, a-1; a+b-1; z), whose second parameter stays small. At a = 1 and a + b = 1 it is
    0 / 0: there the mean of both sides stands for the limit, to ten digits.
    """
    r, alpha, b = (np.asarray(each, np.float64) for each in (r, alpha, b))
    singular = (np.abs(a - 1) < _NEAR) | (np.abs(a + b - 1) < _NEAR)
    if not np.any(singular):
        return _closed_form(r, alpha, np.asarray(a, np.float64), b, t)
    either = [
        _closed_form(r, alpha, np.where(singular, a + step, a), b, t) for step in (-2 * _NEAR, 2 * _NEAR)
    ]
    found: Floats = (either[0] + either[1]) / 2
    return found


def _closed_form(r: Floats, alpha: Floats, a: Floats, b: Floats, t: Floats) -> Floats:
    from scipy.special import hyp2f1  # noqa: PLC0415  costly, and only who predicts needs it

    z = t / (alpha + t)
    ends = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b - 1, z)
    found: Floats = (a + b - 1) / (a - 1) * (1 - ends)
    return found


def _logistic(odds: Floats) -> Floats:
    tail = np.exp(-np.abs(odds))
    found: Floats = np.where(odds > 0, 1, tail) / (1 + tail)
    return found
