"""The customers that engines are compared on: what each scenario promises."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.segments_data import FIRST_EIGHT, NEXT_THREE, SCENARIOS, SMALL, WITHOUT, make
from benchmarks.segments_engines import rank_normal
from benchmarks.segments_variables import FOUR_BASES, Variable, arrow_column, numbers_at, shares_of
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_predict

VARIABLES = {variable.name: variable for variable in FOUR_BASES}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_seed_gives_the_same_customers_again_and_another_seed_others(scenario: str) -> None:
    one, again, other = make(scenario, 5, 200), make(scenario, 5, 200), make(scenario, 6, 200)
    assert one.table.equals(again.table)
    assert one.truth.tolist() == again.truth.tolist()
    assert not one.table.equals(other.table)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_column_has_a_basis_and_every_segment_customers(scenario: str) -> None:
    customers = make(scenario, 0)
    assert set(customers.bases) == set(customers.table.column_names)
    assert sorted(set(customers.truth.tolist())) == list(range(customers.n_segments))
    assert (customers.n_segments == 1) == (scenario in WITHOUT)


def test_numbers_of_segments_differ_between_seeds() -> None:
    assert {make("clean", seed, 100).n_segments for seed in range(20)} == {3, 4, 5, 6}


def test_types_are_mixed() -> None:
    kinds = {str(kind) for kind in make("clean", 0, 100).table.schema.types}
    assert kinds == {"string", "int64", "double", "bool"}


def test_a_third_of_the_cells_is_missing_and_whole_bases_too() -> None:
    customers = make("missing", 0)
    unknown = sum(column.null_count for column in customers.table.columns)
    assert unknown / (customers.table.num_rows * customers.table.num_columns) == pytest.approx(
        1 / 3, abs=0.05
    )
    answers = [name for name, basis in customers.bases.items() if basis == "psychological"]
    silent = np.all([customers.table[name].is_null().to_numpy() for name in answers], axis=0)
    assert silent.mean() == pytest.approx(0.35, abs=0.05)
    for scenario in set(SCENARIOS) - {"missing"}:
        assert not any(column.null_count for column in make(scenario, 0, 100).table.columns)


def test_the_small_segment_is_small() -> None:
    shares = np.bincount(make("small", 0, 20_000).truth) / 20_000
    assert shares.min() == pytest.approx(SMALL, abs=0.005)


@pytest.mark.parametrize("name", ["income_eur", "urbanity", "discount_share"])
def test_variables_are_distributed_alike_in_every_scenario(name: str) -> None:
    places = (np.arange(500) + 0.5) / 500
    expected = arrow_column(
        VARIABLES[name], numbers_at(VARIABLES[name], places), np.ones(500, dtype=np.bool_)
    )
    for scenario in ("clean", "unequal", "dependence", "none_heavy"):
        assert sorted(make(scenario, 3, 500).table[name].to_pylist()) == sorted(expected.to_pylist())


def test_variables_go_together_within_segments_where_they_should() -> None:
    def together(scenario: str, one: str, other: str) -> float:
        found = []
        for seed in range(6):
            customers = make(scenario, seed, 3_000)
            largest = customers.truth == np.bincount(customers.truth).argmax()
            pair = [customers.table[name].to_numpy()[largest] for name in (one, other)]
            found.append(abs(spearmanr(*pair).statistic))
        return float(np.mean(found))

    within, over = ("wine_eur", "gold_eur"), ("wine_eur", "age_years")
    assert together("clean", *within) < 0.15
    assert together("dependence", *within) > 0.3
    assert together("dependence", *over) > 0.1
    assert together("none_correlated", *over) > 0.1
    assert together("none_independent", *within) < 0.05


def test_a_supervised_classifier_tells_clean_segments_apart_but_not_wholly() -> None:
    found = []
    for seed in range(4):
        customers = make("clean", seed)
        model = LogisticRegression(C=0.3, max_iter=200)
        told = cross_val_predict(model, rank_normal(customers.table), customers.truth, cv=5)
        found.append(adjusted_rand_score(customers.truth, told))
    assert 0.9 <= np.mean(found) <= 0.98


def test_scenarios_are_those_of_the_aims() -> None:
    assert len(FIRST_EIGHT) == 8
    assert (*FIRST_EIGHT, *NEXT_THREE, *WITHOUT) == SCENARIOS


def test_shares_of_declared_words_are_those_declared() -> None:
    area = VARIABLES["area_type"]
    assert shares_of(area).tolist() == list(area.shares)
    flag = Variable("x", "geographic", (0.5, 0.5), is_flag=True)
    column = arrow_column(flag, np.array([0.0, 1.0]), np.array([True, False]))
    assert column.equals(pa.array([False, None]))
