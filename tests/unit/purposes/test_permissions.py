from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.errors import PermissionRefusedError
from klantprofiel.purposes import Register, permitted
from klantprofiel.warehouse.tables import Connected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

AS_OF = date(2026, 9, 30)
NOON = datetime(2026, 9, 30, 12)  # noqa: DTZ001  stored moments are UTC without a zone
GROUNDS = ("consent", "contract", "legitimate_interest", "legal_obligation")
STRICTNESS = {"given": 1, "unclear": 2, "withdrawn": 3, "objected": 4}


class Statement(NamedTuple):
    customer_id: str
    purpose: str
    channel: str
    status: str
    stated_at: datetime


class Village(Connected):
    """Customers and what they stated, in memory."""

    as_of = AS_OF

    def __init__(self, customers: Sequence[str], statements: Sequence[Statement]) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        columns = zip(*statements, strict=True) if statements else [()] * len(Statement._fields)
        kinds = [*[pa.string()] * 4, pa.timestamp("us")]
        arrays = [pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
        frames = {
            "customers": pa.table({"customer_id": pa.array(customers, pa.string())}),
            "consents": pa.table(dict(zip(Statement._fields, arrays, strict=True))),
        }
        for name, frame in frames.items():
            self._connection.register("frame", frame)
            self._connection.execute(f"create table {name} as from frame")


def register(ground: str = "consent", *, direct_marketing: bool = False) -> Register:
    return Register.model_validate(
        {
            "purposes": {
                "nieuwsbrief": {
                    "label": "Nieuwsbrief",
                    "description": "Wekelijkse nieuwsbrief.",
                    "direct_marketing": direct_marketing,
                    "channels": {"email": {"ground": ground}},
                }
            }
        }
    )


def judged(
    statements: Sequence[Statement], *, ground: str = "consent", direct_marketing: bool = False
) -> tuple[bool, str]:
    """Judge the one customer A."""
    table = permitted(
        Village(["A"], statements),
        register(ground, direct_marketing=direct_marketing),
        "nieuwsbrief",
        "email",
    )
    [row] = table.to_pylist()
    assert (row["customer_id"], row["ground"]) == ("A", ground)
    return row["is_permitted"], row["reason"]


def says(
    status: str, *, days: float = 0, purpose: str = "nieuwsbrief", channel: str = "email", customer: str = "A"
) -> Statement:
    return Statement(customer, purpose, channel, status, NOON + timedelta(days=days))


def test_consent_needs_a_yes_and_legitimate_interest_only_the_absence_of_a_no() -> None:
    assert judged([]) == (False, "no_statement")
    assert judged([], ground="legitimate_interest") == (True, "no_statement")
    assert judged([says("given")]) == (True, "given")
    for no in ("withdrawn", "objected", "unclear"):
        assert judged([says(no)]) == (False, no)
        assert judged([says(no)], ground="legitimate_interest") == (False, no)


@pytest.mark.parametrize("ground", ["contract", "legal_obligation"])
def test_what_must_be_done_needs_no_statement(ground: str) -> None:
    assert judged([says("objected")], ground=ground) == (True, "not_needed")


def test_the_latest_statement_wins() -> None:
    assert judged([says("given", days=-2), says("withdrawn", days=-1)]) == (False, "withdrawn")
    assert judged([says("withdrawn", days=-2), says("given", days=-1)]) == (True, "given")


def test_of_one_moment_the_strictest_wins() -> None:
    assert judged([says("given"), says("withdrawn"), says("objected")]) == (False, "objected")
    assert judged([says("withdrawn"), says("given")]) == (False, "withdrawn")
    assert judged([says("unclear"), says("given")]) == (False, "unclear")
    assert judged([says("unclear"), says("withdrawn")]) == (False, "withdrawn")


def test_a_yes_after_the_day_does_not_count_yet() -> None:
    last_second = says("withdrawn", days=0.49999)
    next_day = says("given", days=0.5)
    assert judged([last_second, next_day]) == (False, "withdrawn")


@pytest.mark.parametrize("no", ["withdrawn", "objected", "unclear"])
def test_a_no_counts_whenever_it_is_known_so_an_earlier_day_permits_nobody_anew(no: str) -> None:
    assert judged([says("given", days=-1), says(no, days=30)]) == (False, no)
    assert judged([says(no, days=30)], ground="legitimate_interest") == (False, no)
    wide = says(no, days=30, purpose="direct_marketing", channel="all")
    assert judged([says("given"), wide], direct_marketing=True) == (False, no)


def test_what_cannot_be_read_refuses_until_a_later_statement_that_can() -> None:
    unread = says("unclear", days=-1, purpose="all", channel="all")
    assert judged([says("given", days=-2), unread]) == (False, "unclear")
    assert judged([unread, says("given")]) == (True, "given")
    assert judged([unread, says("withdrawn")]) == (False, "withdrawn")
    assert judged([says("unclear", days=-1), says("given")]) == (True, "given")


def test_what_cannot_be_read_covers_what_it_does_not_name() -> None:
    every_purpose = says("unclear", purpose="all")
    assert judged([says("given", days=-1), every_purpose]) == (False, "unclear")
    assert judged([every_purpose], ground="legitimate_interest") == (False, "unclear")
    assert judged([says("given", days=-1), says("unclear", purpose="all", channel="post")]) == (True, "given")
    assert judged([says("given", days=-1), says("unclear", purpose="onderzoek")]) == (True, "given")


def test_a_yes_to_every_purpose_is_no_consent() -> None:
    assert judged([says("given", purpose="all", channel="all")]) == (False, "no_statement")


def test_a_statement_on_all_channels_covers_every_channel() -> None:
    assert judged([says("given", channel="all")]) == (True, "given")
    assert judged([says("given", days=-1), says("objected", channel="all")]) == (False, "objected")
    assert judged([says("given"), says("objected", days=-1, channel="all")]) == (True, "given")


def test_another_channel_purpose_or_customer_says_nothing() -> None:
    others = [says("given", channel="post"), says("given", purpose="onderzoek"), says("given", customer="B")]
    assert judged(others) == (False, "no_statement")


def test_refusing_direct_marketing_refuses_each_purpose_that_is_direct_marketing() -> None:
    refusal = says("objected", purpose="direct_marketing", channel="all")
    assert judged([says("given", days=-1), refusal], direct_marketing=True) == (False, "objected")
    assert judged([says("given", days=-1), refusal]) == (True, "given")
    assert judged([refusal, says("given", days=0.1)], direct_marketing=True) == (True, "given")


def test_a_wide_yes_lifts_a_wide_refusal_and_is_no_consent() -> None:
    wide = [
        says("objected", days=-2, purpose="direct_marketing", channel="all"),
        says("given", days=-1, purpose="direct_marketing", channel="all"),
    ]
    assert judged(wide, direct_marketing=True) == (False, "no_statement")
    assert judged(wide, ground="legitimate_interest", direct_marketing=True) == (True, "no_statement")
    assert judged([says("objected", days=-3), *wide], direct_marketing=True) == (False, "objected")


def test_an_unknown_purpose_or_channel_is_refused() -> None:
    with pytest.raises(PermissionRefusedError, match="did you mean 'nieuwsbrief'"):
        permitted(Village([], []), register(), "nieuwsbrieven", "email")
    with pytest.raises(PermissionRefusedError, match="channel"):
        permitted(Village([], []), register(), "nieuwsbrief", "post")


def oracle(statements: Sequence[Statement], customer: str, ground: str, *, direct_marketing: bool) -> bool:
    """Say the same in plain Python, one customer at a time."""
    if ground in {"contract", "legal_obligation"}:
        return True
    heard = [
        s
        for s in statements
        if s.customer_id == customer
        and (s.status != "given" or s.stated_at.date() <= AS_OF)
        and s.channel in {"email", "all"}
    ]
    speaking = [s for s in heard if s.purpose == "nieuwsbrief"]
    for scope in ["all", "direct_marketing"][: 1 + direct_marketing]:
        wide = sorted(
            (s for s in heard if s.purpose == scope),
            key=lambda s: (s.stated_at, STRICTNESS[s.status]),
        )
        speaking += [s for s in wide[-1:] if s.status != "given"]
    if not speaking:
        return ground == "legitimate_interest"
    return max(speaking, key=lambda s: (s.stated_at, STRICTNESS[s.status])).status == "given"


statements_of_the_village = st.lists(
    st.builds(
        Statement,
        st.sampled_from("ABC"),
        st.sampled_from(["nieuwsbrief", "direct_marketing", "onderzoek", "all"]),
        st.sampled_from(["email", "all", "post"]),
        st.sampled_from(sorted(STRICTNESS)),
        st.integers(-6, 2).map(lambda half_days: NOON + timedelta(hours=12 * half_days)),
    ),
    max_size=14,
)


@settings(max_examples=60)  # each is a database
@given(
    statements=statements_of_the_village,
    ground=st.sampled_from(GROUNDS),
    direct_marketing=st.booleans(),
    random=st.randoms(use_true_random=False),
)
def test_every_history_is_judged_as_plain_python_judges_it_in_any_order(
    *, statements: list[Statement], ground: str, direct_marketing: bool, random: Random
) -> None:
    random.shuffle(statements)
    found = permitted(
        Village(["C", "A", "B", "D"], statements),
        register(ground, direct_marketing=direct_marketing),
        "nieuwsbrief",
        "email",
    ).to_pylist()
    assert [row["customer_id"] for row in found] == ["A", "B", "C", "D"]
    for row in found:
        expected = oracle(statements, row["customer_id"], ground, direct_marketing=direct_marketing)
        assert row["is_permitted"] is expected
