"""Laws of attributes over time: what their versions say of a day is what the golden record said of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.profiles.attributes import keep_attributes
from klantprofiel.profiles.attributes.changes import HISTORY, kept_attributes
from tests.spec.ascii import given_rows, put

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

FIRST = date(2026, 1, 1)
WATCHED = ("age_band", "country")
NIGHTS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(["18-24", "25-34", None]), st.sampled_from(["NL", "BE", None])
    ),
    min_size=1,
    max_size=6,
)
"""Per night since which day something is so, and what."""


def after(nights: list[tuple[int, str | None, str | None]]) -> Run:
    """Return the run after these nights, of one customer."""
    run = given_rows({"customers": [{"customer_id": "K-000001"}]})
    put(
        run, "identity.customer_records", [{"record_id": "crm/1", "customer_id": "K-000001", "source": "crm"}]
    )
    for number, (day, age_band, country) in enumerate(nights):
        since = FIRST + timedelta(days=day)
        person = dict.fromkeys(kept_attributes()) | {"age_band": age_band, "country": country}
        put(run, "identity.golden_record", [{"customer_id": "K-000001", **person}])
        put(run, "identity.customers", [{"record_id": "crm/1", "delivered_on": since, "updated_on": since}])
        run.recorded_at = datetime(2026, 2, 1) + timedelta(days=number)  # noqa: DTZ001  stored moments are UTC
        keep_attributes(run)
    return run


def said_of(run: Run, attribute: str, day: date) -> str | None:
    """Return what the golden record says, now, of a day."""
    rows = run.rows(
        f"select {attribute} from {HISTORY} where replaced_at is null and valid_from <= $day "
        "order by valid_from desc limit 1",
        day=day,
    )
    return rows[0][0] if rows else None


@settings(max_examples=6, deadline=None)
@given(NIGHTS)
def test_versions_that_stand_say_of_each_day_what_the_golden_record_says(
    nights: list[tuple[int, str | None, str | None]],
) -> None:
    run = after(nights)
    ((first,),) = run.rows(f"select min(valid_from) from {HISTORY} where replaced_at is null")
    days = [first + timedelta(days=offset) for offset in range(7)]
    for attribute in WATCHED:
        versions = run.rows(
            "select valid_from, valid_to, masked from attribute_changes "
            "where attribute = $attribute and replaced_at is null order by valid_from",
            attribute=attribute,
        )
        said = [said_of(run, attribute, day) for day in days]
        assert versions or len(set(said)) == 1, "what differs between days has versions"
        assert not versions or versions[-1][1] is None, "the last still holds"
        for before, later in pairwise(versions):
            assert before[1] == later[0], "a version holds until the next"
            assert before[2] != later[2], "and the next differs"
        for day, value in zip(days, said, strict=True):
            holds = [masked for since, until, masked in versions if since <= day < (until or date.max)]
            assert holds in ([value], [])
            assert holds or not versions


@settings(max_examples=3, deadline=None)
@given(NIGHTS)
def test_the_same_night_again_changes_nothing(nights: list[tuple[int, str | None, str | None]]) -> None:
    once, twice = after(nights), after([*nights, nights[-1]])
    listed = "select * from attribute_changes order by all"
    assert once.rows(listed) == twice.rows(listed)
