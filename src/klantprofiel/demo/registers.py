"""The two customer registers as they are delivered: the CRM (CSV, all text) and the web shop (Parquet)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo import variants
from klantprofiel.demo.company import N_DAYS, day_of
from klantprofiel.demo.draws import (
    Flags,
    Ints,
    Texts,
    chance,
    choose,
    date_text,
    join,
    pick,
    read_list,
    stream,
    texts,
    unknown,
    where,
)
from klantprofiel.demo.people import Addresses, make_addresses

if TYPE_CHECKING:
    from klantprofiel.demo.people import People
    from klantprofiel.demo.registrations import Registrations

Frame: TypeAlias = Any  # a pyarrow table; pyarrow ships no types

SLOPPY: Final = 0.06  # share of first registrations typed carelessly; of second ones ten times as many
CHANGED: Final = 0.006  # share of the CRM customers whose record changes on a day
PLACEHOLDERS: Final = 0.012


def crm_customers(people: People, crm: Registrations, seed: int) -> Frame:
    """Return the CRM's customers as text, one row per customer number, before any change."""
    rng = stream(seed, "crm")
    person, n = crm.person, len(crm)
    sloppy = chance(rng, np.where(crm.copy > 0, 10 * SLOPPY, SLOPPY), n)
    prefix, surname = variants.surnames(
        rng, pick(people.prefix, person), pick(people.surname, person), sloppy
    )
    given = pick(people.given_name, person)
    has_landline = chance(rng, 0.3, n)
    landline = pick(people.landline, person)
    phone = where(
        has_landline & landline.is_valid().to_numpy(zero_copy_only=False),
        landline,
        pick(people.mobile, person),
    )
    born = date_text(people.born_on)
    rows = {
        "klantnr": crm.number,
        "voorletters": join(_initial(given), "."),
        "voornaam": _with_placeholder(rng, unknown(given, chance(rng, 0.15, n)), variants.PLACEHOLDER_NAME),
        "tussenvoegsel": prefix,
        "achternaam": surname,
        "geslacht": _sex(rng, people.is_woman[person]),
        "geboortedatum": _with_placeholder(
            rng, unknown(pick(born, person), chance(rng, 0.2, n)), variants.PLACEHOLDER_BIRTH_DATE
        ),
        "e-mail": _crm_email(rng, people, crm, sloppy),
        "telefoon": _with_placeholder(
            rng, unknown(variants.phones(rng, phone), chance(rng, 0.22, n)), variants.PLACEHOLDER_PHONE
        ),
        "klantenkaart": unknown(pick(people.card, person), (crm.copy > 0) & chance(rng, 0.5, n)),
        **address_columns(rng, people.addresses, people.household[person]),
        "land": pick(texts(("NL",)), np.zeros(n, np.int64)),
        "gezinsgrootte": unknown(pick(people.household_size, person), chance(rng, 0.3, n)),
        "ingeschreven_op": date_text(day_of(crm.start)),
        "gewijzigd_op": date_text(day_of(_last_change(rng, crm.start))),
    }
    return pa.table(rows)


def changed_customers(people: People, crm: Registrations, customers: Frame, day: int, seed: int) -> Frame:
    """Return the CRM records that changed on a day of the history: moved, or with a new e-mail."""
    rng = stream(seed, f"changes of day {day}")
    existing = np.flatnonzero(crm.start < day)
    rows = np.sort(rng.choice(existing, int(len(existing) * CHANGED), replace=False))
    before, person = customers.take(pa.array(rows)), crm.person[rows]
    moved = chance(rng, 0.5, len(rows))
    new_home = address_columns(rng, make_addresses(rng, people.kind[person]), np.arange(len(rows)))
    after = before
    for header, column in new_home.items():
        after = _replace(after, header, where(moved, column, before[header].combine_chunks()))
    email = where(~moved, pick(people.second_email, person), before["e-mail"].combine_chunks())
    after = _replace(after, "e-mail", email)
    return _replace(after, "gewijzigd_op", date_text(day_of(np.full(len(rows), day))))


def webshop_accounts(people: People, webshop: Registrations, in_crm: Flags, seed: int) -> Frame:
    """Return the web shop's accounts, one row per account number."""
    rng = stream(seed, "webshop")
    person, n = webshop.person, len(webshop)
    sloppy = chance(rng, 2 * SLOPPY, n)
    prefix, surname = variants.surnames(
        rng, pick(people.prefix, person), pick(people.surname, person), sloppy
    )
    other_email = chance(rng, np.where(webshop.copy > 0, 0.8, 0.2), n)
    email = where(other_email, pick(people.second_email, person), pick(people.email, person))
    phone = unknown(variants.phones(rng, pick(people.mobile, person)), chance(rng, 0.4, n))
    rows = {
        "accountnr": webshop.number,
        "e_mail": variants.emails(rng, email, sloppy),
        "telefoon": _with_placeholder(rng, phone, variants.PLACEHOLDER_PHONE),
        "klantenkaart": unknown(
            pick(people.card, person),
            ~in_crm[person] | chance(rng, np.where(webshop.copy > 0, 0.2, 0.45), n),
        ),
        "voornaam": pick(people.given_name, person),
        "tussenvoegsel": prefix,
        "achternaam": surname,
        **address_columns(rng, people.addresses, people.household[person]),
        "aangemaakt_op": pa.array(day_of(webshop.start)),
    }
    return pa.table(rows)


def address_columns(rng: np.random.Generator, addresses: Addresses, index: Ints) -> dict[str, Texts]:
    """Return the addresses at `index` as the columns that both registers deliver."""
    places = texts(read_list("municipalities")["place"])
    at = addresses.at(index)
    return {
        "straat": at.street,
        "huisnummer": at.number,
        "toevoeging": at.addition,
        "postcode": variants.postal_codes(rng, at.postal_code),
        "plaats": pick(places, at.place),
    }


def _crm_email(rng: np.random.Generator, people: People, crm: Registrations, sloppy: Flags) -> Texts:
    n = len(crm)
    other = (crm.copy > 0) & chance(rng, 0.3, n)
    email = where(other, pick(people.second_email, crm.person), pick(people.email, crm.person))
    written = unknown(variants.emails(rng, email, sloppy), chance(rng, 0.17, n))
    instead = pick(texts(variants.PLACEHOLDER_EMAILS), choose(rng, np.array([6, 3, 1.0]), n))
    return where(chance(rng, PLACEHOLDERS, n), instead, written)


def _with_placeholder(rng: np.random.Generator, column: Texts, placeholder: str) -> Texts:
    return where(chance(rng, PLACEHOLDERS, len(column)), placeholder, column)


def _sex(rng: np.random.Generator, is_woman: Flags) -> Texts:
    code = choose(rng, np.array([0.935, 0.06, 0.005]), len(is_woman))
    return pick(texts(("M", "V", "", "X")), np.where(code > 0, code + 1, is_woman))


def _initial(given: Texts) -> Texts:
    return pc.utf8_slice_codeunits(given, 0, 1)


def _last_change(rng: np.random.Generator, start: Ints) -> Ints:
    """Return the day of the last change; it is the day of registration for seven in ten."""
    later = start + np.floor((N_DAYS - 3 - start) * rng.random(len(start))).astype(np.int64)
    return np.where(chance(rng, 0.7, len(start)), start, np.maximum(start, later))


def _replace(table: Frame, header: str, column: Texts) -> Frame:
    return table.set_column(table.column_names.index(header), header, column)
