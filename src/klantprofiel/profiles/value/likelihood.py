"""Maximum likelihood of models whose parameters are all positive: one way for all, and an honest end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Floats: TypeAlias = NDArray[np.float64]
Gradient: TypeAlias = tuple[float, Floats]

LOWEST, HIGHEST = np.log(1e-5), np.log(1e7)
"""Parameters beyond these mean a limit of the model, such as nobody who ever leaves: no estimate of it."""
FLATTEST: Final = 1e-7  # curvature of the same below which the data do not tell the parameters apart
AS_LIKELY: Final = 1e-6  # of log-likelihood per observation: two models that explain the data equally well
_SLOPE: Final = 1e-7  # of the mean log-likelihood, per unit of a log parameter: near enough for Newton
_STEP: Final = 1e-4  # for curvature from slopes: half the digits of a double, by central differences
_NEWTON_STEPS: Final = 20
_DIGITS: Final = 1e-9  # the last step of a log parameter: nine digits


@dataclass(frozen=True)
class Estimate:
    """Parameters at the maximum of a likelihood, or the last ones tried where `fault` says why there is none.

    Attributes
    ----------
    values
        The parameters, all positive.
    log_likelihood
        Of all the data, at those.
    n_evaluations
        How often the likelihood was computed.
    fault
        Empty when it converged; `boundary` when a parameter ran away, `flat` when the data do not tell the
        parameters apart, `unfinished` when the steps did not settle.
    """

    values: tuple[float, ...]
    log_likelihood: float
    n_evaluations: int
    fault: str


def maximise(function: Callable[[Floats], Gradient], start: Sequence[float], *, n: int) -> Estimate:
    """Maximise a log-likelihood of positive parameters over their logarithms.

    L-BFGS-B finds the place and Newton's method ends it, with a curvature from differences of the slope; so
    equal data give equal parameters to far more digits than anybody prints.

    Parameters
    ----------
    function
        Takes the parameters; returns the log-likelihood and its derivative to each of them.
    start
        Where to begin.
    n
        How many observations the likelihood is of: slopes are judged per observation.

    Examples
    --------
    The rate of 100 waiting times that sum to 50 is 2:

    >>> found = maximise(lambda rate: (100 * np.log(rate[0]) - 50 * rate[0], 100 / rate - 50), [1], n=100)
    >>> round(found.values[0], 9), found.fault
    (2.0, '')
    """
    from scipy.optimize import minimize  # noqa: PLC0415  costly, and only who fits needs it

    n_evaluations = 0

    def mean_loss(logs: Floats) -> Gradient:
        nonlocal n_evaluations
        n_evaluations += 1
        values = np.exp(logs)
        level, slope = function(values)
        return -level / n, -slope * values / n

    found = minimize(
        mean_loss,
        np.log(np.asarray(start, np.float64)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": _SLOPE},
    )
    logs, fault = _ended(mean_loss, np.asarray(found.x))
    loss, _ = mean_loss(logs)
    return Estimate(tuple(float(value) for value in np.exp(logs)), -loss * n, n_evaluations, fault)


def _ended(mean_loss: Callable[[Floats], Gradient], logs: Floats) -> tuple[Floats, str]:
    """Take Newton's steps from near the minimum; return where they end, and what is wrong there."""
    if np.any(logs < LOWEST + _STEP) or np.any(logs > HIGHEST - _STEP):
        return logs, "boundary"
    curvature = _curvature(mean_loss, logs)  # once: so near the end it hardly changes
    if float(np.linalg.eigvalsh(curvature)[0]) < FLATTEST:
        return logs, "flat"
    for _ in range(_NEWTON_STEPS):
        step = -np.linalg.solve(curvature, mean_loss(logs)[1])
        logs = logs + np.clip(step, -1, 1)
        if float(np.max(np.abs(step))) < _DIGITS:
            return logs, ""
    return logs, "unfinished"


def _curvature(mean_loss: Callable[[Floats], Gradient], logs: Floats) -> Floats:
    steps = np.eye(len(logs)) * _STEP
    rows = [(mean_loss(logs + step)[1] - mean_loss(logs - step)[1]) / (2 * _STEP) for step in steps]
    rough = np.array(rows)
    both: Floats = (rough + rough.T) / 2
    return both
