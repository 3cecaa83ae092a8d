"""A fitted mixture: the density of customers under it, and how well it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from klantprofiel.segmentation.estimator import canonical_order
from klantprofiel.segmentation.mixture.model import posterior

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from klantprofiel.segmentation.mixture.design import Design, Rows
    from klantprofiel.segmentation.mixture.model import Floats, Parameters, Posterior, Rules


@dataclass(frozen=True)
class Mixture:
    """One solution, on the customers it was fitted on.

    Attributes
    ----------
    parameters
        Of one candidate.
    rules
        What the fit held on to.
    log_likelihood
        Of all customers by weight, in nats.
    sizes
        The weight of the customers whose likeliest segment it is, shape (n_segments,): the largest first.
    doubt
        Minus the log-probability of each customer's likeliest segment, summed by weight, in nats: 0 when
        nobody is in doubt.
    n_parameters
        The number of free parameters.
    n_customers
        The sum of the weights.
    """

    parameters: Parameters
    rules: Rules
    log_likelihood: float
    sizes: Floats
    doubt: float
    n_parameters: int
    n_customers: float

    @property
    def n_segments(self) -> int:
        """The number of segments."""
        return int(self.parameters.shares.shape[1])

    @property
    def bic(self) -> float:
        """-2 log-likelihood + n_parameters log(n_customers) (Schwarz 1978): smaller is better."""
        return float(-2 * self.log_likelihood + self.n_parameters * np.log(self.n_customers))

    @property
    def icl(self) -> float:
        """BIC plus twice the doubt (Biernacki, Celeux & Govaert 2000, IEEE PAMI 22): smaller is better."""
        return self.bic + 2 * self.doubt

    def explained_share(self, design: Design) -> float:
        """Return the share, 0 to 1, of the variance between segments, over numbers and categorical columns.

        Of a number the variance of the means; of categories Goodman & Kruskal's tau (1954, JASA 49).
        """
        shares = self.parameters.shares[0]
        means, chances = self.parameters.means[0], self.parameters.chances[0]
        of_numbers = shares @ (means - shares @ means) ** 2
        everyone = shares @ chances
        spread = everyone * (1 - everyone)
        explained = shares @ (chances - everyone) ** 2
        if design.sizes:
            spread = np.add.reduceat(spread, design.starts)
            explained = np.add.reduceat(explained, design.starts) / np.maximum(spread, 1e-12)
        told = np.concatenate([of_numbers, explained])
        return float(np.clip(told, 0.0, 1.0).mean()) if told.size else 0.0

    def log_joint(self, design: Design) -> Floats:
        """Return log(share) + log-density of shape (n_customers, n_segments): what is missing is left out."""
        found = self._over(design, lambda one: (one.log_joint + one.constant[:, None])[0].T)
        return np.concatenate(found) if found else np.zeros((0, self.n_segments))

    def probabilities(self, design: Design) -> Floats:
        """Return the posterior probability of each segment, shape (n_customers, n_segments)."""
        found = self._over(design, lambda one: one.memberships()[0][0].T)
        return np.concatenate(found) if found else np.zeros((0, self.n_segments))

    def assign(self, design: Design) -> NDArray[np.int64]:
        """Return the likeliest segment of each customer, shape (n_customers,)."""
        found = self._over(design, lambda one: one.log_joint[0].argmax(axis=0))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def _over(self, design: Design, what: Callable[[Posterior], NDArray[Any]]) -> list[NDArray[Any]]:
        def of_chunk(rows: Rows) -> NDArray[Any]:
            return what(posterior(self.parameters, design, self.rules, rows))

        return list(design.over_chunks(np.ones(len(design)), of_chunk))


def fitted(parameters: Parameters, design: Design, rules: Rules, weights: Floats) -> Mixture:
    """Measure one candidate on customers, and put its segments in order: most customers first."""
    k = parameters.shares.shape[1]

    def of_chunk(rows: Rows) -> tuple[float, float, Floats]:
        found = posterior(parameters, design, rules, rows)
        chances, log_density = found.memberships()
        doubt = -np.log(chances[0].max(axis=0))
        likeliest = found.log_joint[0].argmax(axis=0)
        sizes = np.bincount(likeliest, rows.weights, minlength=k).astype(np.float64)
        return float(log_density[0] @ rows.weights), float(doubt @ rows.weights), sizes

    told = list(design.over_chunks(weights, of_chunk))
    sizes = np.sum([one[2] for one in told], axis=0)
    order = canonical_order(sizes, np.hstack([parameters.means[0], parameters.chances[0]]))
    n_numbers = design.scores.shape[0]
    of_categories = sum(size - 1 for size in design.sizes)
    n_loadings = int(np.count_nonzero(parameters.loadings))
    n_loadings -= sum(bool(parameters.loadings[0][1, columns].any()) for columns in design.factor_columns)
    return Mixture(
        parameters.reorder(order),
        rules,
        log_likelihood=sum(one[0] for one in told),
        sizes=sizes[order],
        doubt=sum(one[1] for one in told),
        n_parameters=k - 1 + k * (n_numbers + of_categories) + n_numbers + n_loadings,
        n_customers=float(weights.sum()),
    )
