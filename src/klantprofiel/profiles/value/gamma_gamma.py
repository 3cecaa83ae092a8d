"""Gamma-gamma: what a customer spends per purchase, drawn towards the average the fewer purchases he made.

The amount of a purchase varies around a mean of the customer's own (gamma: p), and those means vary between
customers (gamma: q, gamma); how much one spends tells nothing of how often one buys. Fader & Hardie (2013),
"The Gamma-Gamma model of monetary value", note 025; the numbers of equations below are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.profiles.value.likelihood import AS_LIKELY, maximise

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from klantprofiel.profiles.value.likelihood import Floats, Gradient

START: Final = (2.0, 3.0, 1.0)  # p, q, and gamma in usual amounts: a mean of one
ALIKE: Final = 1e9  # q of customers whose means are one, to six digits after a thousand purchases


@dataclass(frozen=True)
class GammaGamma:
    """A gamma-gamma model of the amount of a purchase.

    Attributes
    ----------
    p, q, gamma
        Its parameters; `gamma` is in the unit of the amounts. The mean amount is p gamma / (q - 1).
    log_likelihood, n_customers, n_evaluations
        Of the fit, over all customers.
    is_constant
        Whether customers showed no differences: then all spend one mean, the limit where q is infinite.
    fault
        Empty when the fit converged; otherwise as in `Estimate`, or `no_mean` when q <= 1.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float = float("nan")
    n_customers: int = 0
    n_evaluations: int = 0
    is_constant: bool = False
    fault: str = ""

    def expected(self, x: ArrayLike, spent: ArrayLike) -> Floats:
        """Return what a customer spends on average per purchase, given `spent` in all on `x` (eq. 5).

        Who has `x` = 0 is expected to spend the mean of all customers.

        Examples
        --------
        >>> model = GammaGamma(p=6.25, q=3.74, gamma=15.44)  # Fader & Hardie's customers, in dollars
        >>> [round(float(model.expected(x, 35 * x)), 2) for x in (0, 1, 7)]
        [35.22, 35.07, 35.01]
        """
        x, spent = np.asarray(x, np.float64), np.asarray(spent, np.float64)
        found: Floats = self.p * (self.gamma + spent) / (self.p * x + self.q - 1)
        return found


def fit_gamma_gamma(x: ArrayLike, spent: ArrayLike, n: ArrayLike = 1) -> GammaGamma:
    """Fit a gamma-gamma model by maximum likelihood (eq. 1a), on one row per distinct history.

    Parameters
    ----------
    x
        Purchases of which the amount is known, at least 1, of shape (n_rows,).
    spent
        What was spent on them in all, more than 0.
    n
        How many customers have that history.

    Returns
    -------
    GammaGamma
        The model; `is_constant` when the best fit is that all spend one mean. Its `fault` is not empty where
        the likelihood has no maximum that can be told.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> x, rate = random.integers(1, 9, 4_000), random.gamma(4, 1 / 6, 4_000)
    >>> model = fit_gamma_gamma(x, random.gamma(2 * x) / rate)
    >>> model.fault, round(model.p), round(model.q), round(float(model.expected(0, 0)))
    ('', 2, 4, 4)
    """
    x, spent = np.asarray(x, np.float64), np.asarray(spent, np.float64)
    n = np.broadcast_to(np.asarray(n, np.float64), x.shape)
    n_customers = int(n.sum())
    middle = (n * np.log(spent / x)).sum() / max(n_customers, 1)
    unit = float(np.exp(middle))  # a usual amount, however large the largest are
    likelihood = Likelihood(x, spent / unit, n)
    found = maximise(likelihood, START, n=max(n_customers, 1))
    (p, q, gamma), n_evaluations, is_constant = found.values, found.n_evaluations, False
    if found.fault:
        limit = maximise(likelihood.spending_alike, (START[0], START[0]), n=max(n_customers, 1))
        n_evaluations += limit.n_evaluations
        if not limit.fault and limit.log_likelihood >= found.log_likelihood - AS_LIKELY * n_customers:
            found, is_constant = limit, True
            p, q, gamma = limit.values[0], ALIKE, (ALIKE - 1) / limit.values[1]
    return GammaGamma(
        p,
        q,
        gamma * unit,
        log_likelihood=found.log_likelihood - n_customers * float(np.log(unit)),
        n_customers=n_customers,
        n_evaluations=n_evaluations,
        is_constant=is_constant,
        fault=found.fault or ("" if q > 1 else "no_mean"),
    )


class Likelihood:
    """The log-likelihood of mean amounts (eq. 1a) and its gradient, from purchases and what they cost."""

    def __init__(self, x: Floats, spent: Floats, n: Floats) -> None:
        self.n, self.n_customers = n, float(n.sum())
        self.x, self.of_x = np.unique(x, return_inverse=True)
        self.n_x = np.bincount(self.of_x, n, minlength=len(self.x))
        self.x_row, self.spent, self.log_spent = x, spent, np.log(spent)
        self.fixed = float((n * (np.log(x) - self.log_spent)).sum())

    def __call__(self, values: Floats) -> Gradient:
        """Return the log-likelihood at these parameters, and its derivative to each."""
        from scipy.special import gammaln, psi  # noqa: PLC0415  costly, and only who fits needs it

        p, q, gamma = values
        shape = p * self.x
        logs = np.log(gamma + self.spent)
        level = (
            (self.n_x * (gammaln(shape + q) - gammaln(shape))).sum()
            + self.n_customers * (q * np.log(gamma) - gammaln(q))
            + (self.n * (p * self.x_row * self.log_spent - (p * self.x_row + q) * logs)).sum()
            + self.fixed
        )
        slope = (
            (self.n_x * self.x * (psi(shape + q) - psi(shape))).sum()
            + (self.n * self.x_row * (self.log_spent - logs)).sum(),
            (self.n_x * psi(shape + q)).sum()
            + self.n_customers * (np.log(gamma) - psi(q))
            - (self.n * logs).sum(),
            self.n_customers * q / gamma - (self.n * (p * self.x_row + q) / (gamma + self.spent)).sum(),
        )
        return float(level), np.array(slope, np.float64)

    def spending_alike(self, values: Floats) -> Gradient:
        """Return the same of p and the rate of amounts, one for all: q and gamma are infinite."""
        from scipy.special import gammaln, psi  # noqa: PLC0415  costly, and only who fits needs it

        p, rate = values
        n_x, total = self.n_x * self.x, (self.n * self.spent).sum()
        logs = n_x.sum() * np.log(rate) + (self.n * self.x_row * self.log_spent).sum()
        level = p * logs - rate * total - (self.n_x * gammaln(p * self.x)).sum() + self.fixed
        slope = (logs - (n_x * psi(p * self.x)).sum(), p * n_x.sum() / rate - total)
        return float(level), np.array(slope, np.float64)
