"""Maximum likelihood of models whose parameters are all positive: one way for all, and an honest end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]
Gradient: TypeAlias = tuple[float, Floats]
LogLikelihood: TypeAlias = Callable[[Floats], Gradient]

LOWEST, HIGHEST = np.log(1e-5), np.log(1e7)
"""Parameters beyond these mean a limit of the model, such as nobody who ever leaves: no estimate of it."""
FLATTEST: Final = 1e-7  # curvature of the same below which the data do not tell the parameters apart
AS_LIKELY: Final = 1e-6  # of log-likelihood per observation: two models that explain the data equally well
_SLOPE: Final = 1e-7  # of the mean log-likelihood, per unit of a log parameter: near enough for Newton
_GAIN, _GAIN_NEAR = 1e-13, 1e-9  # of a share of the log-likelihood: less in a step is none
_STEP: Final = 1e-4  # for curvature from slopes: half the digits of a double, by central differences
_NEWTON_STEPS: Final = 10
_ROUNDING: Final = 1e-13  # of log-likelihood per observation, which is as exact as sums of doubles are
_CURVATURES: Final = 4  # on a long ridge the first one may mislead
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
        How often the likelihood of all the data was computed.
    fault
        Empty when it converged; `boundary` when a parameter ran away, `flat` when the data do not tell the
        parameters apart, `unfinished` when the steps did not settle.
    """

    values: tuple[float, ...]
    log_likelihood: float
    n_evaluations: int
    fault: str


def maximise(
    function: LogLikelihood, start: Sequence[float], *, n: int, rough: LogLikelihood | None = None
) -> Estimate:
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
    rough
        The same of rounded observations, which takes less work: the place and the curvature are found there,
        and of all data only the last steps are taken. Where that does not settle, all is done on all data.

    Examples
    --------
    The rate of 100 waiting times that sum to 50 is 2:

    >>> found = maximise(lambda rate: (100 * np.log(rate[0]) - 50 * rate[0], 100 / rate - 50), [1], n=100)
    >>> round(found.values[0], 9), found.fault
    (2.0, '')
    """
    loss, logs = _Loss(function, n), np.log(np.asarray(start, np.float64))
    if rough is None:
        logs, fault = _searched(loss, loss, logs, gain=_GAIN)
    else:
        logs, fault = _searched(_Loss(rough, n), loss, logs, gain=_GAIN)
        if fault and not (fault == "flat" and _is_flat(_curvature(loss, logs))):
            logs, fault = _searched(loss, loss, logs, gain=_GAIN_NEAR)
    level, _ = loss(logs)
    return Estimate(tuple(float(value) for value in np.exp(logs)), -level * n, loss.n_evaluations, fault)


class _Loss:
    """What is minimised: less the log-likelihood per observation, of the logarithms of the parameters."""

    def __init__(self, function: LogLikelihood, n: int) -> None:
        self.function, self.n, self.n_evaluations = function, n, 0

    def __call__(self, logs: Floats) -> Gradient:
        self.n_evaluations += 1
        values = np.exp(logs)
        level, slope = self.function(values)
        return -level / self.n, -slope * values / self.n


def _searched(rough: _Loss, loss: _Loss, logs: Floats, *, gain: float) -> tuple[Floats, str]:
    """Find the place on one loss and take Newton's steps on the other; return it, and what is wrong there."""
    from scipy.optimize import minimize  # noqa: PLC0415  costly, and only who fits needs it

    found = minimize(
        rough,
        logs,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(logs),
        options={"maxiter": 500, "ftol": gain, "gtol": _SLOPE},
    )
    near = logs = np.asarray(found.x)
    if np.any(logs < LOWEST + _STEP) or np.any(logs > HIGHEST - _STEP):
        return logs, "boundary"
    for _ in range(_CURVATURES):
        curvature = _curvature(rough, logs)  # so near the end it hardly changes
        if _is_flat(curvature):
            return logs, "flat"
        for _ in range(_NEWTON_STEPS):
            step = -np.linalg.solve(curvature, loss(logs)[1])
            logs = logs + np.clip(step, -1, 1)
            if float(np.max(np.abs(step))) < _DIGITS:
                return logs, ""
    rise = float(step @ curvature @ step)
    return (logs, "") if 0 <= rise < _ROUNDING else (near, "unfinished")


def _is_flat(curvature: Floats) -> bool:
    return float(np.linalg.eigvalsh(curvature)[0]) < FLATTEST


def _curvature(loss: _Loss, logs: Floats) -> Floats:
    steps = np.eye(len(logs)) * _STEP
    rows = [(loss(logs + step)[1] - loss(logs - step)[1]) / (2 * _STEP) for step in steps]
    rough = np.array(rows)
    both: Floats = (rough + rough.T) / 2
    return both
