from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from klantprofiel.unification.clusters import grouping
from tests.unit.unification.clusters.linked import (
    _simple_scores,
    decided,
    deliver,
    grouped,
    linked,
    regrouped,
)

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run
    from tests.unit.unification.clusters.linked import Arrow

pytestmark = pytest.mark.usefixtures("_simple_scores")

__all__ = ["_simple_scores"]  # a fixture

ANNA = {"given_name": "anna", "surname": "vries", "birth_date": "1991-01-01", "email": "thuis@hof.nl"}
BERT = {"given_name": "bert", "surname": "vries", "birth_date": "1964-01-01", "email": "thuis@hof.nl"}
KEPT_TABLES = (
    "match_keys",
    "key_pairs",
    "components",
    "group_verdicts",
    "cut_components",
    "closing_pairs",
    "match_edges",
)

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.builds("{}/{}".format, st.sampled_from(["crm", "web"]), st.integers(1, 9)),
            "given_name": st.sampled_from([None, "anna", "bert"]),
            "surname": st.sampled_from([None, "vries", "smit"]),
            "birth_date": st.sampled_from([None, "1991-01-01", "1964-01-01"]),
            "email": st.sampled_from([None, "thuis@hof.nl", "werk@hof.nl", "c@hof.nl"]),
            "phone": st.sampled_from([None, "+31201"]),
            "id_number": st.sampled_from([None, "1077", "2088"]),
        }
    ),
    unique_by=lambda row: row["record_id"],
    max_size=9,
)
FEW = settings(
    phases=(Phase.explicit, Phase.generate),  # each example is two runs, in SQL
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
Rows = list[dict[str, str | None]]
PAIRS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda p: p[0] < p[1]), max_size=2)


def named(record: str, **known: str | None) -> dict[str, str | None]:
    return {"record_id": record, **known}


def backwards(rows: Arrow) -> Arrow:
    return rows.take(pa.array(range(len(rows) - 1, -1, -1), pa.int64()))


def verdicts(run: Run) -> list[tuple[str, str, str]]:
    return run.rows("select first_record_id, record_id, verdict from identity.group_verdicts order by all")


def test_who_has_only_an_email_address_is_the_one_who_has_it_too() -> None:
    _, groups = grouped([named("crm/1", **ANNA), named("web/1", email="thuis@hof.nl")])
    assert groups == {frozenset({"crm/1", "web/1"})}


def test_two_who_have_only_the_same_email_address_are_one() -> None:
    _, groups = grouped([named("crm/1", email="thuis@hof.nl"), named("web/1", email="thuis@hof.nl")])
    assert groups == {frozenset({"crm/1", "web/1"})}


def test_a_couple_with_one_mailbox_is_two_and_what_has_only_the_mailbox_stays_between_them() -> None:
    run, groups = grouped(
        [named("crm/1", **ANNA), named("crm/2", **BERT), named("web/3", email="thuis@hof.nl")]
    )
    assert groups == set()
    assert run.rows(
        "select first_record_id, record_id, verdict from identity.group_verdicts order by all"
    ) == [
        ("crm/1", "web/3", "ambiguous"),
        ("crm/2", "web/3", "ambiguous"),
    ]


def test_people_of_two_birth_dates_are_not_one_by_a_third_record_between_them() -> None:
    _, groups = grouped(
        [
            named("crm/1", email="thuis@hof.nl", birth_date="1991-01-01"),
            named("crm/2", email="thuis@hof.nl", id_number="1077"),
            named("crm/3", id_number="1077", birth_date="1964-01-01"),
        ]
    )
    assert not any({"crm/1", "crm/3"} <= group for group in groups)


def test_a_couple_with_one_phone_and_surname_is_two_also_without_birth_dates() -> None:
    _, groups = grouped(
        [
            named("crm/1", given_name="anna", surname="vries", phone="+31201"),
            named("crm/2", given_name="bert", surname="vries", phone="+31201"),
        ]
    )
    assert groups == set()


def test_a_phone_number_and_a_second_surname_link_too() -> None:
    _, groups = grouped(
        [
            named("crm/1", surname="jansen", other_surname="vries", phone="+31201"),
            named("web/2", surname="vries", phone="+31201"),
        ]
    )
    assert groups == {frozenset({"crm/1", "web/2"})}


def test_what_the_record_between_two_people_says_of_its_own_decides() -> None:
    between = named("web/3", email="thuis@hof.nl", given_name="anna")
    _, groups = grouped([named("crm/1", **ANNA), named("crm/2", **BERT), between])
    assert groups == {frozenset({"crm/1", "web/3"})}


