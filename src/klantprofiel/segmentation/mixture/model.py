"""The density of the mixture, for several candidate solutions at once: E step, M step, and the fitted model.

    a segment     has a share, a mean per number and a distribution per categorical column
    within it     the numbers of one basis share at most two common factors: x = mean + loadings * factors +
                  rest. Loadings and the variances of the rest are the same in every segment (McLachlan & Peel
                  2000, Finite Mixture Models, ch. 8, mixtures of factor analyzers, pooled)
    missing       is left out of the density: full-information maximum likelihood
    intervals     the variance within the interval of a tied value is part of the squared distance

With few factors all is small (Woodbury): for the known numbers of a basis
    quad = sum (x - mean)^2 / rest - pull' gain^-1 pull
    pull = sum (x - mean) loadings / rest,  gain = 1 + sum loadings loadings' / rest
    factors = gain^-1 pull, with covariance gain^-1
The M step is exact for shares, distributions, and means, loadings and variances together (Meng & van Dyk
1997, JRSS B 59, AECM), with the factors' covariance free in between (Liu, Rubin & Wu 1998, Biometrika 85,
PX-EM): no round lowers the likelihood (less the pull of the pseudo customers).

Shapes: `a` candidates, `k` segments, `r` factors, `p` numbers, `q` indicators, `n` customers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from klantprofiel.segmentation.mixture.design import Design, Rows

    Floats = NDArray[np.float64]

STEPS: Final = 2.0**30  # of a coefficient, per unit: its sums with scores are exact, whatever the processor
LEAST_VARIANCE: Final = 0.05  # of the rest of a number, in variances of all customers
MOST_FACTORS: Final = 2  # per basis
NO_ROWS: Final = 1e-9  # pseudo customers that keep an empty segment finite, and cost no likelihood


@dataclass(frozen=True)
class Rules:
    """What a fit holds on to.

    Attributes
    ----------
    basis_weights
        What the log-density of each basis is multiplied by, shape (n_bases,).
    prior_rows
        Pseudo customers per segment, who are like all customers: 0 is plain maximum likelihood.
    has_factors
        Whether the numbers of a basis share a common factor within segments.
    """

    basis_weights: Floats
    prior_rows: float
    has_factors: bool


@dataclass(frozen=True)
class Parameters:
    """Candidate solutions side by side.

    `shares` (a, k); `means` (a, k, p); `loadings` (a, r, p); `rests` (a, p), the variances of what factors
    leave; `chances` (a, k, q), the probability of each category.
    """

    shares: Floats
    means: Floats
    loadings: Floats
    rests: Floats
    chances: Floats

    def take(self, candidates: NDArray[np.int64] | list[int]) -> Self:
        """Return only these candidates."""
        return type(self)(*(getattr(self, one.name)[candidates] for one in fields(self)))

    def reorder(self, segments: NDArray[np.int64]) -> Self:
        """Return the segments in another order."""
        return type(self)(
            self.shares[:, segments],
            self.means[:, segments],
            self.loadings,
            self.rests,
            self.chances[:, segments],
        )


@dataclass(frozen=True)
class Factors:
    """What is known of the factors of a basis, whose numbers are `columns`.

    `mean` (a, k, r, n); `covariance` (a, r, r, n), and `square`, that with what the intervals of ties add;
    `log_gain` and `of_ties` (a, n), what the log-determinant and the ties add to the density.
    """

    columns: NDArray[np.int64]
    mean: Floats
    covariance: Floats
    square: Floats
    log_gain: Floats
    of_ties: Floats


@dataclass(frozen=True)
class Posterior:
    """Log joint densities (a, k, n) up to a `constant` (a, n) per customer, and the factors."""

    log_joint: Floats
    constant: Floats
    factors: tuple[Factors, ...]

    def memberships(self) -> tuple[Floats, Floats]:
        """Return the probabilities of the segments (a, k, n), and the log-density of each customer (a, n)."""
        top = self.log_joint.max(axis=1, keepdims=True)
        chance = np.exp(self.log_joint - top)
        total = chance.sum(axis=1, keepdims=True)
        chance /= total
        return chance, (top + np.log(total))[:, 0] + self.constant

    def surprise(self, chances: Floats, log_density: Floats) -> Floats:
        """Return the entropy of each customer's memberships, (a, n), in nats."""
        expected: Floats = np.einsum("akn,akn->an", chances, self.log_joint)
        return log_density - self.constant - expected


