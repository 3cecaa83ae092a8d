from __future__ import annotations

from datetime import date

import pytest

from klantprofiel.schema import canonical
from klantprofiel.unification.golden import make_golden
from klantprofiel.unification.golden.attributes import attributes, part_of, parts
from klantprofiel.unification.golden.survival import COMPLETENESS, SURVIVAL
from tests.unit.unification.golden.village import column, golden

ONE = {"crm/1": "K-000001", "web/1": "K-000001"}
THREE = {**ONE, "web/2": "K-000001"}


def test_every_part_has_an_order_and_a_reason() -> None:
    assert set(SURVIVAL) == set(parts())
    assert all(survival.because and survival.criteria for survival in SURVIVAL.values())
    assert {part_of(name) for name in attributes()} == set(SURVIVAL)
    assert all(name in canonical.Customers.columns for name in attributes())
    assert {part for part, each in SURVIVAL.items() if "completeness" in each.criteria} == set(COMPLETENESS)


@pytest.mark.parametrize("name", ["email", "phone", "household_size"])
def test_what_changes_survives_as_it_was_last_known_though_a_better_source_says_otherwise(name: str) -> None:
    values = {"email": ("oud@hof.nl", "nieuw@hof.nl"), "phone": ("0612345677", "0687654329")}
    old, new = values.get(name, ("2", "3"))
    run = golden(
        [
            {"record_id": "crm/1", name: old, "updated_on": "2020-01-01"},
            {"record_id": "web/1", name: new, "updated_on": "2026-01-01"},
        ],
        ONE,
    )
    assert run.rows("select rule, source from provenance where attribute = $name", name=name) == [
        ("most_recent", "web")
    ]
    assert [values.get(name) and new.lstrip("0") in column(run, name)[0]] == [
        True if name in values else None
    ]


def test_a_record_that_does_not_say_when_it_changed_is_as_recent_as_its_delivery() -> None:
    run = golden(
        """
        | record_id | email     | updated_on | delivered_on |
        | crm/1     | a@hof.nl  | 2024-01-01 | 2026-09-03   |
        | web/1     | b@hof.nl  |            | 2026-09-01   |
        """,
        ONE,
    )
    assert column(run, "email") == ["b@hof.nl"]


def test_a_birth_date_that_most_records_give_survives_a_typo_of_the_best_source() -> None:
    run = golden(
        """
        | record_id | birth_date |
        | crm/1     | 1980-12-03 |
        | web/1     | 1980-03-12 |
        | web/2     | 1980-03-12 |
        """,
        THREE,
    )
    assert column(run, "birth_date") == [date(1980, 3, 12)]


def test_a_shared_mailbox_survives_only_where_there_is_no_own_address() -> None:
    rows = """
    | record_id | email         | updated_on |
    | crm/1     | anna@hof.nl   | 2020-01-01 |
    | web/1     | info@hof.nl   | 2026-01-01 |
    """
    assert column(golden(rows, ONE), "email") == ["anna@hof.nl"]
    assert column(golden(rows, {"crm/1": "K-000001", "web/1": "K-000002"}), "email") == [
        "anna@hof.nl",
        "info@hof.nl",
    ]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("email", "geen adres", "anna@hof.nl"),
        ("email", "noreply@hof.nl", "anna@hof.nl"),
        ("phone", "12", "+31612345677"),
        ("loyalty_number", "0000000", "L-123"),
        ("surname", "onbekend", "Smit"),
        ("birth_date", "1900-01-01", date(1980, 1, 2)),
    ],
)
def test_what_is_no_value_never_survives(name: str, wrong: str, right: object) -> None:
    run = golden(
        [
            {"record_id": "crm/1", name: wrong, "updated_on": "2026-01-01"},
            {"record_id": "web/1", name: str(right), "updated_on": "2020-01-01"},
            {"record_id": "web/2", name: wrong},
        ],
        {**ONE, "web/2": "K-000002"},
    )
    assert column(run, name) == [right, None]


def test_a_value_that_proved_a_placeholder_by_its_frequency_does_not_survive() -> None:
    run = golden(
        """
        | record_id | email        | birth_date | updated_on |
        | crm/1     | team@hof.nl  | 2018-12-04 | 2026-01-01 |
        | web/1     | anna@hof.nl  | 1980-01-02 | 2020-01-01 |
        """,
        ONE,
    )
    assert column(run, "email") == ["team@hof.nl"]
    run.execute(
        "insert into identity.placeholder_values values "
        "('email', 'team@hof.nl', 'frequency', 90), ('birth_date', '2018-12-04', 'frequency', 90)"
    )
    make_golden(run)
    assert (column(run, "email"), column(run, "birth_date")) == (["anna@hof.nl"], [date(1980, 1, 2)])


def test_people_live_at_their_latest_complete_address() -> None:
    run = golden(
        """
        | record_id | street | house_number | postal_code | place   | updated_on |
        | crm/1     | Plein  | 1            | 1131AB      | Edam    | 2020-01-01 |
        | web/1     | Kade   | 22           | 3511AB      | Utrecht | 2025-01-01 |
        | web/2     |        |              |             | Hoorn   | 2026-01-01 |
        """,
        THREE,
    )
    assert run.rows("select street, house_number, place from identity.golden_record") == [
        ("Kade", "22", "Utrecht")
    ]
