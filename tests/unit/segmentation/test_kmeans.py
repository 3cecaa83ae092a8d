from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation import KMeansSegmenter
from klantprofiel.segmentation.columns import Numbers, columns_of
from klantprofiel.segmentation.encoding import MOST_CATEGORIES, learn_encoding

CHECKS = """
import json
from sklearn.utils.estimator_checks import check_estimator
from klantprofiel.segmentation import KMeansSegmenter
results = check_estimator(KMeansSegmenter(3), on_skip=None, on_fail=None)
print(json.dumps([[r["check_name"], r["status"], str(r["exception"])] for r in results]))
"""


def blobs(n: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    return random.normal(size=(n, 4)) + 4 * truth[:, None] * np.array([1, -1, 1, -1]), truth


def in_python(code: str, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_scikit_learn_finds_nothing_to_complain_about_and_skips_nothing() -> None:
    results = json.loads(in_python(CHECKS, SCIPY_ARRAY_API="1"))
    assert len(results) > 40
    assert [result for result in results if result[1] != "passed"] == []


def test_segments_are_the_same_with_one_thread_and_with_two() -> None:
    customers = np.random.default_rng(3).normal(size=(6_000, 8)).round(2)
    found = []
    for n_threads in (1, 2, 2):
        with threadpool_limits(limits=n_threads):
            fitted = KMeansSegmenter(n_segments=6).fit(customers)
        found.append((fitted.labels_.tolist(), fitted.centers_.tobytes(), fitted.inertia_))
    assert found[0] == found[1] == found[2]


def test_planted_groups_are_found() -> None:
    customers, truth = blobs()
    assert adjusted_rand_score(truth, KMeansSegmenter(n_segments=3).fit_predict(customers)) > 0.95


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(120)))
def test_the_order_of_customers_changes_nothing(order: list[int]) -> None:
    customers, _ = blobs(120)
    expected = KMeansSegmenter(n_segments=4).fit(customers)
    found = KMeansSegmenter(n_segments=4).fit(customers[order])
    assert found.labels_.tolist() == expected.labels_[order].tolist()
    assert found.centers_.tobytes() == expected.centers_.tobytes()
    assert found.inertia_ == expected.inertia_


def test_the_largest_segment_comes_first_and_equal_sizes_go_by_their_centers() -> None:
    uneven = KMeansSegmenter(n_segments=3).fit(blobs(500, seed=5)[0])
    assert uneven.sizes_.tolist() == sorted(uneven.sizes_.tolist(), reverse=True)
    even = KMeansSegmenter(n_segments=2).fit([[9.0], [8.0], [2.0], [1.0]])
    assert even.labels_.tolist() == [1, 1, 0, 0]


@settings(max_examples=20, deadline=None)
@given(st.floats(0.001, 1000), st.floats(-1000, 1000))
def test_units_do_not_matter(scale: float, shift: float) -> None:
    customers = blobs(100)[0].round(3)
    expected = KMeansSegmenter(n_segments=3).fit_predict(customers)
    assert KMeansSegmenter(n_segments=3).fit_predict(customers * scale + shift).tolist() == expected.tolist()


def test_one_very_large_customer_does_not_get_a_segment_to_itself() -> None:
    customers = blobs()[0]
    customers[0, 0] = 1e12
    assert KMeansSegmenter(n_segments=3).fit(customers).sizes_.min() > 50


def test_every_basis_weighs_the_same_whatever_its_number_ofcolumns_of() -> None:
    random = np.random.default_rng(0)
    frame = pa.table(
        {
            **{f"b{i}": random.normal(size=400) for i in range(9)},
            "region": random.choice(["Utrecht", "Drenthe", "Zeeland"], 400),
        }
    )
    bases = {name: "behavioural" if name.startswith("b") else "geographic" for name in frame.column_names}
    fitted = KMeansSegmenter(bases=bases).fit(frame)
    scores = fitted.encoding_.apply(columns := columns_of(frame))
    assert [column.name for column in columns] == frame.column_names
    np.testing.assert_allclose(scores[:, :9].var(axis=0).sum(), 1, rtol=1e-6)
    np.testing.assert_allclose(scores[:, 9:].var(axis=0).sum(), 1, rtol=1e-6)


