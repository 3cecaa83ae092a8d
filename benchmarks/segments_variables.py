"""The variables of made-up customers, and how often each value occurs: a place from 0 to 1 becomes a value.

Spending, income, ages and the like follow the real customers of `../shared/data/marketing_campaign`, read
when the benchmark runs and never copied; where that file is not, they follow the shapes declared here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from benchmarks.unify_data import SHARED
from scipy.special import betaincinv, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAMPAIGN: Final = SHARED / "marketing_campaign" / "marketing_campaign.csv"
LIKERT: Final = (0.08, 0.20, 0.32, 0.27, 0.13)

Shape = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]


@dataclass(frozen=True)
class Variable:
    """One variable.

    Words have `shares`, and come out as text, or as true and false; ordinals have shares and come out as 1,
    2, ...; numbers have a `shape`, and come out in whole units unless `is_whole` says otherwise. `real` tells
    which column, or sum of columns, of the real customers is followed instead.
    """

    name: str
    basis: str
    shares: tuple[float, ...] = ()
    shape: Shape | None = None
    real: tuple[str, ...] = ()
    is_ordinal: bool = False
    is_flag: bool = False
    is_whole: bool = True
    construct: str = ""

    @property
    def is_words(self) -> bool:
        """Whether its values have no order."""
        return bool(self.shares) and not self.is_ordinal


def lognormal(median: float, sigma: float) -> Shape:
    """Return the quantile function of a lognormal."""
    return lambda place: median * np.exp(sigma * np.clip(ndtri(place), -4, 4))


def uniform(low: float, high: float) -> Shape:
    """Return the quantile function of a uniform."""
    return lambda place: low + (high - low) * place


def beta(a: float, b: float) -> Shape:
    """Return the quantile function of a beta, on a grid of a thousand."""
    grid = (np.arange(1_000) + 0.5) / 1_000
    values = betaincinv(a, b, grid)
    return lambda place: np.interp(place, grid, values)


def often_nothing(share: float, median: float, sigma: float) -> Shape:
    """Return the quantile function of a lognormal that is 0 for a share of the customers."""
    spent = lognormal(median, sigma)
    return lambda place: np.where(place < share, 0.0, spent(np.clip((place - share) / (1 - share), 1e-6, 1)))


def likert(construct: str, number: int) -> Variable:
    """Return one item of a construct, answered from 1 to 5."""
    return Variable(f"{construct}_{number}", "psychological", LIKERT, is_ordinal=True, construct=construct)


def likert_block(**n_items: int) -> tuple[Variable, ...]:
    """Return the items of several constructs."""
    return tuple(likert(name, number) for name, n in n_items.items() for number in range(1, n + 1))


GEOGRAPHIC: Final = (
    Variable(
        "province", "geographic", (0.17, 0.16, 0.15, 0.12, 0.09, 0.07, 0.06, 0.05, 0.04, 0.03, 0.03, 0.03)
    ),
    Variable("urbanity", "geographic", (0.22, 0.30, 0.18, 0.18, 0.12), is_ordinal=True),
    Variable("store_distance_km", "geographic", shape=lognormal(6, 1.1), is_whole=False),
    Variable("area_type", "geographic", (0.30, 0.25, 0.20, 0.15, 0.10)),
    Variable("penetration_share", "geographic", shape=beta(2, 12), is_whole=False),
)
DEMOGRAPHIC: Final = (
    Variable("age_years", "demographic", shape=uniform(18, 84), real=("age",)),
    Variable("children", "demographic", shape=uniform(0, 2.4), real=("Kidhome", "Teenhome")),
    Variable("income_eur", "demographic", shape=lognormal(50_000, 0.45), is_whole=False, real=("Income",)),
    Variable("education", "demographic", (0.50, 0.22, 0.17, 0.09, 0.02), real=("Education",)),
    Variable("life_stage", "demographic", (0.39, 0.26, 0.21, 0.10, 0.04), real=("Marital_Status",)),
    Variable("tenure_days", "demographic", shape=uniform(1, 700), real=("tenure",)),
)
PSYCHOLOGICAL: Final = likert_block(price=4, quality=3, green=3)
SURVEY: Final = likert_block(price=4, quality=3, green=3, service=4, status=3)
BEHAVIOURAL: Final = (
    Variable("recency_days", "behavioural", shape=uniform(0, 100), real=("Recency",)),
    Variable("wine_eur", "behavioural", shape=lognormal(170, 1.5), is_whole=False, real=("MntWines",)),
    Variable("fish_eur", "behavioural", shape=often_nothing(0.17, 20, 1.2), real=("MntFishProducts",)),
    Variable("gold_eur", "behavioural", shape=lognormal(24, 1.1), real=("MntGoldProds",)),
    Variable("web_orders", "behavioural", shape=lognormal(3.5, 0.7), real=("NumWebPurchases",)),
    Variable(
        "catalogue_orders", "behavioural", shape=often_nothing(0.27, 3, 0.7), real=("NumCatalogPurchases",)
    ),
    Variable("discount_share", "behavioural", shape=beta(1.2, 4), is_whole=False),
    Variable("answers_mailings", "behavioural", (0.85, 0.15), is_flag=True, real=("Response",)),
    Variable("channel", "behavioural", (0.55, 0.30, 0.15)),
)
FOUR_BASES: Final = (*GEOGRAPHIC, *DEMOGRAPHIC, *PSYCHOLOGICAL, *BEHAVIOURAL)


def shares_of(variable: Variable) -> NDArray[np.float64]:
    """Return the shares of a variable's categories, the largest first when they are real."""
    real = _real_column(variable)
    if real is None:
        return np.array(variable.shares)
    counts = np.unique(real, return_counts=True)[1]
    counts = np.sort(counts[counts >= 0.01 * counts.sum()])[::-1]
    return np.asarray(counts / counts.sum())


