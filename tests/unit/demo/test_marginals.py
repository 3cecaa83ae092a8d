"""Who lives in the fictional company's world, held against the public figures that lists/ names."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from klantprofiel.demo import marginals
from klantprofiel.demo.company import KINDS
from klantprofiel.demo.draws import read_list
from klantprofiel.demo.people import REFERENCE_YEAR, make_people

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from klantprofiel.demo.people import People

N_PERSONS = 40_000
TOLERANCE = 0.012  # two and a half times the spread of a share of a third in 30,000 households


@pytest.fixture(scope="module")
def people() -> People:
    return make_people(N_PERSONS, seed=3)


def shares(values: Iterable[Hashable]) -> dict[Hashable, float]:
    counted = Counter(values)
    return {value: n / counted.total() for value, n in counted.items()}


def listed_shares(name: str, of: str, count: str) -> dict[Hashable, float]:
    listed = read_list(name)
    numbers = np.array(listed[count], float)
    return dict(zip(listed[of], numbers / numbers.sum(), strict=True))


def test_households_live_in_the_provinces_as_the_country_does(people: People) -> None:
    towns = read_list("municipalities")
    found = shares(towns["province"][place] for place in people.addresses.place)
    assert found == pytest.approx(listed_shares("provinces", "province", "inhabitants"), abs=TOLERANCE)


def test_households_are_as_large_as_the_country_s(people: People) -> None:
    heads = people.is_head()
    found = shares(np.array(people.household_size.to_pylist())[heads].tolist())
    assert found == pytest.approx(listed_shares("household_sizes", "size", "households"), abs=TOLERANCE)


def test_heads_of_households_are_as_old_as_the_country(people: People) -> None:
    age = (np.datetime64(f"{REFERENCE_YEAR}-08-01") - people.born_on).astype(int) / 365.25
    groups = np.array(read_list("ages")["age_from"], int)
    group = np.searchsorted(groups, age[people.is_head()], side="right") - 1
    found = shares(str(groups[index]) for index in group)
    assert found == pytest.approx(listed_shares("ages", "age_from", "inhabitants"), abs=TOLERANCE)


def test_the_commonest_surnames_are_as_common_as_they_are(people: People) -> None:
    listed = read_list("surnames")
    names = [
        f"{prefix} {surname}".strip()
        for prefix, surname in zip(listed["prefix"], listed["surname"], strict=True)
    ]
    bearers = np.array(listed["bearers"], float)
    expected = dict(zip(names, bearers / bearers.sum(), strict=True))
    found = shares(
        f"{prefix or ''} {surname}".strip()
        for prefix, surname in zip(people.prefix.to_pylist(), people.surname.to_pylist(), strict=True)
    )
    for name, year in zip(names[:20], listed["counted"], strict=False):
        assert year == "2007"
        assert found[name] == pytest.approx(expected[name], rel=0.15)


def test_the_planted_kinds_keep_their_shares_and_their_leanings(people: People) -> None:
    assert marginals.places().sum(axis=1) == pytest.approx(marginals.SHARES)
    kind = people.kind[people.is_head()]
    age = (np.datetime64(f"{REFERENCE_YEAR}-08-01") - people.born_on).astype(int)[people.is_head()] / 365.25
    mean_age = {each.name: age[kind == number].mean() for number, each in enumerate(KINDS)}
    assert mean_age["Jonge stedelingen"] < mean_age["Drukke gezinnen"] < mean_age["Tuinliefhebbers"]
    assert np.bincount(kind) / len(kind) == pytest.approx(marginals.SHARES, abs=TOLERANCE)


def test_every_postcode_lies_in_the_town_and_no_two_towns_share_one(people: People) -> None:
    towns = read_list("municipalities")
    areas = sorted(zip(map(int, towns["pc4_from"]), map(int, towns["pc4_to"]), strict=True))
    assert all(end < start for (_, end), (start, _) in pairwise(areas))
    for place, code in zip(people.addresses.place, people.addresses.postal_code.to_pylist(), strict=True):
        assert int(towns["pc4_from"][place]) <= int(code[:4]) <= int(towns["pc4_to"][place])


def test_every_store_stands_in_its_town() -> None:
    towns, stores = read_list("municipalities"), read_list("stores")
    for code, place in zip(stores["postal_code"], stores["place"], strict=True):
        row = towns["place"].index(place)
        assert int(towns["pc4_from"][row]) <= int(code[:4]) <= int(towns["pc4_to"][row])


def test_no_household_has_more_customers_than_people(people: People) -> None:
    members = np.bincount(people.household)
    sizes = np.array([int(size[0]) for size in people.household_size.to_pylist()])[people.is_head()]
    assert (members[:-1] <= sizes[:-1]).all()  # the last household is cut off at the number asked for
