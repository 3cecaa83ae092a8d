"""The mixture as a scikit-learn clusterer: mixed types, missing values, repetition counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.utils import check_random_state

from klantprofiel.segmentation.estimator import Segmenter
from klantprofiel.segmentation.mixture.factors import diagnose
from klantprofiel.segmentation.mixture.features import learn_features
from klantprofiel.segmentation.mixture.search import PRIOR_ROWS, fit_mixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlglot import exp

    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.mixture.factors import BasisFactor
    from klantprofiel.segmentation.mixture.features import Features
    from klantprofiel.segmentation.mixture.fitted import Mixture
    from klantprofiel.segmentation.patterns import Patterns

LARGEST_SEED: Final = np.iinfo(np.int32).max


class MixtureSegmenter(Segmenter):
    """Divide customers into segments who vary around a profile of their own, with a finite mixture.

    Numbers, ordered scales, flags and words are read as they are; where a value is missing nothing is filled
    in. What the numbers of a basis share within segments (response style, one habit measured many times) is
    modelled as a common factor, so that it makes no segments and drowns no other basis.

    Parameters
    ----------
    n_segments : int or "auto", default="auto"
        The number of segments, at least 1; "auto" finds it, and `structure_` says why.
    bases : mapping or sequence of str, default=None
        The segmentation basis of each column, by column name or in the order of the columns. None means that
        all columns are one basis.
    basis_weights : {"auto", "equal"} or mapping of str to float, default="auto"
        How much each basis says. "auto": as much as it does once what its numbers share within segments is
        counted once. "equal": plain maximum likelihood, every column independent within segments. A mapping
        multiplies the log-likelihood of each basis in "equal"; a basis it does not name counts 1.
    random_state : int, RandomState instance or None, default=0
        The seed of the starts.

    Attributes
    ----------
    labels_ : ndarray of shape (n_customers,)
        The segment of each customer, 0 for the largest; ties in size by the profiles. A customer without any
        known value gets -1.
    n_segments_ : int
        The number of segments.
    sizes_ : ndarray of shape (n_segments,)
        The weight of the customers per segment; without weights their number.
    shares_ : ndarray of shape (n_segments,)
        The same as shares, 0 to 1: what `predict_proba` says of a customer of whom nothing is known.
    basis_weights_ : dict of str to float
        Per basis, 0 to 1, how many independent variables its variables count for, as a share of their number:
        .1 says that ten of them say what one says.
    basis_factors_ : tuple of BasisFactor
        Per basis with numbers, what its variables share within segments; `in_words` says it in Dutch.
    log_likelihood_ : float
        Of all customers, in nats.
    n_parameters_ : int
        The number of free parameters.
    bic_, icl_ : float
        Bayesian information criterion, and integrated completed likelihood; smaller is better.
    explained_share_ : float
        The share, 0 to 1, of the variance of the variables that lies between segments; each counts the same.
    mixture_ : Mixture
        The fitted density.
    features_ : Features
        How columns become scores and categories.
    n_incomplete_ : int
        The number of customers in a segment with a value missing.
    n_new_categories_ : dict of str to int
        Per column, how many customers of the last `predict` had a category that `fit` did not see.

    Notes
    -----
    `predict_proba` is the posterior probability given what is known of the customer: with a whole basis
    missing it leans towards the shares of the segments, and says less.

    The same customers give the same segments, whatever their order and the number of threads.

    Examples
    --------
    >>> import numpy as np
    >>> visits = [[1, 9, 2], [2, 8, 1], [1, 7, 3], [3, 9, 2], [8, 2, 9], [9, 1, 7], [8, 3, 8], [9, 2, 8]]
    >>> MixtureSegmenter(n_segments=2).fit_predict(np.array(visits))
    array([0, 0, 0, 0, 1, 1, 1, 1])
    """

    basis_weights_: dict[str, float]
    basis_factors_: tuple[BasisFactor, ...]
    log_likelihood_: float
    n_parameters_: int
    bic_: float
    icl_: float
    explained_share_: float
    mixture_: Mixture
    features_: Features

    def __init__(
        self,
        n_segments: int | str = "auto",
        *,
        bases: Mapping[str, str] | Sequence[str] | None = None,
        basis_weights: str | Mapping[str, float] = "auto",
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_segments = n_segments
        self.bases = bases
        self.basis_weights = basis_weights
        self.random_state = random_state

    def assign(self, columns: Sequence[Column]) -> NDArray[np.int64]:
        """Return the likeliest segment of each customer, shape (n_customers,), for columns read before."""
        return self.mixture_.assign(self.features_.apply(columns))

    def probabilities(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Return the posterior probabilities, shape (n_customers, n_segments), for columns read before."""
        return self.mixture_.probabilities(self.features_.apply(columns))

    def scoring_sql(self, table: str = "profiles", key: str = "customer_id") -> exp.Select:
        """Return the select that gives each row of `table` its `key` and `segment`, as `predict` does."""
        from klantprofiel.segmentation.mixture.scoring import (  # noqa: PLC0415  only who exports needs it
            likeliest_segment,
        )

        return likeliest_segment(self, table, key)

    def _sizes(self, patterns: Patterns) -> NDArray[np.float64]:  # noqa: ARG002  known from the fit
        return self.mixture_.sizes

    def _learn(self, patterns: Patterns, bases: list[str], n_segments: int) -> None:
        self.features_ = learn_features(patterns.columns, bases, patterns.weights)
        design = self.features_.apply(patterns.columns)
        is_auto = self.basis_weights == "auto"
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        found = fit_mixture(
            design,
            patterns.weights,
            n_segments,
            seed,
            basis_weights=self._multipliers(),
            has_factors=is_auto,
            prior_rows=PRIOR_ROWS if is_auto else 0.0,
            effort=self.effort,
        )
        self.mixture_ = found
        self.log_likelihood_, self.n_parameters_ = found.log_likelihood, found.n_parameters
        self.bic_, self.icl_ = found.bic, found.icl
        self.explained_share_ = found.explained_share(design)
        self.basis_factors_ = diagnose(found.parameters, design, self.features_.bases)
        self.basis_weights_ = {factor.basis: factor.weight for factor in self.basis_factors_}

    def _multipliers(self) -> NDArray[np.float64]:
        given = self.basis_weights if isinstance(self.basis_weights, Mapping) else {}
        return np.array([given.get(basis, 1.0) for basis in self.features_.bases], dtype=np.float64)
