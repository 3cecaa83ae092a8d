"""The contact centre and the reviews, held against what happened to the customers."""

from __future__ import annotations

from collections import Counter

import numpy as np

from klantprofiel.demo.draws import read_list
from klantprofiel.demo.experiences import LATE, make_experiences
from klantprofiel.demo.review_texts import ASPECTS
from tests.unit.demo.sources import column, kind_of, made, person_of, world

CONTACTS, REVIEWS = "klantcontacten.jsonl", "reviews.jsonl"


def test_about_a_quarter_of_the_online_buyers_has_a_late_order_in_a_year() -> None:
    orders, late = world().orders, make_experiences(world()).late
    year = orders.online & (orders.day >= orders.day.max() - 365)
    n = np.bincount(orders.person[year])
    assert abs(late[orders.online].mean() - LATE) < 0.01
    buyers = np.flatnonzero(n)
    assert 0.08 < (np.bincount(orders.person[year & late], minlength=len(n))[buyers] > 0).mean() < 0.35


def test_who_waits_for_an_order_gets_in_touch() -> None:
    late = make_experiences(world()).late
    about = {int(number[2:]) for number in column(CONTACTS, "bestelnr") if number and number[:2] == "WB"}
    late_orders = set(np.flatnonzero(late))
    assert len(about & late_orders) / len(late_orders) > 0.25
    other = set(np.flatnonzero(world().orders.online & ~late))
    assert len(about & other) / len(other) < 0.12


def test_a_contact_is_about_an_order_of_the_same_person_and_comes_after_it() -> None:
    orders = world().orders
    for number, person in zip(column(CONTACTS, "bestelnr"), person_of(CONTACTS), strict=True):
        if number and person >= 0:
            assert orders.person[int(number.lstrip("WBK"))] == person


def test_most_contacts_have_a_customer_number_but_not_all() -> None:
    known = np.array([number is not None for number in column(CONTACTS, "klantnr")])
    assert 0.55 < known.mean() < 0.95


def test_two_in_three_callers_are_helped_at_once_after_half_a_minute() -> None:
    called = np.array(column(CONTACTS, "kanaal")) == "telefoon"
    assert 0.55 < np.array(column(CONTACTS, "opgelost"))[called].mean() < 0.7
    assert 25 < np.array(column(CONTACTS, "wachttijd_sec"))[called].mean() < 36


def test_complaints_and_unresolved_contacts_are_rated_lower() -> None:
    rows = zip(
        column(CONTACTS, "klacht"), column(CONTACTS, "opgelost"), column(CONTACTS, "moeite"), strict=True
    )
    rated = [(complaint, resolved, effort) for complaint, resolved, effort in rows if effort]
    ease = {key: np.mean([e for c, r, e in rated if (c, r) == key]) for key in {row[:2] for row in rated}}
    assert ease[False, True] > ease[True, True] > ease[True, False]
    assert {effort for _, _, effort in rated} == {1, 2, 3, 4, 5, 6, 7}


def test_nobody_is_asked_at_the_counter() -> None:
    pairs = zip(column(CONTACTS, "kanaal"), column(CONTACTS, "moeite"), strict=True)
    assert {effort for channel, effort in pairs if channel == "winkelbalie"} == {None}


def test_young_people_chat_and_garden_lovers_ring() -> None:
    used = Counter(zip(kind_of(CONTACTS), column(CONTACTS, "kanaal"), strict=True))
    young = {channel: used["Jonge stedelingen", channel] for channel in ("chat", "telefoon")}
    garden = {channel: used["Tuinliefhebbers", channel] for channel in ("chat", "telefoon")}
    assert young["chat"] > young["telefoon"]
    assert garden["telefoon"] > garden["chat"]


def test_stars_lie_mostly_at_the_top_and_then_at_the_bottom() -> None:
    stars = Counter(column(REVIEWS, "sterren"))
    share = {each: n / stars.total() for each, n in stars.items()}
    assert set(share) == {1, 2, 3, 4, 5}
    assert share[5] > share[4] > share[3]
    assert share[1] + share[2] > 0.6 * share[3]
    assert share[5] > 0.4


def test_a_late_order_costs_stars() -> None:
    order = np.array([int(number[2:]) for number in column(REVIEWS, "bestelnr")])
    late = make_experiences(world()).late[order]
    stars = np.array(column(REVIEWS, "sterren"))
    assert stars[late].mean() < stars[~late].mean() - 0.5


def test_what_is_written_fits_the_stars() -> None:
    listed = read_list("review_sentences")
    kinds = list(zip(listed["part"], listed["tone"], listed["sentence"], strict=True))
    good, poor = (
        [s for part, tone, s in kinds if part == "aspect" and tone == t] for t in ("goed", "slecht")
    )
    for stars, text in zip(column(REVIEWS, "sterren"), column(REVIEWS, "tekst"), strict=True):
        if text and stars > 3:
            assert not any(sentence in text for sentence in poor)
        if text and stars < 3:
            assert not any(sentence in text for sentence in good)
        if text and stars == 3 and not text.islower():
            assert any(sentence in text for sentence in good)
            assert any(sentence in text for sentence in poor)


def test_reviews_are_varied_and_name_the_product() -> None:
    written = [text for text in column(REVIEWS, "tekst") if text]
    assert len(set(written)) > 0.8 * len(written)
    assert not any("{" in text for text in written)
    assert {*listed_aspects()} == {*ASPECTS, ""}
    assert sum(number is None for number in column(REVIEWS, "artikelnr")) < 0.35 * made(REVIEWS).rows.num_rows


def listed_aspects() -> tuple[str, ...]:
    return read_list("review_sentences")["aspect"]


def test_a_review_is_written_days_after_the_order_by_who_placed_it() -> None:
    order = np.array([int(number[2:]) for number in column(REVIEWS, "bestelnr")])
    assert np.array_equal(world().orders.person[order], person_of(REVIEWS, "accountnr"))
    written = np.array([text[:10] for text in column(REVIEWS, "geschreven_op")], "datetime64[D]")
    ordered = np.datetime64("2023-09-03") + world().orders.day[order].astype(np.int64)
    assert (written - ordered).min() >= np.timedelta64(3, "D")
