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

from klantprofiel.demo.company import KINDS, Kind
from klantprofiel.demo.draws import (
    Days,
    Flags,
    Floats,
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
HOUSEHOLD_SIZES: Final = ("1", "2", "3", "4", "5+")
BORN_FROM: Final = (1900, 1955, 1975, 1995)  # the generations of lists/given_names.csv
REFERENCE_YEAR: Final = 2026
ADULT: Final = 18.5  # years; the programme takes nobody younger
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
    """One row per person; `household` is an index into `addresses`, which are those of the households."""

    household: Ints
    kind: Ints
    is_woman: Flags
    born_on: Days
    given_name: Texts
    prefix: Texts
    surname: Texts
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


def make_people(n: int, seed: int) -> People:
    """Make `n` persons in households of one to four customers."""
    rng = stream(seed, "people")
    household, role = _households(rng, n)
    head_kind = choose(rng, np.array([kind.share for kind in KINDS]), int(household[-1]) + 1)
    own_kind = choose(rng, np.array([kind.share for kind in KINDS]), n)
    kind = np.where((role == HEAD) | (chance(rng, 0.6, n)), head_kind[household], own_kind)
    addresses = make_addresses(rng, head_kind)
    is_woman, born_on = _sex_and_birth(rng, household, role, head_kind)
    given_name = _given_names(rng, is_woman, born_on)
    surname_index = _surnames(rng, household, role)
    prefixes, surnames = (texts(read_list("surnames")[part]) for part in ("prefix", "surname"))
    names = given_name, pick(prefixes, surname_index), pick(surnames, surname_index)
    heads = np.flatnonzero(role == HEAD)[household]
    email, second_email = _emails(rng, given_name, surname_index, born_on)
    shared = np.isin(household, np.flatnonzero(chance(rng, 0.07, len(head_kind))))
    sizes = np.array([k.household for k in KINDS])
    no_card = chance(rng, 0.2, n)
    return People(
        household=household,
        kind=kind,
        is_woman=is_woman,
        born_on=born_on,
        given_name=names[0],
        prefix=names[1],
        surname=names[2],
        email=where(shared, pick(email, heads), email),
        second_email=second_email,
        mobile=join("066", digits(scatter(np.arange(n), size=10_000_000, offset=3_141_592), 7)),
        landline=_landlines(rng, addresses, household),
        card=unknown(join("HT", digits(scatter(np.arange(n), size=100_000_000, offset=31), 8)), no_card),
        household_size=pick(texts(HOUSEHOLD_SIZES), choose_by_group(rng, sizes, head_kind)[household]),
        addresses=addresses,
    )


def make_addresses(rng: np.random.Generator, kind: Ints) -> Addresses:
    """Make one address for each element of `kind`, in the provinces that such customers prefer."""
    towns = read_list("municipalities")
    place = choose_by_group(rng, np.stack([_place_weights(k) for k in KINDS]), kind)
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


def _place_weights(kind: Kind) -> Floats:
    towns = read_list("municipalities")
    preferred = np.isin(np.array(towns["province"]), kind.provinces)
    return np.array(towns["weight"], float) * np.where(preferred, 3.0, 1.0)


def _households(rng: np.random.Generator, n: int) -> tuple[Ints, Ints]:
    """Return the household of each person and the place in it, 0 for its head."""
    sizes = 1 + choose(rng, np.array([0.80, 0.15, 0.04, 0.01]), n)
    household = np.repeat(np.arange(n), sizes)[:n]
    starts = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    return household, np.arange(n) - starts[household]


def _sex_and_birth(
    rng: np.random.Generator, household: Ints, role: Ints, head_kind: Ints
) -> tuple[Flags, Days]:
    n = len(household)
    mean, spread = (np.array([k.age[part] for k in KINDS])[head_kind] for part in (0, 1))
    head_age = np.clip(rng.normal(mean, spread), 19, 93)[household]
    partner_age = np.clip(head_age + rng.normal(0, 4, n), ADULT, 95)
    child_age = head_age - rng.uniform(24, 34, n)
    grown_child = (role > PARTNER) & (child_age >= ADULT)
    age = np.where(role == HEAD, head_age, np.where(grown_child, child_age, partner_age))
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


def _surnames(rng: np.random.Generator, household: Ints, role: Ints) -> Ints:
    weights = np.array(read_list("surnames")["weight"], float)
    own = choose(rng, weights, len(household))
    family = own[np.flatnonzero(role == HEAD)][household]
    return np.where(chance(rng, 0.72, len(household)), family, own)


def _emails(rng: np.random.Generator, given: Texts, surname: Ints, born_on: Days) -> tuple[Texts, Texts]:
    """Return two addresses per person, each that person's alone."""
    n = len(surname)
    names = read_list("surnames")
    whole = zip(names["prefix"], names["surname"], strict=True)
    last = pick(texts(tuple(_plain(prefix + name) for prefix, name in whole)), surname)
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


def _plain(name: str) -> str:
    """Return the letters of a name as they stand in an e-mail address."""
    dotted = name.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    folded = unicodedata.normalize("NFKD", dotted).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded.lower() if letter.isalnum())
