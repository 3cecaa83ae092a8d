from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from klantprofiel.reading.customer import explain, read_customer
from klantprofiel.unification.golden import keep_explanations
from tests.unit.unification.golden.village import golden, touch

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

CUSTOMERS = """
| record_id | given_name | surname  | email             | phone      | batch_id | line_number |
| crm/77    | Anna       | de Vries | anna@voorbeeld.nl | 0612345677 | b1       | 2           |
| web/77    | A.         | Vries    | anna@voorbeeld.nl |            | b2       | 12          |
| web/78    | Bert       | de Vries | bert@voorbeeld.nl | 0612345677 | b2       | 13          |
| crm/80    | Carla      | Smit     |                   |            | b1       | 3           |
"""
OWNERS = {"crm/77": "K-000001", "web/77": "K-000001", "web/78": "K-000002", "crm/80": "K-000003"}


def write(run: Run, table: str, **columns: list[Any]) -> None:
    run.write(table, pa.table(columns), describes="given.", grain="One row per pair.")


@pytest.fixture(scope="module")
def run() -> Run:
    run = golden(CUSTOMERS, OWNERS)
    write(
        run,
        "identity.link_pairs",
        first_record_id=["crm/77", "crm/77"],
        record_id=["web/77", "web/78"],
        email=[9.5, None],
        phone=[None, 3.25],
        given_name=[1.5, -6.0],
        surname=[4.0, 4.0],
        score=[6.0, -1.75],
        p_household=[0.25, 0.9],
    )
    write(run, "identity.key_pairs", first_record_id=["crm/77"], record_id=["web/77"], rule=["email"])
    write(
        run,
        "identity.group_verdicts",
        first_record_id=["crm/77", "crm/77"],
        record_id=["web/77", "web/78"],
        verdict=["kept", "below"],
        weight=[6.0, -1.75],
    )
    write(run, "identity.households", record_id=["crm/77", "web/78"], household_id=["H-000001", "H-000001"])
    write(
        run,
        "link_levels",
        comparison=["email", "given_name", "given_name"],
        level=[1, 2, 0],
        label=["gelijk", "gelijk", "verschillend"],
        u=[0.001, 0.01, 0.9],
        h=[0.001, 0.01, 0.9],
        weight=[9.5, 3.0, -6.0],
    )
    keep_explanations(run)
    return run


def test_a_customer_is_explained_by_a_waterfall_the_rule_and_the_verdict(run: Run) -> None:
    explanation = read_customer(run, "K-000001").explain()

    assert (explanation.is_one, len(explanation.links)) == (True, 1)
    (link,) = explanation.links
    assert link.steps() == [("", -9.0), ("email", 9.5), ("surname", 4.0), ("given_name", 1.5)]
    assert (link.rules, link.verdict, link.is_household) == (("email",), "kept", False)
    text = str(explanation)
    for shown in (
        "Waarom K-000001",
        "zelfde e-mailadres",
        "bijeengehouden",
        "crm.csv",
        "12",
        "E-mailadres",
        "9,5",
    ):
        assert shown in text
    assert "<table" in explanation._repr_html_()


@pytest.mark.parametrize(("one", "other"), [("K-000001", "K-000002"), ("K-000002", "K-000001")])
def test_two_customers_are_explained_by_their_best_pair_whichever_comes_first(
    run: Run, one: str, other: str
) -> None:
    explanation = read_customer(run, one).explain(other)

    assert explanation.customer_ids == (one, other)
    assert (explanation.links[0].score, explanation.links[0].is_household) == (-1.75, True)
    text = str(explanation)
    for shown in ("twee personen", "90,0%", "te weinig overeenkomst", "verschillend", "-6,0", "K-000002/1"):
        assert shown in text


def test_customers_of_whom_no_records_were_alike_are_explained_in_words(run: Run) -> None:
    explanation = explain(run, "K-000001", "K-000003")
    assert explanation.links == ()
    assert "geen paar bronregels" in str(explanation)
    assert "enkele bronregel" in str(explain(run, "K-000003"))


def test_an_explanation_names_no_person(run: Run) -> None:
    told = str(run.rows("from match_explanations")) + "".join(
        str(explain(run, *customers)) for customers in (("K-000001",), ("K-000001", "K-000002"))
    )
    for secret in ("Anna", "anna@", "Vries", "crm/77", "web/78", "12345677"):
        assert secret not in told


def test_a_decision_is_told_by_its_number_and_who_took_it_stays_in_the_ledger() -> None:
    run = golden(CUSTOMERS, OWNERS)
    decision = {
        "decision_id": 4,
        "recorded_at": "2026-10-01T09:30:00",
        "kind": "split",
        "by": "Els",
        "because": "vader en zoon",
        "records": ["crm/77"],
        "others": ["web/78"],
    }
    run.warehouse.ledger.decisions = lambda: [decision]  # type: ignore[method-assign]
    try:
        keep_explanations(run)
    finally:
        run.warehouse.ledger.decisions = list  # type: ignore[method-assign]
    explanation = explain(run, "K-000001", "K-000002")

    assert (explanation.links[0].decision_id, explanation.links[0].decided) == (4, "split")
    assert "Besluit 4" in str(explanation)
    assert "grootboek" in str(explanation)
    assert "vader" not in str(explanation)
    assert not run.has("identity.decided_pairs")


def test_a_release_that_kept_no_links_says_so() -> None:
    assert "bewaart niet" in str(explain(golden(CUSTOMERS, OWNERS), "K-000001"))


def test_renewing_a_touched_customer_gives_what_all_anew_gives(run: Run) -> None:
    before = run.rows("from match_explanations order by all")
    touch(run, {"K-000002", "K-000099"})
    keep_explanations(run)
    assert run.rows("from match_explanations order by all") == before
    touch(run, set(OWNERS.values()))


def test_provenance_of_a_customer_names_file_line_rule_and_losing_values() -> None:
    run = golden(
        """
        | record_id | email             | updated_on | batch_id | line_number |
        | crm/77    | anna@voorbeeld.nl | 2020-01-05 | b1       | 2           |
        | web/77    | a.b@hof.be        | 2025-06-07 | b2       | 12          |
        | web/78    | geen adres        | 2026-06-07 | b2       | 13          |
        """,
        {"crm/77": "K-000001", "web/77": "K-000001", "web/78": "K-000001"},
    )
    email = read_customer(run, "K-000001").provenance("email")

    assert (email.rule, email.source, email.masked) == ("most_recent", "web", "a***@***.be")
    assert (email.row.file_name, email.row.line_number, email.row.known_in) == ("web.csv", 12, "2025-06")
    assert [
        (lost.masked, lost.reason, lost.row.file_name, lost.row.line_number) for lost in email.losing
    ] == [
        ("a***@***.nl", "lost", "crm.csv", 2),
        ("***", "refused", "web.csv", 13),
    ]
    text = str(email)
    for shown in ("laatst bekend", "web.csv", "a***@***.nl", "geweigerd"):
        assert shown in text
    assert "<table" in email._repr_html_()
