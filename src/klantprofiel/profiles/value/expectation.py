"""How often who is alive buys in a time to come: eq. 9 of BG/NBD, at any of its parameters.

Fader, Hardie & Lee (2005), "Counting your customers the easy way", Marketing Science 24(2), 275-284.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from klantprofiel.profiles.value.likelihood import Floats

NEAR: Final = 1e-5  # so close to a singular point of eq. 9 that digits are lost
MANY: Final = 20.0  # an `a` from which (1 - z)^a may become zero, and 2F1 infinite
N_NODES: Final = 20  # of a beta distribution as narrow as that: nine digits


def expected_while_alive(r: ArrayLike, alpha: ArrayLike, a: float, b: ArrayLike, t: Floats) -> Floats:
    """Return the expected purchases in `t` of who is alive: a Gauss hypergeometric function.

    Euler's transformation turns 2F1(r, b; a+b-1; z) of eq. 9, which overflows for who bought hundreds of
    times, into 2F1(a+b-1-r, a-1; a+b-1; z), whose second parameter stays small. At a = 1 and a + b = 1 it is
    0 / 0: there the mean of both sides stands for the limit, to ten digits. Of a large `a` the beta
    distribution is narrow, and a few of its points do.

    Parameters
    ----------
    r, alpha
        Shape and rate of the gamma distribution of purchase rates.
    a, b
        Of the beta distribution of the chance to leave after a purchase.
    t
        The time to come. It, and all but `a`, may be arrays that broadcast.

    Examples
    --------
    >>> whole = expected_while_alive(0.243, 4.414, 19.99, 60, np.asarray(39.0))
    >>> few = expected_while_alive(0.243, 4.414, 20.01, 60.06, np.asarray(39.0))
    >>> round(float(whole), 3), round(float(few), 3)
    (0.997, 0.997)
    """
    r, alpha, b = (np.asarray(each, np.float64) for each in (r, alpha, b))
    if a > MANY:
        return _of_few(r, alpha, a, b, t)
    singular = (np.abs(a - 1) < NEAR) | (np.abs(a + b - 1) < NEAR)
    if not np.any(singular):
        return _closed_form(r, alpha, np.asarray(a, np.float64), b, t)
    either = [_closed_form(r, alpha, np.where(singular, a + step, a), b, t) for step in (-2 * NEAR, 2 * NEAR)]
    found: Floats = (either[0] + either[1]) / 2
    return found


def _closed_form(r: Floats, alpha: Floats, a: Floats, b: Floats, t: Floats) -> Floats:
    from scipy.special import hyp2f1  # noqa: PLC0415  costly, and only who predicts needs it

    z = t / (alpha + t)
    ends = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b - 1, z)
    found: Floats = (a + b - 1) / (a - 1) * (1 - ends)
    return found


def _of_few(r: Floats, alpha: Floats, a: float, b: Floats, t: Floats) -> Floats:
    """Return the mean over a beta distribution of (1 - (1 + leaves t / alpha)^-r) / leaves."""
    levels, of_b = np.unique(b, return_inverse=True)
    total = np.zeros(np.broadcast_shapes(r.shape, alpha.shape, b.shape, np.shape(t)))
    for weight, leaves in zip(*_nodes(a, levels), strict=True):
        here = leaves[of_b].reshape(b.shape)
        total += weight[of_b].reshape(b.shape) * -np.expm1(-r * np.log1p(here * t / alpha)) / here
    return total


def _nodes(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Return weights and points of Gauss and Jacobi for beta distributions, each of shape (N_NODES, n_b).

    Golub & Welsch (1969), "Calculation of Gauss quadrature rules", Mathematics of Computation 23, 221-230.

    >>> weights, points = _nodes(200, np.array([600.0]))
    >>> round(float(weights.sum()), 12), round(float((weights * points).sum()), 12)
    (1.0, 0.25)
    """
    k, s = np.arange(N_NODES), (a + b - 2)[:, None]
    middle = (1 + (a - b[:, None]) * s / ((2 * k + s) * (2 * k + s + 2))) / 2
    up = k[1:]
    product = up * (up + a - 1) * (up + b[:, None] - 1) * (up + s)
    beside = np.sqrt(product / (2 * up + s + 1) / (2 * up + s - 1)) / (2 * up + s)
    matrix = np.zeros((len(b), N_NODES, N_NODES))
    matrix[:, k, k] = middle
    matrix[:, up, up - 1] = beside  # eigh reads the lower half
    points, vectors = np.linalg.eigh(matrix)
    return (vectors[:, 0, :] ** 2).T, points.T