@dataclass(frozen=True)
class Statistics:
    """Sums over customers from which the M step follows; the sums of chunks add up.

    `sizes` (a, k); `sums` (a, k, 2p + q) of scores, known and indicators; `squares` (2p,); of the factors:
    `factor_sums` (a, k, r, p), `factor_scores` (a, r, p), `factor_squares`, `factor_variances` and
    `factor_spread` (a, p, r, r); and `log_likelihood` (a,).
    """

    sizes: Floats
    sums: Floats
    squares: Floats
    factor_sums: Floats
    factor_scores: Floats
    factor_squares: Floats
    factor_variances: Floats
    factor_spread: Floats
    log_likelihood: Floats

    def __add__(self, other: Self) -> Self:
        """Return the sums over both."""
        return type(self)(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def posterior(parameters: Parameters, design: Design, rules: Rules, rows: Rows) -> Posterior:
    """Return the E step: log joint densities of customers and segments, and what is known of the factors."""
    by_number = rules.basis_weights[design.number_bases]
    rests = parameters.rests[:, None]
    coefficients = np.concatenate(
        [
            by_number * parameters.means / rests,
            -0.5 * by_number * parameters.means**2 / rests,
            rules.basis_weights[design.indicator_bases] * np.log(parameters.chances),
        ],
        axis=2,
    )
    a, k, width = coefficients.shape
    log_joint = (_gridded(coefficients).reshape(a * k, width) @ rows.dense).reshape(a, k, -1)
    log_joint += np.log(parameters.shares)[:, :, None]
    spread = np.log(2 * np.pi * parameters.rests) + design.cell_variances / parameters.rests
    of_squares = np.concatenate([-0.5 * by_number / parameters.rests, -0.5 * by_number * spread], axis=1)
    constant = _gridded(of_squares) @ rows.squares
    factors = []
    for weight, columns in zip(rules.basis_weights, design.factor_columns, strict=True):
        n_factors = int(parameters.loadings[:, :, columns].any(axis=(0, 2)).sum())
        if n_factors:
            found, explained = _factors(parameters, columns, n_factors, design.cell_variances[columns], rows)
            log_joint += (0.5 * weight) * explained
            constant -= (0.5 * weight) * (found.log_gain - found.of_ties)
            factors.append(found)
    return Posterior(log_joint, constant, tuple(factors))


def _factors(
    parameters: Parameters, columns: NDArray[np.int64], n_factors: int, ties: Floats, rows: Rows
) -> tuple[Factors, Floats]:
    """Return the first factors of a basis, and what they explain of the squared distances (a, k, n)."""
    loadings, means = parameters.loadings[:, :n_factors, columns], parameters.means[:, :, columns]
    slopes = loadings / parameters.rests[:, None, columns]
    known = rows.known[columns]
    gain = _gridded(loadings[:, :, None] * slopes[:, None]) @ known
    covariance, determinant = _inverse(gain + np.eye(n_factors)[:, :, None])
    expected = _gridded(means[:, :, None] * slopes[:, None]) @ known
    pull = (_gridded(slopes) @ rows.scores[columns])[:, None] - expected
    mean = _times(covariance[:, None], pull)
    cells = _gridded(slopes[:, :, None] * slopes[:, None] * ties) @ known
    of_ties = (covariance * cells).sum(axis=(1, 2))
    square = covariance + np.einsum("arsn,astn,atun->arun", covariance, cells, covariance)
    factors = Factors(columns, mean, covariance, square, np.log(determinant), of_ties)
    return factors, (pull * mean).sum(axis=2)


def _inverse(gain: Floats) -> tuple[Floats, Floats]:
    """Return the inverses (a, r, r, n) of matrices of one or two rows, and their determinants (a, n)."""
    if gain.shape[1] == 1:
        return 1 / gain, gain[:, 0, 0]
    determinant = gain[:, 0, 0] * gain[:, 1, 1] - gain[:, 0, 1] ** 2
    inverse = np.empty_like(gain)
    inverse[:, 0, 0], inverse[:, 1, 1] = gain[:, 1, 1], gain[:, 0, 0]
    inverse[:, 0, 1] = inverse[:, 1, 0] = -gain[:, 0, 1]
    return inverse / determinant[:, None, None], determinant


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Return the products of matrices (..., r, r, n) and vectors (..., r, n)."""
    terms = [
        matrices[..., :, place, :] * vectors[..., place : place + 1, :] for place in range(vectors.shape[-2])
    ]
    return np.asarray(sum(terms[1:], start=terms[0]))


def statistics(parameters: Parameters, design: Design, rules: Rules, rows: Rows) -> Statistics:
    """Return the sums of the E step over customers."""
    found = posterior(parameters, design, rules, rows)
    chances, log_density = found.memberships()
    return _sums(chances, found.factors, log_density @ rows.weights, rows)


def _sums(chances: Floats, factors: Iterable[Factors], log_likelihood: Floats, rows: Rows) -> Statistics:
    a, k, n = chances.shape
    p, r = rows.n_numbers, MOST_FACTORS
    weighted = chances * rows.weights
    sums = (weighted.reshape(a * k, n) @ rows.dense.T).reshape(a, k, -1)
    factor_sums, factor_scores = np.zeros((a, k, r, p)), np.zeros((a, r, p))
    squares, variances, spread = np.zeros((3, a, p, r, r))
    for factor in factors:
        columns, known, used = factor.columns, rows.known[factor.columns], factor.mean.shape[2]
        first = weighted[:, :, None] * factor.mean
        second = np.einsum("akrn,aksn->arsn", first, factor.mean) + factor.square * rows.weights
        factor_sums[:, :, :used, columns] = first @ known.T
        factor_scores[:, :used, columns] = first.sum(axis=1) @ rows.scores[columns].T
        uncertain = factor.covariance * rows.weights
        squares[:, columns, :used, :used] = (second @ known.T).transpose(0, 3, 1, 2)
        variances[:, columns, :used, :used] = (uncertain @ known.T).transpose(0, 3, 1, 2)
        spread[:, columns, :used, :used] = second.sum(axis=3)[:, None]
    return Statistics(
        weighted.sum(axis=2),
        sums,
        rows.squares @ rows.weights,
        factor_sums,
        factor_scores,
        squares,
        variances,
        spread,
        log_likelihood,
    )


def assigned(chances: Floats, design: Design, rules: Rules, rows: Rows) -> Parameters:
    """Return the parameters that follow from memberships (a, k, n), without factors."""
    a, k, _ = chances.shape
    p, q = rows.n_numbers, rows.indicators.shape[0]
    blank = Parameters(
        np.ones((a, k)),
        np.zeros((a, k, p)),
        np.zeros((a, MOST_FACTORS, p)),
        np.ones((a, p)),
        np.ones((a, k, q)),
    )
    return maximised(_sums(chances, (), np.zeros(a), rows), blank, design, rules)


def maximised(sums: Statistics, before: Parameters, design: Design, rules: Rules) -> Parameters:
    """Return the M step: the parameters that fit the sums best."""
    p = before.rests.shape[1]
    prior = max(rules.prior_rows, NO_ROWS)
    score, known, hits = sums.sums[:, :, :p], sums.sums[:, :, p : 2 * p], sums.sums[:, :, 2 * p :]
    shrunk = known + prior
    total = np.maximum(known.sum(axis=1), NO_ROWS)
    cells = design.cell_variances
    loadings, cross = _loadings(sums, before, cells, score, shrunk)
    means = (score - np.einsum("arp,akrp->akp", loadings, sums.factor_sums)) / shrunk
    moment = sums.squares[:p] + cells * total - (score**2 / shrunk).sum(axis=1)
    rests = (moment - (loadings * cross).sum(axis=1)) / total
    return Parameters(
        np.maximum(sums.sizes, NO_ROWS) / np.maximum(sums.sizes, NO_ROWS).sum(axis=1, keepdims=True),
        means,
        _rescaled(loadings, sums),
        np.maximum(rests, np.maximum(LEAST_VARIANCE, cells)),
        _chances(hits, design, prior),
    )


def _loadings(
    sums: Statistics, before: Parameters, cells: Floats, score: Floats, shrunk: Floats
) -> tuple[Floats, Floats]:
    """Return loadings (a, r, p), the regression of each number on the factors, and its right-hand side."""
    cross = sums.factor_scores - (score[:, :, None] * sums.factor_sums / shrunk[:, :, None]).sum(axis=1)
    cross += cells * np.einsum(
        "apsr,asp->arp", sums.factor_variances, before.loadings / before.rests[:, None]
    )
    within = np.einsum("akrp,aksp->aprs", sums.factor_sums / shrunk[:, :, None], sums.factor_sums)
    square = sums.factor_squares - within
    is_unused = np.diagonal(square, axis1=2, axis2=3) <= 0
    square = square + is_unused[..., None] * np.eye(MOST_FACTORS)
    return np.linalg.solve(square, cross.transpose(0, 2, 1)[..., None])[..., 0].transpose(0, 2, 1), cross


def _rescaled(loadings: Floats, sums: Statistics) -> Floats:
    """Return the loadings of factors with variance one, from those of factors as they turned out."""
    spread = sums.factor_spread / sums.sizes.sum(axis=1)[:, None, None, None]
    is_unused = np.diagonal(spread, axis1=2, axis2=3) <= 0
    root = np.linalg.cholesky(spread + is_unused[..., None] * np.eye(MOST_FACTORS))
    return np.asarray(np.einsum("arp,aprs->asp", loadings, root))


def _chances(hits: Floats, design: Design, prior: float) -> Floats:
    """Return the probability of each category (a, k, q), with pseudo customers like all customers."""
    if not design.sizes:
        return hits
    everyone = hits[:1].sum(axis=1) + NO_ROWS
    everyone /= _per_column(everyone, design)
    raised = hits + prior * everyone
    return np.asarray(raised / _per_column(raised, design))


def _per_column(values: Floats, design: Design) -> Floats:
    """Return the sum over each column's indicators, at every one of them."""
    return np.repeat(np.add.reduceat(values, design.starts, axis=-1), design.sizes, axis=-1)


def _gridded(coefficients: Floats) -> Floats:
    return np.round(coefficients * STEPS) / STEPS