def test_the_order_in_which_the_engine_gives_pairs_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = grouping._facts  # noqa: SLF001  joins give rows in any order
    monkeypatch.setattr(grouping, "_facts", lambda *given: backwards(facts(*given)))

    run, _ = grouped(
        [
            named("crm/1", given_name="anna", surname="vries", phone="+31201"),
            named("crm/2", given_name="bert", surname="vries", phone="+31201"),
            named("crm/3", id_number="1077"),
            named("web/1", id_number="1077"),
        ]
    )

    assert run.rows("select first_record_id, record_id from identity.closing_pairs") == [("crm/3", "web/1")]


def test_an_email_address_that_too_many_hold_links_nobody() -> None:
    rows = [named(f"crm/{i}", email="balie@hof.nl") for i in range(4)]
    _, apart = grouped(rows, cap=3)
    _, one = grouped(rows, cap=4)
    assert (apart, one) == (set(), {frozenset(row["record_id"] for row in rows)})


def test_what_too_many_hold_counts_for_nothing_in_the_score_either() -> None:
    rows = [named(f"crm/{i}", email="balie@hof.nl", surname="vries") for i in range(4)]
    _, groups = grouped(rows, cap=3)
    assert groups == set()
    _, one = grouped([*rows[:3], named("crm/9", **ANNA), named("web/9", **ANNA)], cap=1)
    assert one == {frozenset({"crm/9", "web/9"})}


def test_a_value_that_crosses_its_cap_withdraws_its_edges_and_reopens_who_held_it() -> None:
    rows = [named(f"crm/{i}", email="balie@hof.nl") for i in range(4)]
    run = linked(rows[:3], cap=3)
    assert regrouped(run, None, cap=3) == {frozenset({"crm/0", "crm/1", "crm/2"})}

    scope = deliver(run, rows, {"crm/3"}, cap=3)

    assert scope.to_pylist() == ["crm/0", "crm/1", "crm/2", "crm/3"]
    assert regrouped(run, scope, cap=3) == set()
    assert deliver(run, rows, set(), cap=3).to_pylist() == []


def test_decisions_go_before_keys_and_scores() -> None:
    rows = [named("crm/1", **ANNA), named("crm/2", **BERT), named("web/1", **ANNA)]
    run, groups = grouped(rows, together=decided(("crm/1", "crm/2")), apart=decided(("crm/1", "web/1")))

    assert groups == {frozenset({"crm/1", "crm/2"})}
    verdicts = run.rows(
        "select first_record_id, record_id, verdict from identity.group_verdicts order by all"
    )
    assert ("crm/1", "crm/2", "joined") in verdicts
    assert ("crm/1", "web/1", "decision") in verdicts


def test_the_account_tells_what_each_rule_found_withdrew_and_linked() -> None:
    run, _ = grouped([named("crm/1", **ANNA), named("web/1", **ANNA), named("crm/2", **BERT)])
    assert run.rows("from unification_account where n_records > 0 or n_edges > 0 order by rule") == [
        ("email", 3, 1, 0, 1),
        ("model", 0, 0, 0, 1),
    ]


def test_every_edge_has_its_rule_and_the_bits_of_each_comparison() -> None:
    run, _ = grouped([named("crm/1", **ANNA), named("web/1", email="thuis@hof.nl")])
    assert run.rows("select rule, weight, email, birth_date from identity.match_edges order by rule") == [
        ("email", 6.0, 10.0, None),
        ("model", -4.0, 10.0, None),
    ]


@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(rows: Rows, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of Hypothesis
    (one, groups), (other, same) = grouped(rows), grouped(shuffled)
    assert groups == same
    for table in KEPT_TABLES:
        found = f"from identity.{table} order by all"
        assert one.rows(found) == other.rows(found)


@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS, ROWS, PAIRS)
def test_grouping_what_is_touched_gives_what_grouping_all_gives(
    before: Rows, after: Rows, pairs: list[tuple[int, int]]
) -> None:
    """Records are added, changed and deleted between two nights."""
    old = {str(row["record_id"]): row for row in before}
    new = {str(row["record_id"]): row for row in after}
    together = decided(*[(f"crm/{a}", f"crm/{b}") for a, b in pairs])
    touched = {record for record in old | new if old.get(record) != new.get(record)}
    run = linked(before, cap=3)
    regrouped(run, None, together=together, cap=3)
    scope = deliver(run, after, touched, together=together, cap=3)
    regrouped(run, scope, together=together, cap=3)

    whole, _ = grouped(after, together=together, cap=3)
    for table in KEPT_TABLES:
        found = f"from identity.{table} order by all"
        assert run.rows(found) == whole.rows(found), table
    assert run.rows("from unification_account") == whole.rows("from unification_account")
