"""Names of people in standard form: tussenvoegsel apart, birth and partner name each by itself, initials."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from klantprofiel.unification.standard.folding import folded, letters_and_digits, words

PREFIXES: Final = frozenset(
    """
    aan af al bij d da de del della den der des di do dos du een el het i ibn in l la las le les lo los met n
    of onder op over s t te ten ter thoe tot uijt uit v van vande vanden vander vd vdr von voor zu zum zur
    """.split()  # noqa: SIM905  words read better
)
JOINING: Final = frozenset(
    ("de", "den", "der", "ten", "ter", "van", "vande", "vanden", "vander", "vd", "von")
)
"""Prefixes that begin a second name in the middle of a surname without hyphen: `Jansen de Vries`."""

FULL_PREFIXES: Final = {"v": "van", "vd": "vande", "vdr": "vander", "vh": "vanhet"}
TITLES: Final = frozenset(
    ("dhr", "dr", "drs", "heer", "ing", "ir", "mevr", "mevrouw", "mr", "mrs", "ms", "mw", "prof")
)
SUFFIXES: Final = frozenset(("ii", "iii", "jr", "junior", "phd", "senior", "sr"))
DIGRAPHS: Final = frozenset(("ch", "chr", "fr", "ij", "jac", "joh", "ph", "st", "th"))
"""Initials of more than one letter that stand for one name, as in `Th.M.`."""

_BETWEEN_NAMES: Final = re.compile(
    r"[-\u2010-\u2015/]+|\s(?:e\s?[/.]\s?v\.?|ev|geb\.?|geboren|gesch\.?|wed\.?|weduwe)\s"
)
_SHORT_PREFIX: Final = re.compile(r"\b(v)\s?/\s?(d|h)\b")
_BETWEEN_INITIALS: Final = re.compile(r"[^\w]+|_+")
_DOTTED_LETTER: Final = re.compile(r"(?<!\w)\w\.")
_ASIDE: Final = re.compile(r"(?<=\w)\s*\(.*")
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019`\u00b4")
_LONGEST_INITIALS: Final = 3  # a longer word between dots is a name, of which the first letter counts


class Surname(NamedTuple):
    """A surname without and with its prefixes, and the second name of a double one without."""

    surname: str
    surname_long: str
    other_surname: str | None


class GivenName(NamedTuple):
    """Given names as one word, unless only initials stand there, and their initials."""

    given_name: str | None
    initials: str


def surname_forms(value: str) -> Surname | None:
    """Return a surname in standard form; None when it has no letters.

    >>> surname_forms("van der Bérg")
    Surname(surname='berg', surname_long='vanderberg', other_surname=None)
    >>> surname_forms("Berg, v.d.").surname, surname_forms("O'Neill").surname_long
    ('berg', 'oneill')
    >>> surname_forms("Jansen-de Vries")
    Surname(surname='jansen', surname_long='jansen', other_surname='vries')
    >>> surname_forms("de Vries e/v Jansen")
    Surname(surname='vries', surname_long='devries', other_surname='jansen')
    """
    if value.isascii() and value.isalpha():  # most surnames are one plain word
        name = value.lower()
        return Surname(name, name, None)
    return parsed_surname(value)


def parsed_surname(value: str) -> Surname | None:
    """Return a surname in standard form, of however many names and prefixes it consists.

    >>> parsed_surname("Berg, van den")
    Surname(surname='berg', surname_long='vandenberg', other_surname=None)
    """
    names = _names(value)
    if not names:
        return None
    (prefix, name), *others = names
    other = "".join(base for _, base in others)
    return Surname(name, prefix + name, other or None)


def prefix_form(value: str) -> str | None:
    """Return a tussenvoegsel in full and as one word; None when it has no letters.

    >>> prefix_form("v.d."), prefix_form("Van  der"), prefix_form("-")
    ('vande', 'vander', None)
    """
    return _full(words(value)) or None


def given_name_forms(value: str) -> GivenName | None:
    """Return given names in standard form; None when there are no letters.

    >>> given_name_forms("Jan-Willem"), given_name_forms("J. M.")
    (GivenName(given_name='janwillem', initials='jw'), GivenName(given_name=None, initials='jm'))
    >>> given_name_forms("Élise A."), given_name_forms("Johannes (Hans)")
    (GivenName(given_name='elise', initials='ea'), GivenName(given_name='johannes', initials='j'))
    """
    if value.isascii() and value.isalpha() and len(value) > 1:
        name = value.lower()
        return GivenName(name, name[0])
    return parsed_given_name(value)


def parsed_given_name(value: str) -> GivenName | None:
    """Return given names in standard form, however many there are and whatever stands between them.

    >>> parsed_given_name("Dr. Anna M.")
    GivenName(given_name='anna', initials='am')
    """
    text = _ASIDE.sub("", folded(value)).translate(_APOSTROPHES)
    parts = _without(TITLES, words(text))
    if not parts:
        return None
    initials = "".join(part[0] for part in parts)
    if all(len(part) == 1 for part in parts):
        return GivenName(None, initials)
    in_full = _without(TITLES, words(_DOTTED_LETTER.sub(" ", text)))
    return GivenName("".join(in_full) or None, initials)


def initials_form(value: str) -> str | None:
    """Return initials as lower-case letters; None when there are none.

    >>> initials_form("J.M."), initials_form("Th. M."), initials_form("JM"), initials_form("-")
    ('jm', 'tm', 'jm', None)
    """
    text = folded(value).strip()
    parts = [letters_and_digits(part) for part in _BETWEEN_INITIALS.split(text)]
    if len(parts) == 1:
        return parts[0] or None
    return "".join(_initials_of(part) for part in parts if part) or None


def _initials_of(part: str) -> str:
    return part[0] if part in DIGRAPHS or len(part) > _LONGEST_INITIALS else part


def _names(value: str) -> list[tuple[str, str]]:
    """Return the prefixes and the base of each name in a surname."""
    text = _SHORT_PREFIX.sub(r"\1\2", folded(value).strip())
    name, _, behind = text.partition(",")
    aside = words(behind)
    if aside and all(word in PREFIXES or word in SUFFIXES for word in aside):
        text = f"{' '.join(word for word in aside if word not in SUFFIXES)} {name}"
    prefixes: list[str] = []
    names: list[tuple[str, str]] = []
    for part in _BETWEEN_NAMES.split(text):
        for word_group in _groups(_without(SUFFIXES, _without(TITLES, words(part)))):
            is_only_prefix = all(word in PREFIXES for word in word_group)
            if is_only_prefix:
                prefixes += word_group
                continue
            names.append(_one_name([*prefixes, *word_group]))
            prefixes = []
    if not prefixes:
        return names
    if names:  # what stands behind belongs in front: `Jong de`
        prefix, base = names[-1]
        return [*names[:-1], (_full(prefixes) + prefix, base)]
    return [_one_name(prefixes)]


def _groups(parts: list[str]) -> list[list[str]]:
    """Divide words before each prefix that begins a second name."""
    groups: list[list[str]] = [[]]
    for part in parts:
        starts = part in JOINING and groups[-1] and groups[-1][-1] not in PREFIXES
        if starts:
            groups.append([])
        groups[-1].append(part)
    return [group for group in groups if group]


def _one_name(parts: list[str]) -> tuple[str, str]:
    start = 0
    while start < len(parts) - 1 and parts[start] in PREFIXES:
        start += 1
    return _full(parts[:start]), "".join(parts[start:])


def _full(prefixes: list[str]) -> str:
    """Return prefixes in full and as one word; `d` is `de` only behind `van`."""
    full = [FULL_PREFIXES.get(prefix, prefix) for prefix in prefixes]
    return "".join(
        "de" if word == "d" and place and full[place - 1] == "van" else word
        for place, word in enumerate(full)
    )


def _without(unwanted: frozenset[str], parts: list[str]) -> list[str]:
    """Return the words without titles or suffixes, unless nothing else is left."""
    wanted = [part for part in parts if part not in unwanted]
    return wanted or parts
