"""Who the customers are, so that in all they resemble the Netherlands: households, ages, provinces.

A planted kind prefers some ages, household sizes and provinces. Those preferences are fitted to public
figures and to the shares of the kinds at once, so both hold: the kinds differ, and their sum is the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.company import KINDS
from klantprofiel.demo.draws import read_list

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Floats

PREFERENCE: Final = 3.0  # how much likelier a kind lives in one of its provinces
ROUNDS: Final = 200  # of fitting; after about thirty nothing changes any more
STRAY: Final = 0.004  # how likely any age is, beside the ages that a kind prefers
OLD, FADE = 80.0, 5.0  # from this age on, each year takes one in five (e-folding of 5 years)
SHARES: Final = np.array([kind.share for kind in KINDS])


def fitted(preference: Floats, totals: Floats) -> Floats:
    """Return kinds x options whose rows add up to the kinds' shares and whose columns to those of `totals`.

    Iterative proportional fitting (Deming and Stephan, 1940): rows and columns take turns.

    >>> table = fitted(np.ones((len(KINDS), 2)), np.array([3.0, 1.0]))
    >>> table.sum(axis=0).round(6).tolist(), round(float(table[0].sum()), 6) == KINDS[0].share
    ([0.75, 0.25], True)
    """
    table = preference.astype(float)
    columns = totals / totals.sum()
    for _ in range(ROUNDS):
        table *= columns / table.sum(axis=0)
        table *= (SHARES / table.sum(axis=1))[:, None]
    return table


def places() -> Floats:
    """Return kinds x places of lists/municipalities.csv: the provinces as large as they are."""
    towns, listed = read_list("municipalities"), read_list("provinces")
    inhabitants = dict(zip(listed["province"], map(float, listed["inhabitants"]), strict=True))
    province, weight = np.array(towns["province"]), np.array(towns["weight"], float)
    size = {name: weight[province == name].sum() for name in inhabitants}
    totals = weight * [inhabitants[name] / size[name] for name in towns["province"]]
    preferred = [np.where(np.isin(province, kind.provinces), PREFERENCE, 1.0) for kind in KINDS]
    return fitted(np.stack(preferred), totals)


def household_sizes() -> Floats:
    """Return kinds x sizes of lists/household_sizes.csv."""
    return fitted(
        np.array([kind.household for kind in KINDS]),
        np.array(read_list("household_sizes")["households"], float),
    )


def ages() -> tuple[Floats, Floats]:
    """Return the whole ages of lists/ages.csv, and kinds x ages: the age groups as large as they are."""
    listed = read_list("ages")
    low, high, inhabitants = (np.array(listed[c], float) for c in ("age_from", "age_to", "inhabitants"))
    years = np.arange(low[0], high[-1])
    group = np.searchsorted(high, years, side="right")
    near = [np.exp(-(((years - kind.age[0]) / kind.age[1]) ** 2) / 2) + STRAY for kind in KINDS]
    preference = np.stack(near) * np.exp(-np.maximum(years - OLD, 0) / FADE)
    in_group = np.stack([preference[:, group == g].sum(axis=1) for g in range(len(low))], axis=1)
    return years, preference * (fitted(in_group, inhabitants) / in_group)[:, group]
