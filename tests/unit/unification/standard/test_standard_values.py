from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from klantprofiel.schema import canonical
from klantprofiel.unification.standard import link_records, standardise
from klantprofiel.unification.standard.standard_values import FORMS
from tests.spec.ascii import given_rows, put

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

EMAILS = st.sampled_from(("A@hof.nl", "a@hof.nl", "info@hof.nl", "geen", None))
SURNAMES = st.sampled_from(("de Vries", "Vries, de", "Vos", None))
RECORDS = st.dictionaries(st.integers(1, 6), st.tuples(EMAILS, SURNAMES), max_size=6)


def rows(records: dict[int, tuple[str | None, str | None]]) -> list[dict[str, object]]:
    return [
        {"record_id": f"crm/{n}", "email": email, "surname": surname}
        for n, (email, surname) in records.items()
    ]


def values(run: Run) -> list[tuple[Any, ...]]:
    return run.rows("from identity.standard_values order by kind, delivered")


def test_every_kind_is_a_column_of_the_canonical_customers() -> None:
    assert set(FORMS) <= set(canonical.Customers.columns)


def test_each_distinct_value_has_its_form_its_parts_and_its_use() -> None:
    run = given_rows({"identity.customers": rows({1: ("Jan+a@hof.nl", "van Dijk-Vos"), 2: ("geen", "x")})})
    standardise(run)
    found = run.rows(
        "select kind, delivered, standard, use, email_user, surname_long, other_surname "
        "from identity.standard_values order by 1, 2"
    )
    assert found == [
        ("email", "Jan+a@hof.nl", "jan+a@hof.nl", "key", "jan", None, None),
        ("email", "geen", None, "missing", None, None, None),
        ("surname", "van Dijk-Vos", "dijk", "key", None, "vandijk", "vos"),
        ("surname", "x", "x", "missing", None, "x", None),
    ]


@settings(max_examples=10)
@cases(RECORDS, RECORDS)
def test_what_is_carried_over_and_kept_up_equals_what_is_read_anew(
    before: dict[int, tuple[str | None, str | None]], after: dict[int, tuple[str | None, str | None]]
) -> None:
    run = given_rows({"identity.customers": rows(before)})
    standardise(run)
    put(run, "identity.touched_records", [{"record_id": f"crm/{n}"} for n in before] or [{"record_id": None}])
    run.make(link_records())
    changed = [n for n in {*before, *after} if before.get(n) != after.get(n)]
    put(run, "identity.customers", rows(after))
    put(
        run, "identity.touched_records", [{"record_id": f"crm/{n}"} for n in changed] or [{"record_id": None}]
    )
    standardise(run)
    anew = given_rows({"identity.customers": rows(after)})
    standardise(anew)
    assert values(run) == values(anew)


def test_read_anew_nothing_of_the_release_before_is_kept() -> None:
    run = given_rows({"identity.customers": rows({1: ("a@hof.nl", "Vos")})})
    standardise(run)
    run.execute("update identity.standard_values set standard = 'otherwise'")
    put(run, "identity.touched_records", [{"record_id": "crm/9"}])
    standardise(run, anew=True)
    assert [standard for _, _, standard, *_ in values(run)] == ["a@hof.nl", "vos"]


def test_values_known_by_other_columns_are_read_anew() -> None:
    run = given_rows({"identity.customers": rows({1: ("a@hof.nl", None)})})
    put(run, "identity.standard_values", [{"kind": "email", "delivered": "a@hof.nl"}])
    standardise(run)
    assert [standard for _, _, standard, *_ in values(run)] == ["a@hof.nl"]


def test_listed_birth_dates_are_placeholders_before_any_training() -> None:
    run = given_rows({"identity.customers": []})
    standardise(run)
    standardise(run)
    listed = run.rows("select found_by from identity.placeholder_values where standard = '1900-01-01'")
    assert listed == [("list",)]
