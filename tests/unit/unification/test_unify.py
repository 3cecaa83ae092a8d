from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import ConfigurationError
from klantprofiel.unification import Unified, unify
from klantprofiel.warehouse import Warehouse
from tests.spec.ascii import fill, given, given_rows, read

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run

NIGHT = date(2026, 9, 1)
NEXT_NIGHT = date(2026, 9, 2)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


def unified(warehouse: Warehouse, emails: dict[str, str], *, as_of: date = NIGHT) -> Unified:
    """Publish a run in which each record has the e-mail address of a name."""
    rows = [{"record_id": record, "email": f"{name}@voorbeeld.nl"} for record, name in emails.items()]
    with warehouse.run("nightly", as_of=as_of) as run:
        fill(run, {"identity.customers": rows})
        return unify(run)


def registry(warehouse: Warehouse) -> dict[str, str]:
    with warehouse.run("look", as_of=NEXT_NIGHT) as run:
        return dict(run.rows("select record_id, customer_id from identity.customer_records order by all"))


def events(warehouse: Warehouse, as_of: date) -> list[tuple[str, str, str | None, int]]:
    columns = "customer_id, event, other_id, n_records"
    with warehouse.run("look", as_of=NEXT_NIGHT) as run:
        return run.rows(
            f"select {columns} from customer_events where as_of = $as_of order by all", as_of=as_of
        )


def test_ids_are_given_in_the_order_of_the_records(warehouse: Warehouse) -> None:
    unified(warehouse, {"web/2": "anna", "crm/1": "bert", "crm/3": "anna"})

    assert registry(warehouse) == {"crm/1": "K-000001", "crm/3": "K-000002", "web/2": "K-000002"}
    assert events(warehouse, NIGHT) == [("K-000001", "created", None, 1), ("K-000002", "created", None, 2)]


def test_the_same_records_again_keep_their_ids_and_nothing_happens(warehouse: Warehouse) -> None:
    records = {"crm/1": "anna", "crm/2": "bert"}
    unified(warehouse, records)
    before = registry(warehouse)

    again = unified(warehouse, records, as_of=NEXT_NIGHT)

    assert registry(warehouse) == before
    assert events(warehouse, NEXT_NIGHT) == []
    assert dict(again.n_events) == {"created": 0, "grown": 0, "merged": 0, "split": 0}


def test_a_new_record_in_front_of_all_others_moves_no_id(warehouse: Warehouse) -> None:
    unified(warehouse, {"crm/5": "anna", "crm/6": "bert"})
    unified(warehouse, {"crm/1": "carla", "crm/5": "anna", "crm/6": "bert"}, as_of=NEXT_NIGHT)

    assert registry(warehouse) == {"crm/1": "K-000003", "crm/5": "K-000001", "crm/6": "K-000002"}


def test_customers_found_to_be_one_go_on_as_the_oldest_and_the_other_says_where_it_went(
    warehouse: Warehouse,
) -> None:
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"})
    unified(warehouse, {"crm/1": "anna", "crm/2": "anna"}, as_of=NEXT_NIGHT)

    assert registry(warehouse) == {"crm/1": "K-000001", "crm/2": "K-000001"}
    assert events(warehouse, NEXT_NIGHT) == [
        ("K-000001", "grown", None, 2),
        ("K-000002", "merged", "K-000001", 0),
    ]


def test_an_id_that_was_merged_away_comes_back_to_its_own_records_only(warehouse: Warehouse) -> None:
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"})
    unified(warehouse, {"crm/1": "anna", "crm/2": "anna"})
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"}, as_of=NEXT_NIGHT)

    assert registry(warehouse) == {"crm/1": "K-000001", "crm/2": "K-000002"}
    assert events(warehouse, NEXT_NIGHT) == [("K-000002", "split", "K-000001", 1)]
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert", "crm/3": "chris"})
    assert registry(warehouse)["crm/3"] == "K-000003"


def test_an_id_that_a_rollback_took_back_is_never_given_again(warehouse: Warehouse) -> None:
    unified(warehouse, {"crm/1": "anna"})
    first = warehouse.current()
    assert first is not None
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"})
    warehouse.rollback(first)
    unified(warehouse, {"crm/1": "anna", "crm/3": "carla"}, as_of=NEXT_NIGHT)

    assert registry(warehouse) == {"crm/1": "K-000001", "crm/3": "K-000003"}


def test_people_of_two_birth_dates_are_not_one_by_a_third_record_between_them() -> None:
    run = given(
        {
            "identity.customers": """
            | record_id | email             | loyalty_number | birth_date |
            | crm/1     | anna@voorbeeld.nl |                | 1991-01-01 |
            | crm/2     | anna@voorbeeld.nl | 1077           |            |
            | crm/3     |                   | 1077           | 1964-01-01 |
            """
        }
    )
    unify(run)

    customers = dict(run.rows("select record_id, customer_id from identity.customer_records"))
    assert customers["crm/1"] != customers["crm/3"]


def test_a_record_without_birth_date_joins_the_one_person_it_knows() -> None:
    run = given(
        {
            "identity.customers": """
            | record_id | email             | loyalty_number | birth_date |
            | crm/1     | anna@voorbeeld.nl |                |            |
            | crm/2     | anna@voorbeeld.nl | 1077           | 1991-01-01 |
            | crm/3     |                   | 1077           | 1991-01-01 |
            """
        }
    )
    assert unify(run).n_customers == 1


def test_a_record_that_is_away_for_a_night_comes_back_to_its_customer(warehouse: Warehouse) -> None:
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"})
    tonight = unified(warehouse, {"crm/1": "anna"})
    unified(warehouse, {"crm/1": "anna", "crm/2": "bert"}, as_of=NEXT_NIGHT)

    assert (tonight.n_customers, tonight.n_records) == (1, 1)
    assert registry(warehouse) == {"crm/1": "K-000001", "crm/2": "K-000002"}
    assert events(warehouse, NEXT_NIGHT) == []


