from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from klantprofiel.segmentation import KMeansSegmenter, MixtureSegmenter
from klantprofiel.segmentation.scoring import number
from klantprofiel.warehouse.subset import violations

LEVELS = ["laag", "midden", "hoog"]
BASES = {
    "region": "geographic",
    "stage": "demographic",
    "visits": "behavioural",
    "spend": "behavioural",
    "days": "behavioural",
    "has_app": "behavioural",
}


def customers(n: int, seed: int) -> pa.Table:
    random = np.random.default_rng(seed)
    kind = random.integers(0, 3, n)
    codes = np.clip(kind + random.integers(-2, 2, n), -1, 2).tolist()
    stage = pd.Categorical.from_codes(codes, pd.Index(LEVELS), ordered=True)
    return pa.table(
        {
            "region": pa.array(
                random.choice(["Utrecht", "'s-Gravenhage", "Zeeland"], n), mask=random.random(n) < 0.2
            ),
            "stage": pa.array(stage),
            "visits": pa.array(random.poisson(kind * 2), mask=random.random(n) < 0.3),
            "spend": pa.array(random.gamma(1 + kind, 10), mask=random.random(n) < 0.3),
            "days": pa.array(random.integers(0, 5 + 300 * kind), mask=random.random(n) < 0.3),
            "has_app": pa.array(random.random(n) < 0.2 + 0.3 * kind, mask=random.random(n) < 0.3),
        }
    )


def scored(query: exp.Select, table: pa.Table) -> list[int]:
    """Run a scoring query, by way of Spark's dialect, on customers in DuckDB; one more row knows nothing."""
    numbered = table.append_column("customer_id", pa.array(range(table.num_rows)))
    assert list(violations(query)) == []
    spoken = sqlglot.parse_one(query.sql("spark"), read="spark")
    with duckdb.connect() as connection:
        connection.register("profiles", numbered)
        found = [
            [label for _, label in connection.execute(text + " order by customer_id").fetchall()]
            for text in (query.sql("duckdb"), spoken.sql("duckdb"))
        ]
    assert found[0] == found[1]
    return found[0]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from(["auto", "equal"]))
def test_k_means_in_sql_gives_everyone_the_segment_that_predict_gives(
    seed: int, k: int, weights: str
) -> None:
    known, new = customers(150, seed), customers(200, seed + 1)
    fitted = KMeansSegmenter(k, bases=BASES, basis_weights=weights).fit(known)
    assert scored(fitted.scoring_sql(), known) == fitted.labels_.tolist()
    assert scored(fitted.scoring_sql(), new) == fitted.predict(new).tolist()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from(["auto", "equal"]))
def test_the_mixture_in_sql_gives_everyone_the_segment_that_predict_gives(
    seed: int, k: int, weights: str
) -> None:
    known, new = customers(150, seed), customers(200, seed + 1)
    fitted = MixtureSegmenter(k, bases=BASES, basis_weights=weights).fit(known)
    query = fitted.scoring_sql()
    assert scored(query, known) == fitted.labels_.tolist()
    assert scored(query, new) == fitted.predict(new).tolist()


def test_a_mixture_with_factors_in_sql_is_that_of_predict() -> None:
    random = np.random.default_rng(4)
    kind = random.integers(0, 3, 900)
    style = random.normal(size=(900, 1))
    block = kind[:, None] * [1, -1, 1, 0, 0, 1] + 2 * style + random.normal(size=(900, 6))
    table = pa.table({f"q{i}": pa.array(block[:, i], mask=random.random(900) < 0.2) for i in range(6)})
    fitted = MixtureSegmenter(3).fit(table)
    assert fitted.mixture_.parameters.loadings.any()
    assert scored(fitted.scoring_sql(), table) == fitted.labels_.tolist()


def test_who_is_not_known_or_only_by_a_new_word_is_in_no_segment() -> None:
    known = customers(80, 3)
    nobody = pa.Table.from_pylist([{"region": None}, {"region": "Mars"}], schema=known.schema.remove(1))
    for fitted in (KMeansSegmenter(2), MixtureSegmenter(2)):
        table = known.drop_columns(["stage"])
        fitted.fit(table)
        assert scored(fitted.scoring_sql(), nobody) == fitted.predict(nobody).tolist() == [-1, -1]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_sql_is_that_double(value: float) -> None:
    assert duckdb.execute(f"select {number(value).sql('duckdb')}").fetchall() == [(value,)]


@pytest.mark.parametrize("flags", [True, False])
def test_flags_are_scored_unscaled_too(flags: bool) -> None:  # noqa: FBT001
    random = np.random.default_rng(0)
    table = pa.table({f"q{i}": random.random(60) < 0.4 for i in range(4)})
    if not flags:
        table = pa.table({name: table[name].cast(pa.int8()) for name in table.column_names})
    fitted = KMeansSegmenter(3).fit(table)
    assert scored(fitted.scoring_sql(), table) == fitted.labels_.tolist()