def test_the_same_customers_in_arrow_pandas_and_a_matrix_get_the_same_segments() -> None:
    customers, _ = blobs()
    names = ["a", "b", "c", "d"]
    pandas = pd.DataFrame(customers, columns=names, index=[f"K-{i}" for i in range(len(customers))])
    arrow = pa.table(dict(zip(names, customers.T, strict=True)))
    expected = KMeansSegmenter().fit_predict(customers).tolist()
    assert KMeansSegmenter().fit_predict(pandas).tolist() == expected
    assert KMeansSegmenter().fit_predict(arrow).tolist() == expected
    assert KMeansSegmenter().fit(arrow).predict(pandas).tolist() == expected
    with pytest.raises(ValueError, match="feature names should match"):
        KMeansSegmenter().fit(pandas).predict(pandas[["b", "a", "c", "d"]])


def test_a_missing_value_pulls_to_no_segment_and_is_counted() -> None:
    customers, _ = blobs()
    customers[7, 0] = np.nan
    fitted = KMeansSegmenter(n_segments=3).fit(customers)
    assert fitted.n_incomplete_ == 1
    assert fitted.encoding_.apply([Numbers(f"x{i}", customers[:, i]) for i in range(4)])[7, 0] == 0


def test_who_is_not_known_at_all_is_in_no_segment() -> None:
    customers, _ = blobs()
    with_stranger = np.vstack([customers, np.full((1, 4), np.nan)])
    fitted = KMeansSegmenter(n_segments=3).fit(with_stranger)
    assert fitted.labels_[-1] == -1
    assert fitted.labels_[:-1].tolist() == KMeansSegmenter(n_segments=3).fit_predict(customers).tolist()
    assert fitted.sizes_.sum() == len(customers)
    assert fitted.predict(with_stranger).tolist() == fitted.labels_.tolist()


def test_a_category_not_seen_before_is_counted_and_counts_as_missing() -> None:
    seen = pa.table({"region": ["Utrecht", "Drenthe"] * 20, "age": [n % 7 for n in range(40)]})
    fitted = KMeansSegmenter(n_segments=2).fit(seen)
    assert fitted.n_new_categories_ == {}
    new = pa.table({"region": ["Mars", None, "Utrecht"], "age": [3, 3, 3]})
    labels = fitted.predict(new)
    assert labels[0] == labels[1]
    assert fitted.n_new_categories_ == {"region": 1}
    assert fitted.predict(pa.table({"region": ["Mars"], "age": pa.array([None], pa.int64())})).tolist() == [
        -1
    ]
    fitted.predict(seen)
    assert fitted.n_new_categories_ == {}


def test_ordered_categories_are_ranks_whatever_the_order_in_which_predict_lists_them() -> None:
    levels = ["laag", "midden", "hoog"]
    frame = pd.DataFrame({"stage": pd.Categorical(levels * 10, levels, ordered=True), "n": [1, 5, 9] * 10})
    fitted = KMeansSegmenter(n_segments=3).fit(frame)
    assert fitted.encoding_.scales[0].width == 1
    turned = frame.assign(stage=pd.Categorical(levels * 10, levels[::-1], ordered=True))
    assert fitted.predict(turned).tolist() == fitted.labels_.tolist()
    plain = frame.assign(stage=levels * 10)
    assert fitted.predict(plain).tolist() == fitted.labels_.tolist()


