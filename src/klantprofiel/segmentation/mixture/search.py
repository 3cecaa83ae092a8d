"""From encoded customers to a fitted mixture: many short starts, few long ones, splits and merges.

starts    one-shot k-means (k-means++, Arthur & Vassilvitskii 2007), each with its own weights of the bases
short     a few rounds of EM each, all at once
long      the best three by likelihood, to the end (Biernacki, Celeux & Govaert 2003, CSDA 41)
moves     merge two near segments and split another (Ueda et al. 2000, SMEM), as long as it pays
all       more than 4,000 customers: the above on 4,000 of them, then rounds on more and on all
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation.mixture.design import spread
from klantprofiel.segmentation.mixture.factors import with_factors
from klantprofiel.segmentation.mixture.fitted import fitted
from klantprofiel.segmentation.mixture.model import Rules, assigned, maximised, posterior, statistics
from klantprofiel.segmentation.mixture.starts import partitions, swaps

if TYPE_CHECKING:
    from klantprofiel.segmentation.mixture.design import Design, Rows
    from klantprofiel.segmentation.mixture.fitted import Mixture
    from klantprofiel.segmentation.mixture.model import Floats, Parameters

SEARCH_ROWS: Final = 4_000  # customers on whom starts compete
STARTS: Final = (12, 1_000)  # fewest and most
START_ROWS: Final = 24_000  # customers times starts, in between
PRIOR_ROWS: Final = 3.0  # pseudo customers per segment: a segment of ten customers is no certainty
SHORT_ROUNDS: Final = 8
LONG_ROUNDS: Final = 60
LONG_STARTS: Final = 3
POLISH_ROWS: Final = (
    200_000  # customers times rounds: plain likelihood, which is published, is taken to its end
)
POLISH_TOLERANCE: Final = 1e-10  # nats per customer
TRIAL_ROUNDS: Final = 6  # of a split with a merge
MOST_MOVES: Final = 6
GAIN: Final = 0.005  # nats per customer for which a move is made
TOLERANCE: Final = 1e-5  # nats per customer: EM stops below
CLOSING_ROUNDS: Final = 8  # over all customers
MIDDLE_ROWS: Final = 65_536  # beyond so many customers all but the last rounds are over as many of them
LAST_ROUNDS: Final = 2
CLOSING_TOLERANCE: Final = 1e-4


def fit_mixture(  # noqa: PLR0913  what a fit can be told
    design: Design,
    weights: Floats,
    k: int,
    seed: int = 0,
    *,
    basis_weights: Floats | None = None,
    has_factors: bool = True,
    prior_rows: float = PRIOR_ROWS,
    effort: float = 1.0,
) -> Mixture:
    """Fit a mixture of k segments to encoded customers.

    Parameters
    ----------
    design
        The customers, best all different: equal ones once, with their weight.
    weights
        How many customers each row stands for, shape (n_customers,).
    k
        The number of segments, at least 1.
    seed
        Of the starts. The same seed gives the same mixture.
    basis_weights
        What the log-density of each basis is multiplied by, shape (n_bases,); None is one each.
    has_factors
        Whether the numbers of a basis share a common factor within segments.
    prior_rows
        Pseudo customers per segment, who are like all customers: 0 is plain maximum likelihood.
    effort
        The number of starts, as a share of the usual.

    Examples
    --------
    >>> from klantprofiel.segmentation.columns import Numbers
    >>> from klantprofiel.segmentation.mixture.features import learn_features
    >>> spend = [Numbers("spend_eur", np.array([1.0, 2.0, 3.0, 70.0, 80.0, 90.0]))]
    >>> mixture = fit_mixture(learn_features(spend, [""]).apply(spend), np.ones(6), k=1)
    >>> mixture.n_parameters, round(mixture.log_likelihood, 2)
    (2, -8.51)
    """
    even = np.ones(design.n_bases) if basis_weights is None else basis_weights
    rules = Rules(even, prior_rows, has_factors)
    random = np.random.default_rng(seed)
    with threadpool_limits(limits=1):
        sample, counts = _sampled(design, weights)
        search = _Search(sample, sample.rows(counts), rules, k, random)
        parameters = search.run(effort)
        if len(sample) < len(design):
            parameters = _closed(parameters, design, rules, weights)
        return fitted(parameters, design, rules, weights)


def _sampled(design: Design, weights: Floats) -> tuple[Design, Floats]:
    """Return at most 4,000 rows: all, or as many at even steps of weight."""
    if len(design) <= SEARCH_ROWS:
        return design, weights
    rows, counts = np.unique(spread(weights, SEARCH_ROWS), return_counts=True)
    return design.take(rows), counts.astype(np.float64)


def _closed(parameters: Parameters, design: Design, rules: Rules, weights: Floats) -> Parameters:
    """Return parameters after rounds of EM over all customers; of very many, first over a part of them."""
    if len(design) <= MIDDLE_ROWS:
        return _rounds(parameters, design, rules, weights, CLOSING_ROUNDS)
    part = design.take(spread(weights, MIDDLE_ROWS))
    parameters = _rounds(parameters, part, rules, np.ones(MIDDLE_ROWS), CLOSING_ROUNDS)
    return _rounds(parameters, design, rules, weights, LAST_ROUNDS)


def _rounds(
    parameters: Parameters, design: Design, rules: Rules, weights: Floats, n_rounds: int
) -> Parameters:
    """Return parameters after rounds of EM, a chunk of customers at a time."""
    reached = -np.inf
    for _ in range(n_rounds):
        chunks = design.over_chunks(weights, partial(statistics, parameters, design, rules))
        sums = reduce(add, chunks)
        now = float(sums.log_likelihood[0] / weights.sum())
        if now - reached < CLOSING_TOLERANCE:
            break
        reached = now
        parameters = maximised(sums, parameters, design, rules)
    return parameters


@dataclass(frozen=True)
class _Search:
    design: Design
    rows: Rows
    rules: Rules
    k: int
    random: np.random.Generator

    def start(self, chances: Floats) -> Parameters:
        """Return the parameters that follow from memberships (a, k, n)."""
        parameters = assigned(chances, self.design, self.rules, self.rows)
        if self.rules.has_factors:
            parameters = with_factors(parameters, chances, self.design, self.rows)
        return parameters

    def improve(
        self, parameters: Parameters, n_rounds: int, tolerance: float = TOLERANCE
    ) -> tuple[Parameters, Floats]:
        """Return parameters after EM, and what they are worth, (a,)."""
        total = self.rows.weights.sum()
        reached = np.full(parameters.shares.shape[0], -np.inf)
        for _ in range(n_rounds):
            sums = statistics(parameters, self.design, self.rules, self.rows)
            now = sums.log_likelihood / total
            if (now - reached < tolerance).all():
                break
            reached = now
            parameters = maximised(sums, parameters, self.design, self.rules)
        return parameters, self.worth(parameters)

    def worth(self, parameters: Parameters) -> Floats:
        """Return what candidates compete by, (a,), in nats per customer.

        With factors that is the log-likelihood less the entropy of the memberships (Biernacki, Celeux &
        Govaert 2000, IEEE PAMI 22): what sets segments apart a factor explains nearly as well, but not as
        clearly.
        """
        found = posterior(parameters, self.design, self.rules, self.rows)
        chances, log_density = found.memberships()
        if self.rules.has_factors:
            log_density -= found.surprise(chances, log_density)
        return np.asarray(log_density @ self.rows.weights / self.rows.weights.sum())

    def run(self, effort: float) -> Parameters:
        """Return the best candidate of starts and moves."""
        if self.k == 1:
            one = self.start(np.ones((1, 1, self.rows.weights.size)))
            return self.improve(one, LONG_ROUNDS)[0]
        n_starts = max(2, round(effort * np.clip(START_ROWS // self.rows.weights.size, *STARTS)))
        candidates = self.start(partitions(self.design, self.rows, self.k, n_starts, self.random))
        candidates, reached = self.improve(candidates, SHORT_ROUNDS)
        first = np.argsort(-reached, kind="stable")[:LONG_STARTS]
        best, reached_best = self.best(*self.improve(candidates.take(first), LONG_ROUNDS))
        for _ in range(MOST_MOVES):
            moved, reached_moved = self.moved(best)
            if reached_moved < reached_best + GAIN:
                break
            best, reached_best = moved, reached_moved
        n_last = 0 if self.rules.has_factors else POLISH_ROWS // self.rows.weights.size
        return self.improve(best, n_last, POLISH_TOLERANCE)[0] if n_last else best

    def moved(self, parameters: Parameters) -> tuple[Parameters, float]:
        """Return the best solution found by a split with a merge."""
        found = posterior(parameters, self.design, self.rules, self.rows)
        chances = swaps(parameters, found, self.design, self.rows, self.random)
        if not len(chances):
            return parameters, -np.inf
        trials = assigned(chances, self.design, self.rules, self.rows)
        trials = replace(
            trials,
            loadings=np.repeat(parameters.loadings, len(chances), axis=0),
            rests=np.repeat(parameters.rests, len(chances), axis=0),
        )
        one, _ = self.best(*self.improve(trials, TRIAL_ROUNDS))
        return self.best(*self.improve(one, LONG_ROUNDS))

    def best(self, parameters: Parameters, reached: Floats) -> tuple[Parameters, float]:
        """Return the candidate of most worth."""
        first = int(reached.argmax())
        return parameters.take([first]), float(reached[first])
