"""Persons who do not exist: households, names, addresses, e-mail and telephone; made, never taken.

E-mail domains end in `.example`, which nobody can own (RFC 2606). Mobile numbers start with 066, the range of
the former pagers, and landline numbers have a 0 after the area code, which no subscriber has.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow.compute as pc

from klantprofiel.demo import marginals
from klantprofiel.demo.company import KINDS
from klantprofiel.demo.draws import (
    Days,
    Flags,
    Ints,
    Texts,
    by_style,
    chance,
    choose,
    choose_by_group,
    digits,
    join,
    pick,
    read_list,
    repeats,
    scatter,
    stream,
    texts,
    unknown,
    where,
)

DOMAINS: Final = ("postbode.example", "mail.example", "internet.example", "thuis.example", "web.example")
LETTERS: Final = tuple("ABCDEGHJKLMNPRSTVWXZ")  # the letters in use in Dutch postcodes
ADDITIONS: Final = ("", "A", "B", "bis", "2", "hs")
CUSTOMERS_AT_HOME: Final = np.array(  # of 1, 2, 3, 4, 5 or more people: how likely 1, 2, 3, 4 are customers
    [[1, 0, 0, 0], [0.7, 0.3, 0, 0], [0.66, 0.26, 0.08, 0], [0.64, 0.24, 0.09, 0.03], [0.6, 0.25, 0.1, 0.05]]
)
SHARED: Final = 0.07  # share of the households with one mailbox for all; for half of them the head's own
BORN_FROM: Final = (1900, 1955, 1975, 1995)  # the generations of lists/given_names.csv
REFERENCE_YEAR: Final = 2026
ADULT: Final = 18.5  # years; the programme takes nobody younger
OLDEST: Final = 96.0
HEAD, PARTNER = 0, 1  # the place in a household; 2 and up are grown children


@dataclass(frozen=True)
class Addresses:
    """One row per address; `place` is an index into lists/municipalities.csv."""

    place: Ints
    street: Texts
    number: Texts
    addition: Texts
    postal_code: Texts

    def at(self, index: Ints) -> Addresses:
        """Return the addresses at `index`."""
        rest = (pick(column, index) for column in (self.street, self.number, self.addition, self.postal_code))
        return Addresses(self.place[index], *rest)


@dataclass(frozen=True)
class People:
    """One row per person; `household` is an index into `addresses`, which are those of the households.

    `partner_prefix` and `partner_surname` are the name of the partner, also of one who is no customer;
    unknown for who lives alone.
    """

    household: Ints
    kind: Ints
    is_woman: Flags
    born_on: Days
    given_name: Texts
    prefix: Texts
    surname: Texts
    partner_prefix: Texts
    partner_surname: Texts
    email: Texts
    second_email: Texts
    mobile: Texts
    landline: Texts
    card: Texts
    household_size: Texts
    addresses: Addresses

    def __len__(self) -> int:
        """Return how many persons there are."""
        return len(self.household)

    def is_head(self) -> Flags:
        """Return who is the first of a household; households stand together."""
        return np.append(True, self.household[1:] != self.household[:-1])


def make_people(n: int, seed: int) -> People:
    """Make `n` persons in households of one to four customers."""
    rng = stream(seed, "people")
    head_kind, size, household, role = _households(rng, n)
    own_kind = choose(rng, marginals.SHARES, n)
    kind = np.where((role == HEAD) | (chance(rng, 0.6, n)), head_kind[household], own_kind)
    addresses = make_addresses(rng, head_kind)
    is_woman, born_on = _sex_and_birth(rng, household, role, head_kind)
    given_name = _given_names(rng, is_woman, born_on)
    surname, partner = _surnames(rng, household, role)
    prefixes, surnames = (texts(read_list("surnames")[part]) for part in ("prefix", "surname"))
    is_alone = (size == 0)[household]
    email, second_email = _emails(rng, given_name, surname, born_on)
    no_card = chance(rng, 0.2, n)
    return People(
        household=household,
        kind=kind,
        is_woman=is_woman,
        born_on=born_on,
        given_name=given_name,
        prefix=pick(prefixes, surname),
        surname=pick(surnames, surname),
        partner_prefix=unknown(pick(prefixes, partner), is_alone),
        partner_surname=unknown(pick(surnames, partner), is_alone),
        email=_with_shared_mailboxes(rng, email, surname, household, role),
        second_email=second_email,
        mobile=join("066", digits(scatter(np.arange(n), size=10_000_000, offset=3_141_592), 7)),
        landline=_landlines(rng, addresses, household),
        card=unknown(join("HT", digits(scatter(np.arange(n), size=100_000_000, offset=31), 8)), no_card),
        household_size=pick(texts(read_list("household_sizes")["size"]), size[household]),
        addresses=addresses,
    )


def make_addresses(rng: np.random.Generator, kind: Ints) -> Addresses:
    """Make one address for each element of `kind`, in the provinces that such customers prefer."""
    towns = read_list("municipalities")
    place = choose_by_group(rng, marginals.places(), kind)
    low, high = (np.array(towns[end], np.int64)[place] for end in ("pc4_from", "pc4_to"))
    area = low + np.floor(rng.random(len(kind)) * (high - low + 1)).astype(np.int64)
    letters = texts(LETTERS)
    first, second = (pick(letters, rng.integers(0, len(LETTERS), len(kind))) for _ in range(2))
    streets = texts(read_list("streets")["street"])
    number = 1 + np.floor(rng.exponential(55, len(kind))).astype(np.int64)
    addition = choose(rng, np.array([88, 4, 3, 2, 2, 1.0]), len(kind))
    return Addresses(
        place=place,
        street=pick(streets, rng.integers(0, len(streets), len(kind))),
        number=digits(number),
        addition=pick(texts(ADDITIONS), addition),
        postal_code=join(digits(area), " ", first, second),
    )


def _households(rng: np.random.Generator, n: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return kind and size of each household, and of each person the household and the place in it."""
    kind = choose(rng, marginals.SHARES, n)
    size = choose_by_group(rng, marginals.household_sizes(), kind)
    household = np.repeat(np.arange(n), 1 + choose_by_group(rng, CUSTOMERS_AT_HOME, size))[:n]
    starts = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    return kind[: len(starts)], size[: len(starts)], household, np.arange(n) - starts[household]


