from __future__ import annotations

from datetime import date

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.standard.dates import are_swapped, swapped

DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@given(DAYS)
def test_a_date_swapped_twice_is_itself(day: date) -> None:
    other = swapped(day)
    assert other is None or (swapped(other) == day and other != day)


@given(DAYS)
def test_sql_sees_the_same_swaps(day: date) -> None:
    other = swapped(day)
    pairs = [(day, other), (day, day), (day, None)] + ([(day, date(other.year + 1, 1, 2))] if other else [])
    query = f"select {are_swapped('l', 'r')} from (select unnest($pairs, recursive := true))"
    rows = duckdb.execute(query, {"pairs": [{"l": one, "r": two} for one, two in pairs]}).fetchall()
    assert rows == [(other is not None,), (False,), (False,), (False,)][: len(rows)]
