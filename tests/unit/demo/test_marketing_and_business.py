"""Promises, subscriptions, campaigns and companies, held against what was planted."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal

import numpy as np

from klantprofiel.demo.campaigns import CAMPAIGNS
from klantprofiel.demo.consents import make_consents
from klantprofiel.demo.promises import PREFERRED
from klantprofiel.demo.subscriptions import PLANS
from tests.unit.demo.sources import column, kind_of, made, world

PROMISES, SUBSCRIPTIONS, CAMPAIGN = "toezeggingen.csv", "abonnementen.csv", "campagnes.csv"
COMPANIES, COMPANY_ORDERS = "zakelijke_klanten.csv", "zakelijke_bestellingen.csv"


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M:%S")  # noqa: DTZ007 - on the clock of the shop


def test_half_of_the_promises_to_ring_back_is_kept() -> None:
    rows = zip(column(PROMISES, "onderwerp"), column(PROMISES, "nagekomen"), strict=True)
    kept = [kept == "ja" for subject, kept in rows if subject == "terugbellen" and kept]
    assert 0.48 < np.mean(kept) < 0.62


def test_a_promise_comes_open_first_and_again_once_it_turned_out() -> None:
    seen: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    rows = zip(column(PROMISES, "nummer"), made(PROMISES).day, column(PROMISES, "nagekomen"), strict=True)
    for number, delivery, kept in rows:
        seen[number].append((int(delivery), kept))
    promises = {number: sorted(days) for number, days in seen.items() if number.startswith("T")}
    twice = [days for days in promises.values() if len(days) > 1]
    assert twice
    assert all(first[1] is None and second[1] for first, second in twice)
    assert all(len(days) == 1 for number, days in seen.items() if number.startswith("V"))


def test_every_promise_has_a_term_and_no_preference_has() -> None:
    rows = zip(column(PROMISES, "soort"), column(PROMISES, "toegezegd_voor"), strict=True)
    assert {(kind, due is not None) for kind, due in rows} == {("toezegging", True), ("voorkeur", False)}


def test_every_preference_has_a_word_beside_its_text_and_no_promise_has() -> None:
    words = {word for wishes in PREFERRED.values() for word in wishes.values()}
    rows = list(zip(column(PROMISES, "soort"), column(PROMISES, "voorkeur"), strict=True))
    assert {word for kind, word in rows if kind == "voorkeur"} == words
    assert {word for kind, word in rows if kind == "toezegging"} == {None}


def test_subscriptions_follow_the_planted_kinds() -> None:
    taken = Counter(zip(kind_of(SUBSCRIPTIONS), column(SUBSCRIPTIONS, "artikelnr"), strict=True))
    by_kind = {plan.number: {kind: n for (kind, p), n in taken.items() if p == plan.number} for plan in PLANS}
    assert max(by_kind["B90003"], key=lambda kind: by_kind["B90003"][kind]) == "Klussers"
    assert max(by_kind["B90004"], key=lambda kind: by_kind["B90004"][kind]) == "Drukke gezinnen"
    assert set(column(SUBSCRIPTIONS, "artikelnr")) == set(column("abonnementsvormen.csv", "artikelnr"))


def test_a_subscription_ends_after_it_began() -> None:
    for begun, ended in zip(
        column(SUBSCRIPTIONS, "begonnen_op"), column(SUBSCRIPTIONS, "beeindigd_op"), strict=True
    ):
        assert ended is None or moment(f"{ended} 00:00:00") > moment(f"{begun} 00:00:00")
    ended = [text is not None for text in column(SUBSCRIPTIONS, "beeindigd_op")]
    assert 0.2 < np.mean(ended) < 0.7


def test_nobody_is_mailed_or_rung_without_a_consent_of_that_day() -> None:
    said: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    consents = make_consents(world()).rows
    for row in consents.select(["klantnr", "doel", "verklaring", "vastgelegd_op"]).to_pylist():
        said[row["klantnr"], row["doel"]].append((moment(row["vastgelegd_op"]), row["verklaring"]))
    purpose = {"e-mail": "nieuwsbrief", "telefoon": "belactie", "post": "catalogus"}
    rows = zip(*(column(CAMPAIGN, h) for h in ("klantnr", "kanaal", "benaderd_op")), strict=True)
    for number, channel, reached in rows:
        day = moment(reached).replace(hour=0, minute=0, second=0)
        last = sorted((at, what) for at, what in said[number, purpose[channel]] if at < day)
        assert last[-1:] == [] if channel == "post" else last[-1][1] == "gegeven"
        assert not [at for at, _ in said[number, "direct marketing"] if at < day]


def test_a_third_of_the_e_mails_is_opened_and_bargain_hunters_redeem_most() -> None:
    rows = list(zip(kind_of(CAMPAIGN), column(CAMPAIGN, "kanaal"), column(CAMPAIGN, "reactie"), strict=True))
    mailed = [reaction for _, channel, reaction in rows if channel == "e-mail"]
    assert 0.28 < np.mean([reaction != "geen" for reaction in mailed]) < 0.45
    assert 0.05 < np.mean([reaction in {"geklikt", "verzilverd"} for reaction in mailed]) < 0.16
    redeemed: dict[str, list[bool]] = defaultdict(list)
    for kind, channel, reaction in rows:
        if channel == "e-mail":
            redeemed[kind].append(reaction in {"geklikt", "verzilverd"})
    assert max(redeemed, key=lambda kind: np.mean(redeemed[kind])) == "Koopjesjagers"


def test_every_campaign_reaches_somebody_once() -> None:
    assert set(column(CAMPAIGN, "campagne")) == {campaign.name for campaign in CAMPAIGNS}


def test_no_number_of_a_company_could_be_a_citizen_service_number() -> None:
    for kvk, vat in zip(column(COMPANIES, "kvk_nummer"), column(COMPANIES, "btw_nummer"), strict=True):
        assert (len(kvk), len(vat)) == (8, 14)
        assert not passes_eleven_test(kvk)
        assert not passes_eleven_test(vat[2:11])
    assert len(set(column(COMPANIES, "kvk_nummer"))) == made(COMPANIES).rows.num_rows


def passes_eleven_test(number: str) -> bool:
    figures = [int(figure) for figure in number.zfill(9)]
    return (
        sum(figure * weight for figure, weight in zip(figures, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
        % 11
        == 0
    )


def test_companies_can_be_mailed_by_nobody_and_are_no_customer_of_the_crm() -> None:
    assert all(email.endswith("@zakelijk.example") for email in column(COMPANIES, "e_mail"))
    assert not set(column(COMPANIES, "klantnr")) & set(world().crm.number.to_pylist())


def test_companies_order_what_exists_in_larger_numbers() -> None:
    assert set(column(COMPANY_ORDERS, "klantnr")) <= set(column(COMPANIES, "klantnr"))
    numbers = np.array([int(text) for text in column(COMPANY_ORDERS, "aantal")])
    assert numbers.mean() > 5
    assert all(Decimal(text.replace(",", ".")) > 0 for text in column(COMPANY_ORDERS, "bedrag_excl_btw"))
