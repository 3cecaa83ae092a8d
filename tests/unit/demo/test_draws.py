from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.demo import draws

WORDS = st.lists(st.sampled_from(["jan", "piet", "kees", "corrie"]), max_size=30)


def test_a_draw_added_to_one_stream_leaves_another_as_it_was() -> None:
    before = draws.stream(1, "orders").random(5)
    draws.stream(1, "people").random(100)
    assert (draws.stream(1, "orders").random(5) == before).all()
    assert (draws.stream(1, "people").random(5) != before).all()


@given(n=st.integers(0, 3_000), offset=st.integers(0, 10**9))
def test_scattered_numbers_never_repeat(n: int, offset: int) -> None:
    numbers = draws.scatter(np.arange(n), size=10_000_000, offset=offset)
    assert len(np.unique(numbers)) == n


@given(words=WORDS)
def test_repeats_count_how_often_a_value_stood_there_before(words: list[str]) -> None:
    counted = draws.repeats(pa.array(words, pa.string())).tolist()
    assert counted == [words[:place].count(word) for place, word in enumerate(words)]


@given(cents=st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_an_amount_reads_back_to_the_cent(cents: list[int]) -> None:
    written = draws.euro_text(np.array(cents)).to_pylist()
    assert [round(float(text.replace(",", ".")) * 100) for text in written] == cents


@given(days=st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), max_size=20))
def test_a_date_is_written_day_month_year(days: list[date]) -> None:
    written = draws.date_text(np.array(days, "datetime64[D]")).to_pylist()
    assert written == [day.strftime("%d-%m-%Y") for day in days]


def test_who_weighs_nothing_is_never_drawn() -> None:
    rng = np.random.default_rng(1)
    assert set(draws.choose(rng, np.array([0.0, 1.0, 0.0]), 500)) == {1}
    weights = np.array([[1.0, 0.0], [0.0, 3.0]])
    assert draws.choose_by_group(rng, weights, np.array([0, 1, 1, 0])).tolist() == [0, 1, 1, 0]
