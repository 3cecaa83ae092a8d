"""The theme `service_experience` against plain Python, on many customers drawn at random."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING

import pytest

from klantprofiel.profiles.experience import SERVICE
from tests.spec.ascii import AS_OF, given_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.warehouse import Run

N_CUSTOMERS = 300
YEAR = timedelta(days=365)
FIRST_DAY = datetime(2025, 6, 1)  # noqa: DTZ001  stored moments are UTC without a zone


@dataclass(frozen=True)
class Contact:
    at: datetime
    channel: str | None
    subject: str | None
    is_complaint: bool | None
    is_resolved: bool | None
    waiting: int | None
    ease: int | None
    satisfaction: int | None

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def is_recent(self) -> bool:
        return self.on > AS_OF - YEAR


def drawn(rng: random.Random) -> list[Contact]:
    """Draw the contacts of one customer, at moments that differ."""
    seconds = rng.sample(range(500 * 86_400), rng.randrange(9))
    return [
        Contact(
            at=FIRST_DAY + timedelta(seconds=second),
            channel=rng.choice(("phone", "chat", None)),
            subject=rng.choice(("retour", "levering", None)),
            is_complaint=rng.choice((True, False, None)),
            is_resolved=rng.choice((True, False, None)),
            waiting=rng.choice((None, rng.randrange(900))),
            ease=rng.choice((None, rng.randint(1, 7))),
            satisfaction=rng.choice((None, rng.randint(1, 5))),
        )
        for second in sorted(seconds)
    ]


def village(contacts: Sequence[Sequence[Contact]], order: random.Random) -> Run:
    """Return the run with the theme made; the contacts stand in any order."""
    rows = [
        {
            "record_id": f"crm/{customer}",
            "contact_id": f"C{customer}-{number}",
            "contacted_at": contact.at,
            "channel": contact.channel,
            "subject": contact.subject,
            "is_complaint": contact.is_complaint,
            "is_resolved": contact.is_resolved,
            "waiting_seconds": contact.waiting,
            "ease": contact.ease,
            "satisfaction": contact.satisfaction,
        }
        for customer, each in enumerate(contacts)
        for number, contact in enumerate(each)
    ]
    order.shuffle(rows)
    ids = [f"K-{customer:06}" for customer in range(len(contacts))]
    run = given_rows(
        {
            "identity.contacts": rows,
            "identity.customer_records": [
                {"record_id": f"crm/{number}", "customer_id": customer, "source": "crm"}
                for number, customer in enumerate(ids)
            ],
            "customers": [{"customer_id": customer} for customer in ids],
        }
    )
    for facts in SERVICE.facts:
        run.make(facts.statement(), types=facts.types)
    SERVICE.make_in(run)
    return run


def expected(contacts: Sequence[Contact]) -> tuple[object, ...]:
    """Return what the theme should hold of one customer, in the order of its variables."""
    known = [contact for contact in contacts if contact.on <= AS_OF]
    year = [contact for contact in known if contact.is_recent]
    waiting = [contact.waiting for contact in year if contact.waiting is not None]
    satisfaction = [contact.satisfaction for contact in known if contact.satisfaction is not None]
    ease = [contact.ease for contact in known if contact.ease is not None]
    first = [
        contact.is_resolved
        for contact in year
        if contact.is_resolved is not None and not is_repeat(contact, known)
    ]
    complaints = [contact for contact in year if contact.is_complaint]
    return (
        len(year),
        (AS_OF - known[-1].on).days if known else None,
        main_channel(year),
        median(waiting) if waiting else None,
        mean(first) if first else None,
        len(complaints),
        sum(is_open(complaint, known) for complaint in complaints),
        satisfaction[-1] if satisfaction else None,
        mean_or_none([contact.satisfaction for contact in year]),
        ease[-1] if ease else None,
        mean_or_none([contact.ease for contact in year]),
    )


def mean_or_none(answers: Sequence[int | None]) -> float | None:
    given = [answer for answer in answers if answer is not None]
    return mean(given) if given else None


def is_repeat(contact: Contact, among: Sequence[Contact]) -> bool:
    about = [each for each in among if each.subject == contact.subject]
    return any(later is contact and (later.on - before.on).days <= 30 for before, later in pairwise(about))


def is_open(complaint: Contact, among: Sequence[Contact]) -> bool:
    after = [each for each in among if each.subject == complaint.subject and each.at > complaint.at]
    return complaint.is_resolved is False and not any(each.is_resolved for each in after)


def main_channel(year: Sequence[Contact]) -> str | None:
    used = Counter(contact.channel for contact in year if contact.channel)
    last = {contact.channel: contact.on for contact in year}
    ranked = sorted(used, key=lambda channel: (-used[channel], -last[channel].toordinal(), channel))
    return ranked[0] if ranked else None


def test_the_theme_holds_what_plain_python_finds_in_whatever_order_contacts_come() -> None:
    rng = random.Random(5)  # noqa: S311  nothing secret
    contacts = [drawn(rng) for _ in range(N_CUSTOMERS)]
    columns = ", ".join(variable.name for variable in SERVICE.variables)
    query = f"select {columns} from service_experience order by customer_id"
    found = village(contacts, rng).rows(query)
    assert len(found) == N_CUSTOMERS
    for row, each in zip(found, contacts, strict=True):
        assert row == pytest.approx(expected(each), nan_ok=True)
    assert found == village(contacts, rng).rows(query)