def _sex_and_birth(
    rng: np.random.Generator, household: Ints, role: Ints, head_kind: Ints
) -> tuple[Flags, Days]:
    n = len(household)
    years, by_kind = marginals.ages()
    head_age = years[choose_by_group(rng, by_kind, head_kind)] + rng.random(len(head_kind))
    partner_age = np.clip(head_age[household] + rng.normal(0, 3, n), ADULT, OLDEST)
    child_age = head_age[household] - rng.uniform(24, 34, n)
    grown_child = (role > PARTNER) & (child_age >= ADULT)
    age = np.where(role == HEAD, head_age[household], np.where(grown_child, child_age, partner_age))
    born = np.datetime64(f"{REFERENCE_YEAR}-08-01", "D") - np.floor(age * 365.25).astype(np.int64)
    head_woman = chance(rng, np.array([k.women for k in KINDS])[head_kind], len(head_kind))[household]
    partner_woman = head_woman ^ chance(rng, 0.94, n)
    woman = np.where(role == HEAD, head_woman, np.where(role == PARTNER, partner_woman, chance(rng, 0.5, n)))
    return woman, born


def _given_names(rng: np.random.Generator, is_woman: Flags, born_on: Days) -> Texts:
    listed = read_list("given_names")
    names = [line.split() for line in listed["names"]]
    row_of = {
        (sex, int(born)): row
        for row, (sex, born) in enumerate(zip(listed["sex"], listed["born_from"], strict=True))
    }
    rows = np.array([[row_of[sex, born] for born in BORN_FROM] for sex in ("M", "V")])
    generation = (
        np.searchsorted(BORN_FROM, born_on.astype("datetime64[Y]").astype(np.int64) + 1970, side="right") - 1
    )
    widest = max(map(len, names))
    popularity = np.array(
        [[1 / (place + 3) * (place < len(line)) for place in range(widest)] for line in names]
    )
    row = rows[is_woman.astype(np.int64), generation]
    place = choose_by_group(rng, popularity, row)
    book = texts(tuple(name for line in names for name in line + [""] * (widest - len(line))))
    return pick(book, row * widest + place)


