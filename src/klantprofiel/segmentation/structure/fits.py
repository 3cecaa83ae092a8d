"""Fits of one segmenter with other numbers of segments, on the same customers or on samples of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.base import clone
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.segmentation.estimator import Segmenter
    from klantprofiel.segmentation.patterns import Patterns

EFFORT: Final = 0.3  # of the starts, where many fits are compared with each other
_TINY: Final = 1e-300  # a spread of nothing still has a logarithm


@dataclass(frozen=True)
class Asked:
    """A segmenter with what every fit of it takes: the bases of the columns, and one seed."""

    segmenter: Segmenter
    bases: list[str]
    seed: int

    def fit(self, customers: Patterns, k: int, effort: float = 1.0) -> Fit:
        """Fit a copy of the segmenter with k segments."""
        fresh = clone(self.segmenter).set_params(n_segments=k, random_state=self.seed)
        fresh.effort = effort
        return Fit(k, fresh.fit_patterns(customers, self.bases), customers)


@dataclass(frozen=True)
class Fit:
    """A segmenter that has found k segments of customers."""

    k: int
    fitted: Segmenter
    customers: Patterns

    @property
    def value(self) -> float:
        """The log-likelihood per customer, or minus the logarithm of the spread within segments."""
        if hasattr(self.fitted, "log_likelihood_"):
            return float(self.fitted.log_likelihood_) / float(self.customers.weights.sum())
        return -float(np.log(max(float(getattr(self.fitted, "inertia_", _TINY)), _TINY)))

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion, smaller is better; None for an engine without a likelihood."""
        return getattr(self.fitted, "bic_", None)

    @property
    def icl(self) -> float | None:
        """The integrated completed likelihood of Biernacki et al. (2000), smaller is better; or None."""
        return getattr(self.fitted, "icl_", None)

    @property
    def labels(self) -> NDArray[np.int64]:
        """The segment of each pattern."""
        return self.fitted.assign(self.customers.columns)


def one_thread() -> Any:  # noqa: ANN401  threadpoolctl ships no types
    """Return a context in which sums are made in one order, whatever the number of threads."""
    return threadpool_limits(limits=1)
