"""Customers made up with known segments, over four bases, from copulas and real marginals.

Within a segment, places between 0 and 1 are drawn from a copula: Gaussian, Student's t, or Clayton's, which
keeps low values together. A segment bends them by the curves of Kumaraswamy (1980), A generalized probability
density function for double-bounded random processes, Journal of Hydrology 46: q = (1 - (1 - u)^(1/b))^(1/a),
which shifts, narrows and skews. All customers' places together are ranked and become values at those ranks,
so that a variable is distributed as it is in every scenario. No engine that is measured fits this model.

| scenario | what is hard |
| --- | --- |
| clean | nothing: three to six segments of like sizes, in 30 variables of which a quarter tells nothing |
| unequal | each segment is half as large as the one before |
| missing | a third of the cells, single ones and whole bases |
| noise | 15 variables that tell nothing |
| drowned | a basis with variables that follow one or two nuisances, in numbers or in categories |
| skewed | squared tails, and in a fiftieth of the cells a value far out |
| psychological | 17 answers from 1 to 5 on five constructs, and nothing else |
| dependence | within segments variables go together, within their basis and over the bases |
| style | answers and demographics; who agrees with everything, or answers in extremes, does so throughout |
| small | one segment of 3% |
| interaction | four segments: two traits, each in a basis of its own |
| none_independent, none_correlated, none_heavy | no segments: by nothing, by correlation, by heavy tails |

Which copula, how many segments, and every other detail follow from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from benchmarks.segments_variables import (
    DEMOGRAPHIC,
    FOUR_BASES,
    SURVEY,
    Variable,
    arrow_column,
    lognormal,
    numbers_at,
    shares_of,
)
from scipy.special import ndtr, ndtri, stdtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

N_CUSTOMERS: Final = 2_000
FIRST_EIGHT: Final = (
    "clean",
    "unequal",
    "missing",
    "noise",
    "drowned",
    "skewed",
    "psychological",
    "dependence",
)
NEXT_THREE: Final = ("style", "small", "interaction")
WITHOUT: Final = ("none_independent", "none_correlated", "none_heavy")
SCENARIOS: Final = (*FIRST_EIGHT, *NEXT_THREE, *WITHOUT)

STRENGTH: Final = (
    0.56  # of the bends; a supervised classifier then reaches an adjusted Rand of .9 to .98 on clean
)
TELLING: Final = 0.75  # share of the variables that tell something
APART: Final = (
    2.0  # the least distance between the bends of two segments: closer ones no classifier tells apart
)
SMALL: Final = 0.03
#: How much of a variable's variance is common to all variables, to its basis, and to its construct.
COMMON: Final = {
    "clean": (0.02, 0.06, 0.06),
    "dependence": (0.20, 0.30, 0.05),
    "none_independent": (0.0, 0.0, 0.0),
    "none_correlated": (0.20, 0.30, 0.05),
    "none_heavy": (0.10, 0.25, 0.05),
}


@dataclass(frozen=True)
class Customers:
    """An Arrow table of customers, the basis of each column, and to which of `n_segments` each belongs."""

    table: Any
    bases: dict[str, str]
    truth: NDArray[np.int64]
    n_segments: int


def make(scenario: str, seed: int, n_customers: int = N_CUSTOMERS) -> Customers:
    """Return the customers of one scenario; the same arguments give the same customers."""
    random = np.random.default_rng([seed, SCENARIOS.index(scenario)])
    variables: tuple[Variable, ...] = {"psychological": SURVEY, "style": (*DEMOGRAPHIC, *SURVEY)}.get(
        scenario, FOUR_BASES
    )
    shares = _shares(scenario, random)
    truth = random.choice(len(shares), n_customers, p=shares)
    places = _copula(scenario, variables, truth, random)
    values = _values(scenario, variables, truth, places, random)
    extra = {"noise": _noise, "drowned": _nuisance}.get(scenario)
    if extra:
        variables, values = _with_extra(variables, values, *extra(n_customers, random))
    known = _known(scenario, variables, n_customers, random)
    columns = {
        variable.name: arrow_column(variable, column, is_known)
        for variable, column, is_known in zip(variables, values, known, strict=True)
    }
    order = random.permutation(len(columns))
    table = pa.table(columns).select([list(columns)[place] for place in order])
    return Customers(table, {v.name: v.basis for v in variables}, truth, len(shares))


def _shares(scenario: str, random: np.random.Generator) -> NDArray[np.float64]:
    n_segments = int(random.integers(3, 7))
    if scenario in WITHOUT:
        return np.ones(1)
    if scenario == "unequal":
        shares = 0.5 ** np.arange(n_segments) + 0.04
        return np.asarray(shares / shares.sum())
    if scenario == "small":
        return np.append(random.dirichlet(np.full(n_segments - 1, 12.0)) * (1 - SMALL), SMALL)
    if scenario == "interaction":
        one, other = random.uniform(0.4, 0.6, 2)
        return np.outer([one, 1 - one], [other, 1 - other]).ravel()
    return random.dirichlet(np.full(n_segments, 12.0))


def _copula(
    scenario: str, variables: Sequence[Variable], truth: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Return places of shape (n_variables, n_customers), uniform within each segment."""
    common = np.array(COMMON.get(scenario, COMMON["clean"]))
    heavy = scenario == "none_heavy"
    family = random.choice(["t", "clayton"] if heavy else ["gaussian", "t", "clayton"])
    if family == "clayton" and common.any():
        theta = 1.5 if heavy else 2 * common.sum()
        return _clayton(variables, len(truth), theta, common[0] / common.sum(), random)
    by_segment = np.sqrt(random.uniform(0.6, 1.3, truth.max() + 1))[truth]  # how strongly they go together
    signs = random.choice([1.0, -1.0], len(variables), p=[0.7, 0.3])
    factors: dict[str, NDArray[np.float64]] = {}
    scores = np.empty((len(variables), len(truth)))
    for place, variable in enumerate(variables):
        names = ("", variable.basis, variable.construct or variable.name)
        sign = 1.0 if variable.construct else signs[place]  # the items of a construct point one way
        loadings = np.sqrt(common * random.uniform(0.6, 1.3)) * [1, sign, 1]
        score = np.zeros(len(truth))
        for name, loading in zip(names, loadings, strict=True):
            if name not in factors:
                factors[name] = random.standard_normal(len(truth))
            score += loading * by_segment * factors[name]
        rest = np.sqrt(np.maximum(1 - (loadings**2).sum() * by_segment**2, 0.1))
        score += rest * random.standard_normal(len(truth))
        scores[place] = score / np.sqrt((loadings**2).sum() * by_segment**2 + rest**2)
    if family == "gaussian" or not common.any():
        return np.asarray(ndtr(scores))
    freedom = 3.0 if heavy else 8.0
    return np.asarray(stdtr(freedom, scores / np.sqrt(random.chisquare(freedom, len(truth)) / freedom)))