def numbers_at(variable: Variable, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of a numeric or ordinal variable at places between 0 and 1."""
    if variable.is_ordinal:
        return np.asarray(np.searchsorted(np.cumsum(variable.shares)[:-1], places) + 1.0)
    real = _real_column(variable)
    if real is not None:
        return np.asarray(real[(places * len(real)).astype(np.int64)], dtype=np.float64)
    if variable.shape is None:
        raise ValueError(f"variable {variable.name!r} should have shares or a shape, it has neither")
    return variable.shape(places)


def _real_column(variable: Variable) -> NDArray[Any] | None:
    """Return the sorted values that a variable follows, or None."""
    real = _campaign()
    if real is None or not variable.real:
        return None
    if len(variable.real) == 1:
        return real[variable.real[0]]
    return real["+".join(variable.real)]


@cache
def _campaign() -> dict[str, NDArray[Any]] | None:
    """Return the sorted known values of the real customers' columns; None where there is no file."""
    if not CAMPAIGN.exists():
        return None
    table = campaign_table()
    found = {name: table[name].drop_null().to_numpy() for name in table.column_names}
    found["age"] = 2014 - found["Year_Birth"]  # the year of the study
    joined = found["Dt_Customer"].astype("datetime64[D]")
    found["tenure"] = (joined.max() - joined).astype(np.int64)
    found["Kidhome+Teenhome"] = found["Kidhome"] + found["Teenhome"]
    return {name: np.sort(values) for name, values in found.items()}


def campaign_table() -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the real customers as an Arrow table."""
    from pyarrow import csv  # noqa: PLC0415  only who reads a file needs it

    return csv.read_csv(CAMPAIGN, parse_options=csv.ParseOptions(delimiter=";"))


def arrow_column(variable: Variable, values: NDArray[Any], is_known: NDArray[np.bool_]) -> Any:  # noqa: ANN401
    """Return values as a column of text, flags, integers or floats, with nulls where not known."""
    if variable.is_flag:
        return pa.array(values > 0, mask=~is_known)
    if variable.is_words:
        names = pa.array([f"{variable.name} {number + 1}" for number in range(int(values.max()) + 1)])
        codes = pa.array(values.astype(np.int32), mask=~is_known)
        return pa.DictionaryArray.from_arrays(codes, names).dictionary_decode()
    if variable.is_ordinal or variable.is_whole:
        return pa.array(np.floor(values).astype(np.int64), mask=~is_known)
    return pa.array(values, mask=~is_known)
