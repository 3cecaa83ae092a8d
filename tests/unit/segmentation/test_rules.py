from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.segmentation import RuleSegmenter, crossed, rfm_rules, value_rules

CUSTOMERS = pa.table(
    {
        "customer_id": [f"K-{n}" for n in range(6)],
        "frequency": [12, 15, 1, 2, None, 40],
        "recency_days": [5, 300, 10, 400, None, 1],
        "area_type": ["stad", "dorp", "stad", None, None, "dorp"],
    }
)
RULES = {
    "trouw": "frequency >= 10 and recency_days <= 90",
    "slapend": "recency_days > 180",
    "stad": "area_type = 'stad'",
}


def test_the_first_rule_that_holds_decides_and_who_keeps_none_is_in_no_segment() -> None:
    segmenter = RuleSegmenter(RULES).fit(CUSTOMERS)
    assert segmenter.labels_.tolist() == [0, 1, 2, 1, -1, 0]
    assert segmenter.sizes_.tolist() == [2, 2, 1]
    assert segmenter.names_ == ("trouw", "slapend", "stad")
    turned = RuleSegmenter(dict(reversed(RULES.items()))).fit(CUSTOMERS)
    assert turned.names_[turned.labels_[0]] == "stad"


def test_the_report_counts_where_rules_overlap() -> None:
    segmenter = RuleSegmenter(RULES).fit(CUSTOMERS)
    assert segmenter.overlap_.to_pylist() == [
        {"rule": "trouw", "n_holds": 2, "n_first": 2, "n_taken": 0},
        {"rule": "slapend", "n_holds": 2, "n_first": 2, "n_taken": 0},
        {"rule": "stad", "n_holds": 2, "n_first": 1, "n_taken": 1},
    ]
    assert segmenter.overlap_pairs_.to_pylist() == [{"rule": "stad", "earlier": "trouw", "n_both": 1}]


def test_predict_gives_new_customers_and_other_frames_the_same_rules() -> None:
    segmenter = RuleSegmenter(RULES).fit(CUSTOMERS)
    assert segmenter.predict(CUSTOMERS.slice(2, 2)).tolist() == [2, 1]
    assert segmenter.predict(CUSTOMERS.to_pandas()).tolist() == segmenter.labels_.tolist()
    assert clone(segmenter).get_params() == {"rules": RULES}


def test_rules_in_sql_give_what_predict_gives() -> None:
    segmenter = RuleSegmenter(RULES).fit(CUSTOMERS)
    with duckdb.connect() as connection:
        connection.register("profiles", CUSTOMERS)
        query = segmenter.scoring_sql().sql("duckdb") + " order by customer_id"
        assert [label for _, label in connection.execute(query).fetchall()] == segmenter.labels_.tolist()
    assert "CASE WHEN" in segmenter.scoring_sql("klanten").sql("spark")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({}, "there are no rules"),
        ({"a": "frequenci > 1"}, "'frequenci', which is no column of this table, did you mean 'frequency'"),
        ({"a": "frequency"}, "a number and not true or false"),
        ({"a": "frequency > 1; drop table x"}, "not one SQL expression|more than one expression"),
        ({"a": "frequency > (select 1)"}, "a subquery"),
    ],
)
def test_what_is_no_rule_is_refused(rules: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        RuleSegmenter(rules).fit(CUSTOMERS)


def test_rules_need_columns_with_names() -> None:
    with pytest.raises(TypeError, match="a frame with column names, got ndarray"):
        RuleSegmenter(RULES).fit(np.ones((3, 2)))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(2, 3))
def test_equal_values_are_in_one_group_and_everyone_known_is_in_one(values: list[int], n_groups: int) -> None:
    table = pa.table(
        {"recency_days": values, "frequency": values[::-1], "monetary_eur": [float(v) for v in values]}
    )
    segmenter = RuleSegmenter(rfm_rules(table, n_groups=n_groups)).fit(table)
    assert (segmenter.labels_ >= 0).all()
    assert [row["n_taken"] for row in segmenter.overlap_.to_pylist()] == [0] * n_groups**3
    group: dict[int, str] = {}
    for value, label in zip(values, segmenter.labels_, strict=True):
        recency = segmenter.names_[label][:2]
        assert group.setdefault(value, recency) == recency


def test_without_ties_groups_are_of_equal_size() -> None:
    random = np.random.default_rng(0)
    table = pd.DataFrame(
        {name: random.permutation(100) for name in ("recency_days", "frequency", "monetary_eur")}
    )
    segmenter = RuleSegmenter(rfm_rules(table)).fit(table)
    names = [segmenter.names_[label] for label in segmenter.labels_]
    for place in (1, 3, 5):
        assert np.unique([name[place] for name in names], return_counts=True)[1].tolist() == [20] * 5
    best = table["recency_days"].to_numpy() < 20
    assert {name[:2] for name, is_best in zip(names, best, strict=True) if is_best} == {"R5"}


def test_groups_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(NotFoundError, match="no column 'monetary_eur'"):
        rfm_rules(CUSTOMERS)
    with pytest.raises(NotFoundError, match="'area' has no value"):
        rfm_rules(pa.table({"area": pa.array([None], pa.int64())}), recency="area")
    with pytest.raises(ConfigurationError, match="1 groups were asked"):
        rfm_rules(CUSTOMERS, n_groups=1)


def test_values_of_a_column_become_segments_with_quotes_kept_apart() -> None:
    rules = value_rules("area_type", ["stad", "'s-Gravenhage", "stad"])
    table = pa.table({"area_type": ["'s-Gravenhage", "stad", "dorp"]})
    assert RuleSegmenter(rules).fit(table).labels_.tolist() == [1, 0, -1]


def test_crossing_counts_every_customer_of_both_once() -> None:
    one = pa.table({"customer_id": ["a", "b", "c", "d"], "segment_id": ["S1", "S1", "S2", "S10"]})
    other = pa.table({"customer_id": ["a", "b", "c", "e"], "segment_id": ["S1", "S2", "S2", "S2"]})
    rows = crossed(one, other).to_pylist()
    assert [(row["segment_id"], row["other_segment_id"], row["n_customers"]) for row in rows] == [
        ("S1", "S1", 1),
        ("S1", "S2", 1),
        ("S2", "S2", 1),
    ]
    assert [row["segment_share"] for row in rows] == [0.5, 0.5, 1.0]
    assert [row["lift"] for row in rows] == [1.5, 0.75, 1.5]