def test_beyond_the_most_frequent_categories_the_rest_is_one() -> None:
    words = [f"c{number}" for number in range(60) for _ in range(60 - number)]
    (column,) = columns_of(pa.table({"words": words}))
    (scale,) = learn_encoding([column], [""]).scales
    assert scale.width == MOST_CATEGORIES + 1
    np.testing.assert_allclose(scale.apply(column).var(axis=0).sum(), 1)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ([1.0] * 120, r"column 'x' has the same value for every customer \(constant\)"),
        ([None] * 120, r"column 'x' has no value for any customer \(empty\)"),
        ([f"K-{n}" for n in range(120)], r"column 'x' differs between nearly all customers.*\(id_like\)"),
        (list(range(10_000, 10_120)), r"column 'x' differs between nearly all customers.*\(id_like\)"),
    ],
)
def test_a_column_that_cannot_tell_customers_apart_is_refused_by_name(
    column: list[object], reason: str
) -> None:
    frame = pa.table({"age": [n % 50 for n in range(120)], "x": column})
    with pytest.raises(ValueError, match=reason):
        KMeansSegmenter(n_segments=3).fit(frame)


def mixed(n: int, seed: int) -> pa.Table:
    random = np.random.default_rng(seed)
    region = random.choice(["Utrecht", "Drenthe", "Zeeland"], n)
    return pa.table(
        {
            "region": pa.array(region, mask=random.random(n) < 0.2),
            "visits": pa.array(random.integers(0, 4, n), mask=random.random(n) < 0.3),
            "spend": random.gamma(2, 10, n).round(0),
        }
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_a_weight_of_two_is_two_such_customers_and_a_weight_of_zero_is_none(seed: int, flags: bool) -> None:  # noqa: FBT001
    table = mixed(60, seed)
    table = table.select(["region"]) if flags else table
    counts = np.random.default_rng([seed, 1]).integers(0, 3, 60)
    rows = np.random.default_rng([seed, 2]).permutation(np.repeat(np.arange(60), counts))
    weighted = KMeansSegmenter(n_segments=3).fit(table, sample_weight=counts)
    repeated = KMeansSegmenter(n_segments=3).fit(table.take(rows))
    assert weighted.centers_.tobytes() == repeated.centers_.tobytes()
    assert weighted.predict(table).tolist() == repeated.predict(table).tolist()
    assert weighted.sizes_.tolist() == repeated.sizes_.tolist()
    assert weighted.inertia_ == repeated.inertia_


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_probabilities_add_up_and_agree_with_the_segment(seed: int, flags: bool) -> None:  # noqa: FBT001
    table = mixed(50, seed)
    table = table.select(["region"]) if flags else table
    fitted = KMeansSegmenter(n_segments=3).fit(table)
    probabilities = fitted.predict_proba(table)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    is_known = fitted.labels_ >= 0
    assert probabilities.argmax(axis=1)[is_known].tolist() == fitted.labels_[is_known].tolist()
    np.testing.assert_allclose(probabilities[~is_known], np.broadcast_to(fitted.shares_, (sum(~is_known), 3)))


def test_flags_of_one_basis_are_taken_as_zero_and_one() -> None:
    random = np.random.default_rng(1)
    flags = random.random((80, 5)) < np.linspace(0.2, 0.8, 5)
    expected = KMeans(3, n_init=300, random_state=0).fit(flags.astype(float)).inertia_
    words = pa.table({f"q{i}": np.where(flags[:, i], "Ja", "Nee") for i in range(5)})
    for customers in (flags.astype(float), pd.DataFrame(flags), words):
        found = KMeansSegmenter(n_segments=3).fit(customers).inertia_
        assert found <= expected + 1e-9
        assert found > 0.9 * expected


def test_weights_of_bases_are_balanced_as_asked() -> None:
    random = np.random.default_rng(0)
    trait = random.normal(size=500)
    customers = np.column_stack(
        [*(trait + random.normal(size=500) / 9 for _ in range(4)), *random.normal(size=(2, 500))]
    )
    bases = ["a"] * 4 + ["b"] * 2

    def variances(basis_weights: object) -> list[float]:
        fitted = KMeansSegmenter(2, bases=bases, basis_weights=basis_weights).fit(customers)  # type: ignore[arg-type]
        scores = fitted.encoding_.apply([Numbers("x", column) for column in customers.T])
        return [float(scores[:, :4].var(axis=0).sum()), float(scores[:, 4:].var(axis=0).sum())]

    np.testing.assert_allclose(variances("equal"), [1, 1])
    np.testing.assert_allclose(variances({"a": 3}), [3, 1])
    repeated, apart = variances("auto")
    assert 1 <= repeated < 1.1
    assert 1.8 < apart <= 2


def test_scores_are_those_of_the_normal_quantiles_of_mid_ranks() -> None:
    column = Numbers("x", np.array([5.0, 1.0, 5.0, 9.0, np.nan]))
    scores = learn_encoding([column], [""]).apply([column]).ravel()
    low, middle, high = -1.1503494, 0.0, 1.1503494  # the normal quantiles of 1/8, 4/8 and 7/8
    expected = np.array([middle, low, middle, high])
    np.testing.assert_allclose(scores[:4], expected / expected.std(), atol=1e-6)
    assert scores[4] == 0


def test_a_rare_value_among_equal_ones_is_not_lost() -> None:
    column = Numbers("x", np.array([0.0] * 9_999 + [1.0]))
    scores = learn_encoding([column], [""]).apply([column]).ravel()
    assert scores[-1] > scores[0]
    np.testing.assert_allclose(scores.var(), 1)


@pytest.mark.parametrize(
    ("settings_", "customers", "error", "message"),
    [
        ({"n_segments": 0}, [[1.0], [2.0]], ValueError, "should be >= 1, got 0 instead"),
        ({"n_segments": 2.5}, [[1.0], [2.0]], TypeError, "whole number, got 2.5 instead"),
        (
            {"n_segments": 3},
            [[1.0], [2.0], [2.0]],
            ValueError,
            "should be <= 2, the number of customers who differ",
        ),
        ({"n_segments": 1}, [[np.nan], [np.nan]], ValueError, "should be <= 0"),
        ({"n_segments": 2}, [[np.inf], [2.0]], ValueError, "infinity"),
        ({"basis_weights": "some"}, [[1.0], [2.0]], ValueError, "should be 'auto' or 'equal' or a mapping"),
        ({"basis_weights": {"a": -1.0}}, [[1.0], [2.0]], ValueError, "should be >= 0, got -1.0 for 'a'"),
        ({"bases": ["a", "b"]}, [[1.0], [2.0]], ValueError, "bases should name 1 columns, got 2 instead"),
        ({"bases": {"y": "a"}}, [[1.0], [2.0]], ValueError, "'x0' is not there"),
    ],
)
def test_what_cannot_be_done_is_said(
    settings_: dict[str, object], customers: list[list[float]], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        KMeansSegmenter(**settings_).fit(customers)  # type: ignore[arg-type]  # wrong on purpose


def test_columns_of_other_types_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="column 'day' should be numbers, text or flags"):
        KMeansSegmenter().fit(pa.table({"day": pa.array([1, 2], pa.date32())}))
    with pytest.raises(ValueError, match="column 'a' should be finite"):
        KMeansSegmenter().fit(pa.table({"a": [1.0, float("inf")]}))
    fitted = KMeansSegmenter(n_segments=2).fit(pa.table({"a": [1.0, 2.0]}))
    with pytest.raises(TypeError, match="column 'a' should be numbers, as in fit"):
        fitted.predict(pa.table({"a": ["x", "y"]}))


def test_an_estimator_can_be_cloned_and_is_not_changed_by_fitting() -> None:
    estimator = KMeansSegmenter(n_segments=3, bases=["a", "b", "a", "b"], random_state=7)
    before = estimator.get_params()
    copy = clone(estimator.fit(blobs()[0]))
    assert estimator.get_params() == before == copy.get_params()
    assert not hasattr(copy, "labels_")
