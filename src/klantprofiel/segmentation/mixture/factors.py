"""What varies together within segments: where the common factor of a basis starts, and what it says.

A factor stands for what the variables of a basis share that segments do not explain: the habit of agreeing
with every statement (response style), or one habit measured by fourteen variables. Without it, variables that
repeat each other count as many times as they are there, and drown the other bases.

A basis has at most two: as many as eigenvalues of the correlations within segments lie beyond what chance
gives, the edge of Marchenko & Pastur (1967), (1 + sqrt(n_variables / n_customers))^2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.display import dutch, dutch_share
from klantprofiel.labels import BASES, NO_BASIS
from klantprofiel.segmentation.mixture.model import MOST_FACTORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.segmentation.mixture.design import Design, Rows
    from klantprofiel.segmentation.mixture.model import Floats, Parameters

MOST_SHARED: Final = 0.95  # of a variable's variance in the factor, at the start
MARGIN: Final = 1.05  # beyond the edge of chance
PRINCIPAL_ROUNDS: Final = 5  # of principal axes: EM takes it from there
LEAST_TOLD: Final = 0.2  # of the variance in common: less is not worth a sentence
ONE_SIGN: Final = 0.9  # of the loadings: everything that is asked rises together
SENTENCES: Final = {
    "style": (
        "{basis}: {shared} van de verschillen binnen segmenten is antwoordstijl (alles hoger of alles lager "
        "scoren); die telt niet mee. De {n} schalen tellen als {counts}."
    ),
    "factor": (
        "{basis}: {shared} van de verschillen binnen segmenten hebben de variabelen gemeen; dat telt één "
        "keer. De {n} getallen tellen als {counts}."
    ),
}


@dataclass(frozen=True)
class BasisFactor:
    """What the common factor of one basis carries within segments.

    Attributes
    ----------
    basis
        The segmentation basis.
    n_numbers, n_categories
        The number of numeric variables in it, and of categorical ones.
    n_effective
        How many independent numbers the numbers count for: n_numbers without a factor, 1 when they are one.
    shared
        The share, 0 to 1, of the variance within segments that the numbers have in common.
    same_sign
        The share, 0.5 to 1, of the loadings (by size) that have one sign: 1 when all rise together.
    """

    basis: str
    n_numbers: int
    n_categories: int
    n_effective: float
    shared: float
    same_sign: float

    @property
    def weight(self) -> float:
        """How many independent variables the basis counts for, as a share, 0 to 1, of its variables."""
        return (self.n_effective + self.n_categories) / max(1, self.n_numbers + self.n_categories)

    def in_words(self) -> str:
        """Say in Dutch what the variables share; empty when that is little."""
        if self.shared < LEAST_TOLD:
            return ""
        is_style = self.basis == "psychological" and self.same_sign >= ONE_SIGN
        sentence = SENTENCES["style" if is_style else "factor"]
        counts = dutch(round(self.n_effective, 1))
        basis = BASES.get(self.basis, self.basis) or NO_BASIS
        return sentence.format(basis=basis, n=self.n_numbers, shared=dutch_share(self.shared), counts=counts)


def with_factors(parameters: Parameters, chances: Floats, design: Design, rows: Rows) -> Parameters:
    """Return the parameters with loadings where the residuals of memberships (a, k, n) vary together."""
    loadings, rests = np.zeros_like(parameters.loadings), parameters.rests.copy()
    for columns in design.factor_columns:
        if columns.size > 1:
            covariance = _within(parameters.means[:, :, columns], chances, design, rows, columns)
            axes, rests[:, columns] = _principal_axes(covariance, rows.weights.sum())
            loadings[:, : axes.shape[1], columns] = axes
    floor = np.maximum(parameters.rests * (1 - MOST_SHARED), design.cell_variances)
    return replace(parameters, loadings=loadings, rests=np.maximum(rests, floor))


def diagnose(parameters: Parameters, design: Design, bases: tuple[str, ...]) -> tuple[BasisFactor, ...]:
    """Return per basis what its factors carry in the first candidate."""
    found = []
    for place, (basis, columns) in enumerate(zip(bases, design.factor_columns, strict=True)):
        n_categories = int(np.count_nonzero(design.category_bases == place))
        loadings, rests = parameters.loadings[0][:, columns], parameters.rests[0, columns]
        standard = loadings / np.sqrt((loadings**2).sum(axis=0) + rests)
        correlation = standard.T @ standard
        shared = float(np.trace(correlation) / max(1, columns.size))
        np.fill_diagonal(correlation, 1.0)
        n_effective = columns.size**2 / float((correlation**2).sum()) if columns.size else 0.0
        found.append(
            BasisFactor(basis, columns.size, n_categories, n_effective, shared, _same_sign(standard))
        )
    return tuple(found)


def _same_sign(standard: Floats) -> float:
    """Return the share of the strongest direction of loadings (r, p), by size, that has one sign."""
    if not standard.any():
        return 0.5
    strongest = np.linalg.svd(standard, full_matrices=False)[2][0]
    share = float(np.maximum(strongest, 0).sum() / np.abs(strongest).sum())
    return max(share, 1 - share)


def _within(means: Floats, chances: Floats, design: Design, rows: Rows, columns: NDArray[np.int64]) -> Floats:
    """Return covariances (a, p, p) within segments of the numbers of a basis, over the known pairs."""
    known = rows.known[columns]
    residual = rows.scores[columns] - known * (means.transpose(0, 2, 1) @ chances)
    together = (known * rows.weights) @ known.T
    covariance = (residual * rows.weights) @ residual.transpose(0, 2, 1) / np.maximum(together, 1.0)
    return np.asarray(covariance + np.diag(design.cell_variances[columns]))


def _principal_axes(covariance: Floats, n_customers: float) -> tuple[Floats, Floats]:
    """Return loadings (a, r, p) and rests (a, p); zero loadings where chance gives as much."""
    p = covariance.shape[1]
    n_axes = max(1, min(MOST_FACTORS, (p - 1) // 2))
    deviation = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 1e-6))
    correlation = covariance / (deviation[:, :, None] * deviation[:, None])
    diagonal = np.arange(p)
    correlation[:, diagonal, diagonal] = 1.0
    edge = MARGIN * (1 + np.sqrt(p / n_customers)) ** 2
    is_used = (np.linalg.eigvalsh(correlation)[:, : -n_axes - 1 : -1] > edge)[:, None]
    shared = np.abs(correlation - np.eye(p)).max(axis=1)
    for _ in range(PRINCIPAL_ROUNDS):
        correlation[:, diagonal, diagonal] = np.clip(shared, 0.0, MOST_SHARED)
        values, vectors = np.linalg.eigh(correlation)
        axes = (vectors * np.sqrt(np.maximum(values, 0.0))[:, None])[:, :, : -n_axes - 1 : -1] * is_used
        shared = (axes**2).sum(axis=2)
    axes = axes * np.sqrt(np.minimum(1.0, MOST_SHARED / np.maximum(shared, 1e-12)))[:, :, None]
    axes *= np.where(axes.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    rests = deviation**2 * (1 - (axes**2).sum(axis=2))
    return (axes * deviation[:, :, None]).transpose(0, 2, 1), rests
