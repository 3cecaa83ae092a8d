"""experience_measures: how customers as a whole fared in a year, in all, per channel and per subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles.experience import (
    SERVICE,
    make_experience_measures,
    mean_of,
    net_promoter_score,
    share_of,
)
from tests.spec.ascii import given_rows, shown, table
from tests.spec.surveys import CARELESS, put_survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from klantprofiel.warehouse import Run

NO_ANSWERS = "| customer_id | wave | item_id | answered_on | answer |"
ORDERS = {"customer_id": "K-000001", "booked_on": "2026-09-01", "n_orders": 400}
ORDERS_BEFORE = {"customer_id": "K-000001", "booked_on": "2025-09-30", "n_orders": 100_000}


def contact(customer: int, **values: object) -> dict[str, object]:
    """Return a contact of one customer, at noon of 1 September 2026 unless told otherwise."""
    return {"record_id": f"crm/{customer}", "contacted_at": "2026-09-01 12:00:00", **values}


def measured(
    contacts: Iterable[Mapping[str, object]], *, answers: str = NO_ANSWERS, careless: str = CARELESS
) -> Run:
    """Make the measures of forty customers as of 30 September 2026."""
    rows = [{"contact_id": f"C{number:03}", **row} for number, row in enumerate(contacts)]
    columns = {name for row in rows for name in row}
    customers = [f"K-{number:06}" for number in range(1, 41)]
    run = given_rows(
        {
            "identity.contacts": [{name: row.get(name) for name in sorted(columns)} for row in rows],
            "identity.customer_records": [
                {"record_id": f"crm/{number}", "customer_id": customer, "source": "crm"}
                for number, customer in enumerate(customers, start=1)
            ],
            "customers": [{"customer_id": customer} for customer in customers],
            "purchase_days": [ORDERS, ORDERS_BEFORE],
        }
    )
    put_survey(run, answers, careless=careless)
    for facts in SERVICE.facts:
        run.make(facts.statement(), types=facts.types)
    SERVICE.make_in(run)
    make_experience_measures(run)
    return run


def answers_of(scores: Iterable[int], *, wave: str = "2026-K3", on: str = "2026-08-10") -> str:
    """Return answers to the NPS question, each of the next customer."""
    lines = [f"| K-{n:06} | {wave} | Q1 | {on} | {score} |" for n, score in enumerate(scores, start=1)]
    return "\n".join([NO_ANSWERS, *lines])


def figures(run: Run, measure: str, dimension: str = "total") -> dict[str, tuple[object, ...]]:
    """Return n, value, lower and upper per category of one measure."""
    rows = run.rows(
        "select category, n, value, lower, upper from experience_measures "
        "where measure = $measure and dimension = $dimension",
        measure=measure,
        dimension=dimension,
    )
    return {category: tuple(values) for category, *values in rows}


def test_waiting_and_complaints_are_shown_with_what_they_rest_on() -> None:
    contacts = [
        contact(n, waiting_seconds=10 * n, is_complaint=n <= 10, channel="phone", subject="retour")
        for n in range(1, 13)
    ]
    run = measured(contacts)
    then = """
    | measure                    | dimension | category | n   | n_customers | value | lower |
    | complaints_per_1000_orders | channel   | phone    | 400 | 10          | 25.0  |       |
    | complaints_per_1000_orders | subject   | retour   | 400 | 10          | 25.0  |       |
    | complaints_per_1000_orders | total     | total    | 400 | 10          | 25.0  |       |
    | waiting_median_seconds     | channel   | phone    | 12  | 12          | 65.0  |       |
    | waiting_median_seconds     | subject   | retour   | 12  | 12          | 65.0  |       |
    | waiting_median_seconds     | total     | total    | 12  | 12          | 65.0  |       |
    | waiting_p90_seconds        | channel   | phone    | 12  | 12          | 110.0 |       |
    | waiting_p90_seconds        | subject   | retour   | 12  | 12          | 110.0 |       |
    | waiting_p90_seconds        | total     | total    | 12  | 12          | 110.0 |       |
    """
    assert shown(run, "experience_measures", then) == table(then)


def test_nine_of_ten_waiting_times_do_not_exceed_the_p90() -> None:
    run = measured([contact(n, waiting_seconds=10 * n) for n in range(1, 11)])
    assert figures(run, "waiting_p90_seconds")["total"][1] == 90.0
    assert figures(run, "waiting_median_seconds")["total"][1] == 55.0


def test_answers_and_resolution_have_the_intervals_of_their_estimates() -> None:
    contacts = [
        contact(n, satisfaction=1 + n % 5, ease=1 + n % 7, is_resolved=n % 3 > 0) for n in range(1, 36)
    ]
    run = measured(contacts)
    csat, resolution = share_of(14, 35), share_of(24, 35)
    effort = mean_of(dict.fromkeys(range(1, 8), 5))
    assert csat is not None
    assert resolution is not None
    assert effort is not None
    assert figures(run, "csat_share") == {"total": (35, csat.value, csat.lower, csat.upper)}
    assert figures(run, "ces") == {"total": (35, effort.value, effort.lower, effort.upper)}
    assert figures(run, "first_contact_resolution_share") == {
        "total": (35, resolution.value, resolution.lower, resolution.upper)
    }
    assert figures(run, "csat_share", "channel") == {}


def test_the_nps_is_of_the_last_careful_answer_of_each_customer() -> None:
    before = answers_of([0] * 20, wave="2026-K1", on="2026-02-10")
    late = answers_of([10] * 11 + [7] * 5 + [3] * 4).partition("\n")[2]
    long_ago = "| K-000030 | 2025-K3 | Q1 | 2025-09-30 | 10 |"
    careless = f"{CARELESS}\n| K-000001 | onderzoek | s | 2026-K3 | true |"
    promoters = net_promoter_score(promoters=11, passives=5, detractors=4)
    one_less = net_promoter_score(promoters=10, passives=5, detractors=5)
    for quality, found in ((CARELESS, promoters), (careless, one_less)):
        run = measured([], answers=f"{before}\n{late}\n{long_ago}", careless=quality)
        assert found is not None
        assert figures(run, "nps") == {"total": (20, found.value, found.lower, found.upper)}


def test_the_nps_of_a_channel_is_that_of_customers_who_used_it_most() -> None:
    contacts = [contact(n, channel="phone" if n <= 12 else "chat") for n in range(1, 25)]
    run = measured(contacts, answers=answers_of([10] * 12 + [0] * 12 + [7] * 10))
    per_channel = {name: (n, value) for name, (n, value, *_) in figures(run, "nps", "channel").items()}
    assert per_channel == {"chat": (12, -100.0), "phone": (12, 100.0)}
    assert figures(run, "nps")["total"][:2] == (34, 0.0)


def test_contacts_of_more_than_a_year_ago_do_not_count() -> None:
    days = ("2025-09-30 23:59:59", "2025-10-01 00:00:00", "2026-09-30 23:59:59", "2026-10-01 00:00:00")
    contacts = [contact(n, waiting_seconds=1, contacted_at=day) for n in range(1, 13) for day in days]
    assert figures(measured(contacts), "waiting_median_seconds")["total"][0] == 24


def test_a_few_customers_are_withheld_and_so_is_the_cell_that_would_tell_of_them() -> None:
    many = [contact(n, channel="phone", waiting_seconds=n) for n in range(1, 31)]
    some = [contact(n, channel="chat", waiting_seconds=n) for n in range(1, 13)]
    few = [contact(n, channel="email", waiting_seconds=n) for n in range(1, 10)]
    again = [contact(1, channel="email", waiting_seconds=n) for n in range(1, 10)]
    run = measured([*many, *some, *few, *again])
    found = run.rows(
        "select category, n, n_customers, value from experience_measures "
        "where measure = 'waiting_median_seconds' and dimension = 'channel' order by category"
    )
    assert found == [("chat", None, None, None), ("email", None, None, None), ("phone", 30, 30, 15.5)]


def test_where_nothing_was_observed_there_is_no_row() -> None:
    assert measured([]).rows("select count(*) from experience_measures") == [(0,)]
