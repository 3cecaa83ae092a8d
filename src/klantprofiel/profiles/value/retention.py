"""Shifted beta-geometric: how long customers with a contract stay.

At the end of each period a customer renews or leaves, with a chance of his own (beta: alpha, beta); so the
longer a group has stayed, the better it stays. Fader & Hardie (2007), "How to project customer retention",
Journal of Interactive Marketing 21(1), 76-90; the numbers of equations below are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.profiles.value.likelihood import AS_LIKELY, maximise

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from klantprofiel.profiles.value.likelihood import Floats, Gradient

START: Final = (1.0, 1.0)
ALIKE: Final = 1e6  # alpha + beta of customers who all leave at one rate, to six digits


@dataclass(frozen=True)
class Retention:
    """A shifted beta-geometric model of contracts.

    Attributes
    ----------
    alpha, beta
        Of the beta distribution of the chance to leave at the end of a period; its mean is
        alpha / (alpha + beta).
    log_likelihood, n_contracts, n_evaluations
        Of the fit, over all contracts.
    is_constant
        Whether customers showed no differences: then all leave at one rate, the limit of the model.
    fault
        Empty when the fit converged; otherwise as in `Estimate`.
    """

    alpha: float
    beta: float
    log_likelihood: float = float("nan")
    n_contracts: int = 0
    n_evaluations: int = 0
    is_constant: bool = False
    fault: str = ""

    def survival(self, t: ArrayLike, *, given: ArrayLike = 0) -> Floats:
        """Return the share, 0 to 1, that stays `t` more periods, of who has stayed `given` (eq. 6).

        Examples
        --------
        >>> model = Retention(alpha=0.668, beta=3.806)  # 'High End' of Fader & Hardie, years 1, 7 and 12
        >>> [round(100 * float(model.survival(t)), 1) for t in (1, 7, 12)]
        [85.1, 48.9, 37.8]
        """
        from scipy.special import gammaln  # noqa: PLC0415  costly, and only who predicts needs it

        t, given = np.asarray(t, np.float64), np.asarray(given, np.float64)
        here, all_ = self.beta + given, self.alpha + self.beta + given
        found: Floats = np.exp(gammaln(here + t) - gammaln(here) - gammaln(all_ + t) + gammaln(all_))
        return found


def fit_retention(periods: ArrayLike, ended: ArrayLike, n: ArrayLike = 1) -> Retention:
    """Fit a shifted beta-geometric model by maximum likelihood (eq. 5 and 6), on one row per distinct course.

    Parameters
    ----------
    periods
        Of a contract that ended, the period at whose end it did, from 1; of one that runs, the periods after
        which it was renewed, from 0. Of shape (n_rows,).
    ended
        Whether it ended.
    n
        How many contracts took that course.

    Returns
    -------
    Retention
        The model; `is_constant` when the best fit is that all leave at one rate.

    Examples
    --------
    Of 1,000 customers 'High End' after seven years (Fader & Hardie, table 1):

    >>> lost = -np.diff([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> model = fit_retention([*range(1, 8), 7], [True] * 7 + [False], [*lost, 491])
    >>> round(model.alpha, 3), round(model.beta, 3), round(model.log_likelihood, 1)
    (0.668, 3.806, -1611.2)
    """
    periods, ended = np.asarray(periods, np.float64), np.asarray(ended, np.bool_)
    n = np.broadcast_to(np.asarray(n, np.float64), periods.shape)
    n_contracts, n_ended = int(n.sum()), float(n[ended].sum())
    likelihood = Likelihood(periods, ended, n)
    found = maximise(likelihood, START, n=max(n_contracts, 1))
    if found.fault and n_ended:
        leave = n_ended / float((n * periods).sum())  # the geometric distribution's own estimate
        alpha, beta = leave * ALIKE, max((1 - leave) * ALIKE, 1e-9)
        level, _ = likelihood(np.array([alpha, beta]))
        if level >= found.log_likelihood - AS_LIKELY * n_contracts:
            return Retention(alpha, beta, level, n_contracts, found.n_evaluations + 1, is_constant=True)
    alpha, beta = found.values
    return Retention(alpha, beta, found.log_likelihood, n_contracts, found.n_evaluations, fault=found.fault)


class Likelihood:
    """The log-likelihood and its gradient: who ended left in that period, who did not outlived it."""

    def __init__(self, periods: Floats, ended: ArrayLike, n: Floats) -> None:
        self.left = np.asarray(ended, np.float64)
        self.stayed, self.all, self.n = periods - self.left, periods, n

    def __call__(self, values: Floats) -> Gradient:
        """Return the log-likelihood at these parameters, and its derivative to each."""
        from scipy.special import betaln, psi  # noqa: PLC0415  costly, and only who fits needs it

        alpha, beta = values
        level = betaln(alpha + self.left, beta + self.stayed) - betaln(alpha, beta)
        both = psi(alpha + beta) - psi(alpha + beta + self.all)
        slope = (
            (self.n * (psi(alpha + self.left) - psi(alpha) + both)).sum(),
            (self.n * (psi(beta + self.stayed) - psi(beta) + both)).sum(),
        )
        return float((self.n * level).sum()), np.array(slope, np.float64)
