"""What tonight's profiles have to be, beside those of the last release: most customers are the same ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from klantprofiel.validation.expected import measures as m
from klantprofiel.validation.expected.bounds import CLUSTERED, REACH
from klantprofiel.validation.expected.suites import Maker, Why, parameter, seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.validation.expected.suites import Expectation, Suite
    from klantprofiel.warehouse import Tables

PROFILES: Final = "profiles"
LEAST_PROFILES: Final = 50  # of fewer customers, one night may change any number
OF_ROWS: Final = 0.9
OF_FILLED: Final = 0.8
OF_MEANS: Final = 1.5
LEAST_CATEGORY: Final = 0.05
SINCE: Final = "recency_days"
"""How variables end that count days since an event: one campaign or survey sets the mean back in a night."""


def profile_suite(tables: Tables) -> Suite | None:
    """Return the suite about `profiles`, from the variables of the last release; None before the first.

    No project declares the profiles, so this suite is made anew each night and is in no file.
    """
    if not (tables.has(PROFILES) and tables.has("variables")):
        return None
    expectations = [*_of_table()]
    for name, label, kind in _variables(tables):
        expectations += _of_variable(Maker(PROFILES, name), label, kind)
    return seal(PROFILES, expectations)


def profile_parameters(tables: Tables) -> Iterator[tuple[str, object]]:
    """Yield the bounds of the suite about the profiles, from those of the last release."""
    ((n,),) = tables.rows("select count(*) from profiles")
    if n < LEAST_PROFILES:
        return
    yield parameter(PROFILES, "", m.ROWS, "low"), int(OF_ROWS * n)
    for name, _, kind in _variables(tables):
        yield from _bounds(tables, name, kind, n)


def _bounds(tables: Tables, name: str, kind: str, n: int) -> Iterator[tuple[str, object]]:
    ((n_filled,),) = tables.rows(f"select count({m.quoted(name)}) from profiles")
    if n_filled < LEAST_PROFILES:
        return
    yield parameter(PROFILES, name, m.FILLED, "low"), OF_FILLED * n_filled / n
    if kind == "category":
        rows = tables.rows(
            f"select {m.quoted(name)}, count(*) from profiles where {m.quoted(name)} is not null "
            "group by 1 order by 1"
        )
        common = [value for value, count in rows if count >= max(LEAST_CATEGORY * n_filled, LEAST_PROFILES)]
        if common:
            yield parameter(PROFILES, name, m.CATEGORY, "listed"), common
        return
    if not name.endswith(SINCE):
        yield from _mean_bounds(tables, name, n_filled)


def _mean_bounds(tables: Tables, name: str, n_filled: int) -> Iterator[tuple[str, object]]:
    """Yield the bounds of a mean: a factor, or where values may be negative a part of their distance to 0."""
    value = f"cast({m.quoted(name)} as decimal(30, 6))"
    ((total, distance, n_other, is_signed),) = tables.rows(
        f"select cast(sum({value}) as double), cast(sum(abs({value})) as double), "
        f"count(*) filter (where {value} <> 0), coalesce(bool_or({value} < 0), false) from profiles"
    )
    if n_other < LEAST_PROFILES:  # the mean of a rare thing, such as an open complaint, rests on these few
        return
    # Two nights differ by what counting so few has as noise by itself.
    factor = max(OF_MEANS, math.exp(REACH * CLUSTERED * math.sqrt(2 / n_other)))
    mean = total / n_filled
    if is_signed:
        room = (factor - 1) * distance / n_filled
        ends = mean - room, mean + room
    else:
        ends = mean / factor, mean * factor
    yield parameter(PROFILES, name, m.MEAN, "low"), ends[0]
    yield parameter(PROFILES, name, m.MEAN, "high"), ends[1]


def _variables(tables: Tables) -> list[tuple[str, str, str]]:
    columns = set(tables.columns(PROFILES))
    rows = tables.rows("select name, label, kind from variables order by name")
    return [(name, label, kind) for name, label, kind in rows if name in columns]


def _of_table() -> Iterator[Expectation]:
    make, customer = Maker(PROFILES), Maker(PROFILES, "customer_id")
    low = make.bound(m.ROWS, "low")
    yield make.native(
        "expect_table_row_count_to_be_between",
        Why(
            "volume",
            "Klanten verdwijnen niet met honderden tegelijk.",
            rows="all",
            low=low,
        ),
        min_value=f"${low}",
    )
    yield customer.native(
        "expect_column_values_to_not_be_null",
        Why(
            "uniqueness",
            "Elk profiel is van een klant.",
            rows="all",
        ),
    )
    yield customer.native(
        "expect_column_values_to_be_unique",
        Why(
            "uniqueness",
            "Elke klant heeft een profiel.",
            rows="all",
        ),
    )


def _of_variable(make: Maker, label: str, kind: str) -> Iterator[Expectation]:
    low = make.bound(m.FILLED, "low")
    yield make.native(
        "expect_column_values_to_not_be_null",
        Why(
            "share",
            f"{label} is van veel minder klanten bekend dan bij de vorige uitgave.",
            rows="all",
            low=low,
        ),
        mostly=f"${low}",
    )
    if kind == "category":
        listed = make.bound(m.CATEGORY, "listed")
        yield make.native(
            "expect_column_distinct_values_to_contain_set",
            Why(
                "category",
                f"Van {label} is een groep verdwenen die bij de vorige uitgave groot was.",
                rows="all",
            ),
            value_set=f"${listed}",
        )
        return
    if kind == "share":
        yield make.native(
            "expect_column_values_to_be_between",
            Why(
                "range",
                f"{label} is een aandeel, van 0 tot en met 1.",
                rows="all",
            ),
            min_value=0,
            max_value=1,
        )
    low, high = make.bound(m.MEAN, "low"), make.bound(m.MEAN, "high")
    yield make.native(
        "expect_column_mean_to_be_between",
        Why(
            "range",
            f"{label} is gemiddeld ver van de vorige uitgave.",
            rows="all",
            low=low,
            high=high,
        ),
        min_value=f"${low}",
        max_value=f"${high}",
    )
