"""BG/NBD: how often customers without a contract buy again, and whether they are still there.

While a customer is alive, purchases come at random at a rate of his own (gamma: r, alpha); after each of them
he leaves for good with a chance of his own (beta: a, b). Fader, Hardie & Lee (2005), "Counting your customers
the easy way", Marketing Science 24(2), 275-284; the numbers of equations below are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from klantprofiel.profiles.value.expectation import expected_while_alive
from klantprofiel.profiles.value.likelihood import AS_LIKELY, maximise

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from klantprofiel.profiles.value.likelihood import Estimate, Floats, Gradient

START: Final = (1.0, 1.0, 1.0, 1.0)  # r, alpha in mean customer ages, a, b
ALIKE: Final = 1e6  # a + b of customers who all leave with one chance, to six digits
MANY: Final = 20_000  # rows, from which it pays to fit on rounded moments first
GRID: Final = 64  # steps to which they are rounded, of the longest history
SURE: Final = 500.0  # log odds beyond which a chance is 0 or 1, and its double costs ten times the work


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
        nobody leaves.
    log_likelihood
        Of all customers. In another unit of time it differs by a constant.
    n_customers, n_rows
        How many customers it was fitted on, and in how many distinct rows they came.
    n_evaluations
        How often the likelihood was computed of all of them.
    is_constant
        Whether customers showed no differences in the chance to leave: then it is a / (a + b) for all, the
        limit of the model where a + b is infinite.
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
    is_constant: bool = False
    fault: str = ""

    def expected(self, t: ArrayLike) -> Floats:
        """Return how many repeat purchases a new customer makes until `t` after the first (eq. 9).

        Examples
        --------
        >>> model = BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)  # Fader, Hardie & Lee's data, in weeks
        >>> [round(float(model.expected(t)), 2) for t in (39, 52, 78)]
        [1.2, 1.44, 1.86]
        """
        return expected_while_alive(self.r, self.alpha, self.a, self.b, np.asarray(t, np.float64))

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
        return expected_while_alive(self.r + x, self.alpha + age, self.a, self.b + x, t)

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
        The model; `is_constant` when the best fit is that all leave with one chance, or never. Its `fault`
        is not empty where the likelihood has no maximum that can be told, as when nobody bought twice.

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
    rough = Likelihood(*_rounded(x, t_x, age, n, unit)) if len(x) > MANY else None
    found = maximise(likelihood, START, n=max(n_customers, 1), rough=rough)
    n_evaluations, is_constant = found.n_evaluations, False
    if found.fault:
        limit = _limit(likelihood, rough, n_customers)
        n_evaluations += limit.n_evaluations
        if not limit.fault and limit.log_likelihood >= found.log_likelihood - AS_LIKELY * n_customers:
            found, is_constant = limit, True
    r, alpha, a, b = found.values
    return BgNbd(
        r,
        alpha * unit,
        a,
        b,
        log_likelihood=found.log_likelihood - float((n * x).sum()) * float(np.log(unit)),
        n_customers=n_customers,
        n_rows=len(x),
        n_evaluations=n_evaluations,
        is_constant=is_constant,
        fault=found.fault,
    )


def _limit(likelihood: Likelihood, rough: Likelihood | None, n: int) -> Estimate:
    """Return the likeliest model of customers who all leave with one chance, or never."""
    n_evaluations = 0
    if rough is None or not maximise(rough.leaving_alike, START[:3], n=max(n, 1)).fault:
        roughly = rough.leaving_alike if rough else None
        found = maximise(likelihood.leaving_alike, START[:3], n=max(n, 1), rough=roughly)
        n_evaluations = found.n_evaluations
        if not found.fault:
            r, alpha, odds = found.values
            leaves = odds / (1 + odds)
            return replace(found, values=(r, alpha, leaves * ALIKE, (1 - leaves) * ALIKE))
    never = maximise(likelihood.without_leaving, START[:2], n=max(n, 1))
    n_evaluations += never.n_evaluations
    return replace(never, values=(*never.values, 0.0, ALIKE), n_evaluations=n_evaluations)


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
        counts = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        bought, steep = self.without_leaving(values[:2])
        stays = b + np.maximum(x, 1) - 1
        left, steeper, of_x = self._left(r, alpha, np.log(a) - np.log(stays))
        slope = (
            *(steep + steeper),
            (n_x * (psi(a + b) - psi(a + b + x))).sum() + of_x.sum() / a,
            (n_x * (psi(a + b) - psi(a + b + x) + psi(b + x) - psi(b))).sum() - (of_x / stays).sum(),
        )
        return bought + float((n_x * counts).sum()) + left, np.array(slope)

    def leaving_alike(self, values: Floats) -> Gradient:
        """Return the same of r, alpha and the odds of leaving, one for all: a + b is infinite."""
        r, alpha, odds = values
        bought, steep = self.without_leaving(values[:2])
        left, steeper, of_x = self._left(r, alpha, np.full_like(self.x, np.log(odds)))
        n_bought = (self.n_x * self.x).sum()
        slope = (*(steep + steeper), of_x.sum() / odds - n_bought / (1 + odds))
        return bought + left - float(n_bought * np.log1p(odds)), np.array(slope)

    def without_leaving(self, values: Floats) -> Gradient:
        """Return the same of r and alpha where nobody leaves: the limit a = 0, NBD (Ehrenberg 1959)."""
        from scipy.special import gammaln, psi  # noqa: PLC0415  costly, and only who fits needs it

        r, alpha = values
        x, n_x, logs = self.x, self.n_x, np.log(alpha + self.age)
        n_age = r * self.n_age + self.n_x_age
        level = (
            (n_x * (gammaln(r + x) - gammaln(r))).sum() + self.n * r * np.log(alpha) - (n_age * logs).sum()
        )
        slope = (
            (n_x * (psi(r + x) - psi(r))).sum() + self.n * np.log(alpha) - (self.n_age * logs).sum(),
            self.n * r / alpha - (n_age / (alpha + self.age)).sum(),
        )
        return float(level), np.array(slope)

    def _left(self, r: float, alpha: float, odds: Floats) -> tuple[float, Floats, Floats]:
        """Return what having left adds, the sum of log(1 + exp(d)) over who bought again.

        `odds` are those of leaving after the last purchase, of each number of purchases, as logarithms. With
        the derivative to r and alpha, and to the odds of each number.
        """
        age, last = alpha + self.age, alpha + self.last
        power = (r + self.x)[self.of_x]
        gap = np.log(age)[self.of_age] - np.log(last)[self.of_last]
        d = odds[self.of_x] + power * gap
        tail = np.exp(-np.minimum(np.abs(d), SURE))
        level = (self.n_again * (np.maximum(d, 0) + np.log1p(tail))).sum()
        left = self.n_again * np.where(d > 0, 1.0, tail) / (1 + tail)
        shift = (1 / age)[self.of_age] - (1 / last)[self.of_last]
        slope = np.array([(left * gap).sum(), (left * power * shift).sum()])
        of_x: Floats = np.bincount(self.of_x, left, minlength=len(self.x)).astype(np.float64)
        return float(level), slope, of_x


def _rounded(x: Floats, t_x: Floats, age: Floats, n: Floats, unit: float) -> tuple[Floats, ...]:
    """Return far fewer histories of the same customers, in `unit`: their moments rounded to a grid."""
    step = float(age.max()) / GRID
    count, of_x = np.unique(x, return_inverse=True)
    cells = np.round(t_x / step) + (GRID + 1) * np.round(age / step)
    keys, of_row = np.unique(of_x + len(count) * cells, return_inverse=True)
    cell, rest = np.divmod(keys, len(count))
    moments = (step / unit * each for each in (cell % (GRID + 1), cell // (GRID + 1)))
    return count[rest.astype(np.intp)], *moments, np.bincount(of_row, n).astype(np.float64)


def _logistic(odds: Floats) -> Floats:
    tail = np.exp(-np.abs(odds))
    found: Floats = np.where(odds > 0, 1, tail) / (1 + tail)
    return found