def _surnames(rng: np.random.Generator, household: Ints, role: Ints) -> tuple[Ints, Ints]:
    """Return the surname of each person and of the partner, who may be no customer."""
    bearers = np.array(read_list("surnames")["bearers"], float)
    own, elsewhere = (choose(rng, bearers, len(household)) for _ in range(2))
    heads = np.flatnonzero(role == HEAD)
    surname = np.where(chance(rng, 0.72, len(household)), own[heads][household], own)
    partner = np.where(role == PARTNER, surname[heads][household], elsewhere)
    partners = np.flatnonzero(role == PARTNER)
    partner[heads[household[partners]]] = surname[partners]
    return surname, partner


def _with_shared_mailboxes(
    rng: np.random.Generator, email: Texts, surname: Ints, household: Ints, role: Ints
) -> Texts:
    """Return the addresses, in some households one for all: the head's, or one with the family's name."""
    n = int(household[-1]) + 1
    heads = np.flatnonzero(role == HEAD)
    family = join("familie.", pick(_plain_surnames(), surname[heads]), digits(np.arange(n)))
    shared = where(chance(rng, 0.5, n), join(family, DOMAINS[0], by="@"), pick(email, heads))
    return where(chance(rng, SHARED, n)[household], pick(shared, household), email)


def _emails(rng: np.random.Generator, given: Texts, surname: Ints, born_on: Days) -> tuple[Texts, Texts]:
    """Return two addresses per person, each that person's alone."""
    n = len(surname)
    last = pick(_plain_surnames(), surname)
    encoded = given.dictionary_encode()
    plain = texts(tuple(_plain(name) for name in encoded.dictionary.to_pylist()))
    first = pick(plain, encoded.indices.to_numpy())
    initial = pc.utf8_slice_codeunits(first, 0, 1)
    year = digits((born_on.astype("datetime64[Y]").astype(np.int64) + 1970) % 100, 2)
    habit = choose(rng, np.array([0.45, 0.2, 0.25, 0.1]), n)
    local = by_style(
        habit,
        join(first, last, by="."),
        join(initial, last, by="."),
        join(first, last, year),
        join(last, first),
    )
    domain = pick(texts(DOMAINS), choose(rng, np.array([40, 25, 15, 10, 10.0]), n))
    time = repeats(join(local, domain, by="@"))
    numbered = join(local, where(time > 0, digits(time), ""))
    second = join(last, "-", first, digits(np.arange(n)))
    return join(numbered, domain, by="@"), join(second, "werk.example", by="@")


def _landlines(rng: np.random.Generator, addresses: Addresses, household: Ints) -> Texts:
    codes = read_list("municipalities")["area_code"]
    code = pick(texts(codes), addresses.place)
    room = np.array([10 ** (9 - len(code)) for code in codes])[addresses.place]
    number = scatter(np.arange(len(room)), size=10_000_000, offset=int(rng.integers(10_000_000))) % room
    wide = where(room == room.max(), digits(number, 6), digits(number, 5))
    has_one = chance(rng, 0.35, len(room))
    return pick(unknown(join(code, "0", wide), ~has_one), household)


def _plain_surnames() -> Texts:
    names = read_list("surnames")
    return texts(
        tuple(_plain(prefix + name) for prefix, name in zip(names["prefix"], names["surname"], strict=True))
    )


def _plain(name: str) -> str:
    """Return the letters of a name as they stand in an e-mail address."""
    dotted = name.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    folded = unicodedata.normalize("NFKD", dotted).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded.lower() if letter.isalnum())
