from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation.columns import Words
from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
from tests.unit.segmentation.mixture.customers import BASES, columns

CHECKS = """
import json
from sklearn.utils.estimator_checks import check_estimator
from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
results = check_estimator(MixtureSegmenter(3), on_skip=None, on_fail=None)
print(json.dumps([[r["check_name"], r["status"], str(r["exception"])] for r in results]))
"""


def customers(n: int = 900, seed: int = 0, missing: float = 0.1) -> tuple[Any, np.ndarray]:
    found, truth = columns(n, seed, missing)
    arrays = {}
    for column in found:
        if isinstance(column, Words):
            words = np.array([*column.categories, None], dtype=object)
            arrays[column.name] = pa.array(words[column.codes].tolist())
        else:
            arrays[column.name] = pa.array(column.values, from_pandas=True)
    return pa.table(arrays), truth


def fitted(table: Any, n_segments: int = 3, **settings: Any) -> MixtureSegmenter:  # noqa: ANN401
    bases = dict.fromkeys(table.column_names, "behavioural") | dict(
        zip([f"x{place}" for place in range(8)] + ["province"], BASES, strict=True)
    )
    return MixtureSegmenter(n_segments, bases=bases, **settings).fit(table)


def test_scikit_learn_finds_nothing_to_complain_about_and_skips_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-c", CHECKS],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    results = json.loads(run.stdout)
    assert len(results) > 40
    assert [result for result in results if result[1] != "passed"] == []


def test_segments_are_found_back_in_mixed_customers_with_cells_missing() -> None:
    table, truth = customers()
    assert adjusted_rand_score(truth, fitted(table).labels_) > 0.85


def test_segments_are_the_same_with_one_thread_and_with_two_and_in_every_run() -> None:
    table, _ = customers(n=9_000)
    found = []
    for n_threads in (1, 2, 2):
        with threadpool_limits(limits=n_threads):
            one = fitted(table)
            found.append((one.labels_, one.predict_proba(table)))
    for labels, chances in found[1:]:
        assert (labels == found[0][0]).all()
        assert (chances == found[0][1]).all()


def test_the_order_of_customers_changes_nothing() -> None:
    table, _ = customers()
    order = np.random.default_rng(1).permutation(table.num_rows)
    assert (fitted(table.take(order)).labels_ == fitted(table).labels_[order]).all()


def test_the_order_of_columns_changes_no_segment() -> None:
    table, _ = customers()
    turned = table.select(table.column_names[::-1])
    assert adjusted_rand_score(fitted(turned).labels_, fitted(table).labels_) > 0.99


def test_a_customer_of_weight_two_is_exactly_two_customers() -> None:
    table, _ = customers(n=200)
    bases = dict(zip(table.column_names, BASES, strict=True))
    heavy = MixtureSegmenter(3, bases=bases).fit(table, sample_weight=np.full(200, 2.0))
    twice = MixtureSegmenter(3, bases=bases).fit(pa.concat_tables([table, table]))
    assert (heavy.labels_ == twice.labels_[:200]).all()
    assert heavy.log_likelihood_ == twice.log_likelihood_


def test_predict_says_of_the_same_customers_what_fit_said() -> None:
    table, _ = customers(n=700)
    segmenter = fitted(table)
    assert (segmenter.predict(table) == segmenter.labels_).all()
    alone = [segmenter.predict(table.slice(place, 1))[0] for place in range(20)]
    assert alone == segmenter.labels_[:20].tolist()


def test_with_a_whole_basis_missing_probabilities_are_as_often_right_as_they_say() -> None:
    table, truth = customers(n=3_000, missing=0.0)
    segmenter = fitted(table)
    hidden = table
    for name in table.column_names[:5]:
        place = hidden.column_names.index(name)
        hidden = hidden.set_column(place, name, pa.nulls(table.num_rows, pa.float64()))
    chances = segmenter.predict_proba(hidden)
    segment_of = np.array([np.bincount(truth[segmenter.labels_ == label]).argmax() for label in range(3)])
    is_right = segment_of[chances.argmax(axis=1)] == truth
    said = chances.max(axis=1)
    assert said.mean() < segmenter.predict_proba(table).max(axis=1).mean()
    for these in (said <= np.median(said), said > np.median(said)):
        assert is_right[these].mean() == pytest.approx(said[these].mean(), abs=0.05)


def test_of_a_customer_of_whom_nothing_is_known_the_shares_are_the_probabilities() -> None:
    table, _ = customers()
    segmenter = fitted(table)
    nobody = pa.table({name: pa.nulls(1, table.schema.field(name).type) for name in table.column_names})
    assert segmenter.predict(nobody).tolist() == [-1]
    assert segmenter.predict_proba(nobody)[0].tolist() == segmenter.shares_.tolist()


def test_a_habit_measured_fourteen_times_drowns_no_segments_and_is_told() -> None:
    table, truth = customers()
    random = np.random.default_rng(5)
    habit = random.normal(size=table.num_rows)
    for place in range(14):
        copy = 0.9 * habit + 0.4 * random.normal(size=table.num_rows)
        table = table.append_column(f"y{place}", pa.array(copy))
    segmenter = fitted(table)
    assert adjusted_rand_score(truth, segmenter.labels_) > 0.85
    assert segmenter.basis_weights_["behavioural"] < 0.3
    told = {factor.basis: factor.in_words() for factor in segmenter.basis_factors_}
    assert "Gedrag" in told["behavioural"]
    assert "19 getallen" in told["behavioural"]
    assert "antwoordstijl" in told["psychological"]
    assert told["geographic"] == ""


def test_equal_weights_are_plain_likelihood_and_share_nothing() -> None:
    table, _ = customers()
    plain = fitted(table, basis_weights="equal")
    assert set(plain.basis_weights_.values()) == {1.0}
    assert all(factor.shared == 0.0 for factor in plain.basis_factors_)
    named = fitted(table, basis_weights=dict.fromkeys(BASES, 1.0))
    assert (named.labels_ == plain.labels_).all()
    assert named.log_likelihood_ == plain.log_likelihood_


def test_a_basis_of_weight_zero_makes_no_segments() -> None:
    table, _ = customers()
    weights = {"psychological": 0.0, "geographic": 0.0}
    with_all = fitted(table, basis_weights=weights).labels_
    shuffled = np.random.default_rng(2).permutation(table.num_rows)
    other = table.set_column(5, "x5", table.column("x5").take(shuffled))
    assert adjusted_rand_score(with_all, fitted(other, basis_weights=weights).labels_) > 0.9


def test_criteria_are_those_of_their_definition() -> None:
    table, _ = customers()
    segmenter = fitted(table)
    expected = -2 * segmenter.log_likelihood_ + segmenter.n_parameters_ * np.log(table.num_rows)
    assert segmenter.bic_ == pytest.approx(expected)
    chances = segmenter.predict_proba(table)
    assert segmenter.icl_ == pytest.approx(expected - 2 * np.log(chances.max(axis=1)).sum())
    assert segmenter.sizes_.tolist() == sorted(segmenter.sizes_, reverse=True)
    assert 0 < segmenter.explained_share_ < 1