def _clayton(
    variables: Sequence[Variable],
    n_customers: int,
    theta: float,
    over_bases: float,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Return places from Clayton's copula within each basis, by Marshall and Olkin's frailty (1988).

    A share `over_bases` of the frailty is that of all bases; a sum of gammas is a gamma.
    """
    shape = 1 / max(theta, 0.05)
    common = random.gamma(max(over_bases, 1e-9) * shape, 1, n_customers)
    frailty = {
        basis: common + random.gamma((1 - over_bases) * shape, 1, n_customers)
        for basis in dict.fromkeys(variable.basis for variable in variables)
    }
    places = np.empty((len(variables), n_customers))
    for place, variable in enumerate(variables):
        drawn = random.exponential(1, n_customers)
        places[place] = (1 + drawn / np.maximum(frailty[variable.basis], 1e-12)) ** -shape
        if not variable.construct and random.random() < 0.3:  # noqa: PLR2004  a few point the other way
            places[place] = 1 - places[place]
    return np.clip(places, 1e-9, 1 - 1e-9)


def _values(
    scenario: str,
    variables: Sequence[Variable],
    truth: NDArray[np.int64],
    places: NDArray[np.float64],
    random: np.random.Generator,
) -> list[NDArray[np.float64]]:
    """Return each variable's values: numbers, or the codes of its categories."""
    bends = _bends(scenario, variables, int(truth.max()) + 1, random)
    agrees, extreme = (
        random.standard_normal(len(truth)) * 0.9,
        np.exp(random.standard_normal(len(truth)) * 0.35),
    )
    values = []
    for variable, place, bend in zip(variables, places, bends, strict=True):
        if variable.is_words:
            values.append(_categories(variable, truth, place, bend, random))
            continue
        width = np.exp(random.uniform(0, 0.5) if bend.any() else 0.0)
        bent = _bent(place, width * np.exp(bend)[truth], width * np.exp(-bend)[truth])
        if scenario == "style" and variable.construct:
            bent = ndtri(np.clip(bent, 1e-9, 1 - 1e-9)) * extreme + agrees
        values.append(_tailed(scenario, variable, numbers_at(variable, _ranks(bent)), random))
    return values


def _bends(
    scenario: str, variables: Sequence[Variable], n_segments: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return how each segment bends each variable, of shape (n_variables, n_segments); 0 is not at all."""
    bends = np.zeros((len(variables), n_segments))
    while True:
        of_construct: dict[str, NDArray[np.float64]] = {}
        for place, variable in enumerate(variables):
            name = variable.construct or variable.name
            if name not in of_construct:
                of_construct[name] = _bend(scenario, variable, n_segments, random)
            bends[place] = of_construct[name] * random.uniform(0.7, 1.2)
        pairs = combinations(range(n_segments), 2)
        if all(np.linalg.norm(bends[:, one] - bends[:, other]) >= APART for one, other in pairs):
            return bends


def _bend(
    scenario: str, variable: Variable, n_segments: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return how each segment bends one variable, or all items of one construct."""
    if n_segments == 1:
        return np.zeros(1)
    if scenario == "interaction":
        trait = {"behavioural": [-1, -1, 1, 1], "psychological": [-1, 1, -1, 1]}.get(variable.basis, [0] * 4)
        size = random.uniform(0.6, 1.0) * random.choice([1.0, -1.0]) * STRENGTH
        return np.asarray(np.array(trait) * size)
    tells = random.random() < TELLING or scenario in ("psychological", "style")
    return np.asarray(random.standard_normal(n_segments) * (STRENGTH * tells))


def _bent(place: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((-np.expm1(np.log1p(-place) / b)) ** (1 / a))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    places = np.empty(len(values))
    places[np.argsort(values, kind="stable")] = (np.arange(len(values)) + 0.5) / len(values)
    return places


def _categories(
    variable: Variable,
    truth: NDArray[np.int64],
    place: NDArray[np.float64],
    bend: NDArray[np.float64],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the codes of categories, whose odds each segment changes."""
    shares = shares_of(variable)
    tilts = np.outer(bend, random.standard_normal(len(shares)))
    tilts += random.standard_normal((len(bend), len(shares))) * np.abs(bend).max()
    odds = shares * np.exp(tilts)
    edges = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    return np.asarray((place[:, None] > edges[truth]).sum(axis=1), dtype=np.float64)


def _tailed(
    scenario: str, variable: Variable, values: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    if scenario != "skewed" or variable.is_ordinal:
        return values
    far = random.random(len(values)) < 0.02  # noqa: PLR2004  a fiftieth
    return np.where(far, values.max() ** 2 * random.uniform(1, 20, len(values)), np.abs(values) ** 2)


def _with_extra(
    variables: Sequence[Variable],
    values: list[NDArray[np.float64]],
    extra: Sequence[Variable],
    places: Sequence[NDArray[np.float64]],
) -> tuple[tuple[Variable, ...], list[NDArray[np.float64]]]:
    """Add variables without a bend."""
    added = [
        np.searchsorted(np.cumsum(shares_of(variable))[:-1], place).astype(np.float64)
        if variable.is_words
        else numbers_at(variable, place)
        for variable, place in zip(extra, places, strict=True)
    ]
    return (*variables, *extra), [*values, *added]


def _noise(n: int, random: np.random.Generator) -> tuple[list[Variable], list[NDArray[np.float64]]]:
    """Return 15 variables that tell nothing, over the bases, and places for them."""
    bases = ("geographic", "demographic", "psychological", "behavioural")
    extra = [_added(f"noise_{i + 1}", bases[i % 4], is_words=i % 3 == 0) for i in range(15)]
    return extra, [random.random(n) for _ in extra]


def _nuisance(n: int, random: np.random.Generator) -> tuple[list[Variable], list[NDArray[np.float64]]]:
    """Return 14 variables of one basis that follow a nuisance; one, two, or one in categories."""
    basis = str(random.choice(["behavioural", "demographic", "geographic"]))
    kind = random.choice(["one", "two", "categories"])
    nuisances = random.standard_normal((2, n))
    extra, places = [], []
    for i in range(14):
        is_words = kind == "categories" and i >= 9  # noqa: PLR2004  five of the fourteen
        nuisance = nuisances[int(is_words or (kind == "two" and i % 2))]
        share = 0.6 if is_words else 0.85
        extra.append(_added(f"nuisance_{i + 1}", basis, is_words=is_words))
        places.append(ndtr(np.sqrt(share) * nuisance + np.sqrt(1 - share) * random.standard_normal(n)))
    return extra, places


def _added(name: str, basis: str, *, is_words: bool) -> Variable:
    if is_words:
        return Variable(name, basis, (0.4, 0.3, 0.2, 0.1))
    return Variable(name, basis, shape=lognormal(100, 1), is_whole=False)


def _known(
    scenario: str, variables: Sequence[Variable], n: int, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which cells are known: all, or two thirds, where whole bases are missing too."""
    known = np.ones((len(variables), n), dtype=np.bool_)
    if scenario != "missing":
        return known
    answered = {"psychological": random.random(n) > 0.35, "behavioural": random.random(n) > 0.10}  # noqa: PLR2004
    for place, variable in enumerate(variables):
        known[place] = (random.random(n) > random.uniform(0.1, 0.33)) & answered.get(variable.basis, True)
    return known
