"""The two customer registers as they are delivered: the CRM (CSV, all text) and the web shop (Parquet)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo import variants
from klantprofiel.demo.changes import FIRST, make_versions
from klantprofiel.demo.company import day_of
from klantprofiel.demo.dated import Dated, Frame, latest
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

if TYPE_CHECKING:
    from klantprofiel.demo.people import Addresses, People
    from klantprofiel.demo.registrations import Registrations
    from klantprofiel.demo.world import World

SLOPPY: Final = 0.06  # share of first registrations typed carelessly; of second ones ten times as many
PARTNERS_NAME: Final = (0.14, 0.02)  # share of women and of men with a partner who give that name too
PLACEHOLDERS: Final = 0.012


def crm_customers(world: World) -> Dated:
    """Return the CRM's customers as text: one row per customer number and delivery in which it is new.

    The first delivery holds every number as it stands then; a later one the new numbers and those changed.
    """
    versions = make_versions(world.people, world.crm, world.seed)
    delivery = world.calendar.delivery_of(versions.day)
    kept = latest(versions.row, delivery)
    rng = stream(world.seed, "changed records")
    before = registered_customers(world.people, world.crm, world.seed).take(pa.array(versions.row[kept]))
    people, person = world.people, world.crm.person[versions.row[kept]]
    homes = address_columns(rng, versions.homes, np.arange(len(versions.homes.place)))
    move, phone = _from_minus_one(versions.move[kept]), _from_minus_one(versions.phone[kept])
    names = variants.with_partner(
        stream(world.seed, "names"),
        (people.prefix, people.surname),
        (people.partner_prefix, people.partner_surname),
    )
    other_name = versions.names[kept] % 2 == 1
    after = {
        **{header: (versions.move[kept] >= 0, column.take(move)) for header, column in homes.items()},
        "telefoon": (versions.phone[kept] >= 0, versions.phones.take(phone)),
        "e-mail": (versions.emails[kept] % 2 == 1, pick(people.second_email, person)),
        "tussenvoegsel": (other_name, pick(names[0], person)),
        "achternaam": (other_name, variants.in_cp1252(pick(names[1], person))),
        "gewijzigd_op": (versions.kind[kept] != FIRST, date_text(day_of(versions.day[kept]))),
    }
    rows = before
    for header, (mask, column) in after.items():
        rows = _replace(rows, header, where(mask, column, before[header].combine_chunks()))
    return Dated(rows, delivery[kept])


def registered_customers(people: People, crm: Registrations, seed: int) -> Frame:
    """Return the records of the CRM as they were typed at registration, one row per customer number."""
    rng = stream(seed, "crm")
    person, n = crm.person, len(crm)
    sloppy = chance(rng, np.where(crm.copy > 0, 10 * SLOPPY, SLOPPY), n)
    prefix, surname = variants.surnames(rng, *_names_used(rng, people, person), sloppy)
    given = pick(people.given_name, person)
    has_landline = chance(rng, 0.3, n)
    landline = pick(people.landline, person)
    phone = where(
        has_landline & landline.is_valid().to_numpy(zero_copy_only=False),
        landline,
        pick(people.mobile, person),
    )
    born = date_text(people.born_on)
    called = variants.in_cp1252(unknown(given, chance(rng, 0.15, n)))
    rows = {
        "klantnr": crm.number,
        "voorletters": join(_initial(given), "."),
        "voornaam": _with_placeholder(rng, called, variants.PLACEHOLDER_NAME),
        "tussenvoegsel": prefix,
        "achternaam": variants.in_cp1252(surname),
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


def webshop_accounts(world: World) -> Dated:
    """Return the web shop's accounts, one row per account number."""
    people, webshop, in_crm = world.people, world.webshop, world.in_crm
    rng = stream(world.seed, "webshop")
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
    return Dated(pa.table(rows), world.calendar.delivery_of(webshop.start))


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


def _names_used(rng: np.random.Generator, people: People, person: Ints) -> variants.Name:
    """Return the names that people give at registration: their own, or with that of a partner."""
    has_other = pc.fill_null(pc.not_equal(people.partner_surname, people.surname), False)  # noqa: FBT003
    shares = np.where(people.is_woman, *PARTNERS_NAME) * has_other.to_numpy(zero_copy_only=False)
    used = chance(rng, shares[person], len(person))
    own = (pick(people.prefix, person), pick(people.surname, person))
    partner = (pick(people.partner_prefix, person), pick(people.partner_surname, person))
    prefix, surname = variants.with_partner(rng, own, partner)
    return where(used, prefix, own[0]), where(used, surname, own[1])


def _last_change(rng: np.random.Generator, start: Ints) -> Ints:
    """Return the day of the last change before the history; that of registration for seven in ten."""
    later = start + np.floor(np.maximum(-start, 0) * rng.random(len(start))).astype(np.int64)
    return np.where(chance(rng, 0.7, len(start)), start, later)


def _from_minus_one(index: Ints) -> Texts:
    """Return places in a column, unknown instead of -1."""
    return pa.array(index, mask=index < 0)


def _replace(table: Frame, header: str, column: Texts) -> Frame:
    return table.set_column(table.column_names.index(header), header, column)