def test_a_record_that_is_away_follows_its_customer_into_another(warehouse: Warehouse) -> None:
    unified(warehouse, {"crm/1": "anna", "crm/2": "anna", "crm/3": "bert", "crm/4": "bert"})
    unified(warehouse, {"crm/1": "anna", "crm/2": "anna", "crm/3": "anna"}, as_of=NEXT_NIGHT)

    assert registry(warehouse)["crm/4"] == "K-000001"


def test_one_customer_per_record_when_nothing_is_known_of_anyone(warehouse: Warehouse) -> None:
    result = unified(warehouse, {"crm/1": "info", "crm/2": "info"})

    assert (result.n_customers, result.n_records) == (2, 2)


def test_no_records_make_no_customers(warehouse: Warehouse) -> None:
    result = unified(warehouse, {})

    assert (result.n_customers, result.n_records) == (0, 0)


def test_the_cap_is_an_argument() -> None:
    customers = read("""
    | record_id | email              |
    | crm/1     | team1@voorbeeld.nl |
    | crm/2     | team1@voorbeeld.nl |
    | crm/3     | team1@voorbeeld.nl |
    """)

    def n_customers(cap: int) -> int:
        run = given()
        fill(run, {"identity.customers": customers})
        return unify(run, cap=cap).n_customers

    assert (n_customers(2), n_customers(3)) == (3, 1)


def test_the_result_tells_in_dutch_what_each_key_linked(warehouse: Warehouse) -> None:
    result = unified(warehouse, {"crm/1": "anna", "web/1": "anna", "web/2": "bert"})

    assert repr(result).splitlines()[0] == "Samengevoegde klanten"
    assert result.summary()["facts"]["Klanten"] == 2
    assert ("E-mailadres", 3, 2, 0, 1) in result.summary()["tables"][0]["rows"]


def test_unify_before_validate_says_what_to_do() -> None:
    run = given()
    run._connection.execute("drop table identity.customers")  # noqa: SLF001  as if never validated

    with pytest.raises(ConfigurationError, match="validate"):
        unify(run)


def test_no_direct_identifier_leaves_the_identity_half() -> None:
    run: Run = given()
    fill(
        run,
        {
            "identity.customers": read("""
            | record_id | email             | phone       | surname  | street | house_number | birth_date |
            | crm/1881  | anna@voorbeeld.nl | 06 21345678 | de Vries | Plein  | 17           | 1980-03-04 |
            """)
        },
    )
    unify(run)
    names = [name for name in run._names() if not name.startswith("identity.") and name != "catalog"]  # noqa: SLF001
    texts = {name: str(run.rows(f"from {name}")) for name in names}

    for secret in ("1881", "anna", "21345678", "Vries", "Plein", "'17'", "03-04"):
        assert [name for name, text in texts.items() if secret in text] == []


def test_free_text_in_a_code_column_does_not_leave_the_identity_half() -> None:
    run: Run = given(
        {
            "identity.customers": """
            | record_id | household_size | age_band   | country       | registered_on | updated_on |
            | crm/1     | bij mw. Jansen | 0612345678 | bij de buren  | 2020-05-17    | 2024-11-23 |
            | crm/2     | 5+             | 45-54      | NL            |               |            |
            """
        }
    )
    unify(run)

    columns = "household_size, age_band, country, registered_on, updated_on"
    assert run.rows(f"select {columns} from masked_golden_record order by customer_id") == [
        ("***", "***", "***", "2020-05", "2024-11"),
        ("5+", "45-54", "NL", None, None),
    ]
    texts = str(run.rows("from provenance")) + str(run.rows("from provenance_counts"))
    assert [secret for secret in ("Jansen", "0612", "buren", "05-17", "11-23") if secret in texts] == []


def test_every_surviving_email_has_its_standard_value_and_use() -> None:
    run: Run = given(
        {
            "identity.customers": """
            | record_id | email             |
            | crm/1     | Info@Bakker.nl    |
            | crm/2     | anna@voorbeeld.nl |
            | crm/3     | noreply@hof.nl    |
            | crm/4     | geen              |
            | crm/5     | geen adres        |
            """
        }
    )
    unify(run)

    assert run.rows(
        """
        select distinct claims.email, emails.use
        from identity.survivorship as claims
        left join identity.standard_values as emails
            on emails.kind = 'email' and emails.standard = claims.email
        where claims.email is not null order by all
        """
    ) == [("anna@voorbeeld.nl", "key"), ("info@bakker.nl", "shared")]


def test_a_source_that_says_nothing_of_anyone_stays_unlinked_and_is_reported() -> None:
    run = given(
        {
            "identity.customers": """
            | record_id | email             |
            | crm/1     | anna@voorbeeld.nl |
            | kassa/1   |                   |
            | kassa/2   |                   |
            """
        }
    )
    result = unify(run)

    assert result.n_customers == 3
    assert any(note.startswith("Bron kassa: geen van de 2 nummers") for note in result.notes)


def test_a_key_of_ten_thousand_records_links_nobody() -> None:
    people = [
        {
            "record_id": f"crm/{n}",
            "email": "allen@voorbeeld.nl",
            "birth_date": f"19{10 + n % 90}-01-{1 + n % 28:02}",
        }
        for n in range(10_000)
    ]
    run = given_rows({"identity.customers": people})
    result = unify(run)

    assert result.n_customers == 10_000
    assert ("allen@voorbeeld.nl", "frequency", 10_000) in run.rows(
        "select standard, found_by, n_records from identity.placeholder_values"
    )
