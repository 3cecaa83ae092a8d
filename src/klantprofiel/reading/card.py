"""The card of a customer: what is known, per facet, and what it means that the rest is not."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Muted
from klantprofiel.labels import FACETS, SEXES
from klantprofiel.reading.units import with_unit
from klantprofiel.schema import canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from klantprofiel.display import Card
    from klantprofiel.profiles import Variable

PERSON: Final = "gegevens"
"""The facet of who somebody is, where the golden record is shown."""
PARTS: Final = {"name": "Naam", "address": "Adres"}
"""Attributes that are one thing to a reader."""
NOT_GIVEN: Final = "door geen bron geleverd"
NOT_ASKED: Final = "niet ondervraagd"
ANSWERS: Final = "Wat een vragenlijst vertelt"


def cards_of(
    person: Mapping[str, str | None],
    variables: Mapping[str, object],
    described: Mapping[str, Variable],
    *,
    not_asked: Collection[str] = (),
) -> list[Card]:
    """Return a card per facet of which something is declared, the known before the unknown.

    Parameters
    ----------
    person
        The masked golden record.
    variables
        The value per variable; None is unknown.
    described
        The declaration of each of them.
    not_asked
        What surveys tell of others, of a customer who never answered one: it is one line on each card.
    """
    facets = {variable.facet for variable in described.values()} | ({PERSON} if person else set())
    return [
        {
            "title": title,
            "facts": _together(
                chain(
                    _person(person) if facet == PERSON else (),
                    _valued(variables, described, facet, not_asked),
                )
            ),
        }
        for facet, title in FACETS.items()
        if facet in facets
    ]


def _valued(
    variables: Mapping[str, object],
    described: Mapping[str, Variable],
    facet: str,
    not_asked: Collection[str],
) -> Iterator[tuple[str, object]]:
    unasked = []
    for name, value in variables.items():
        each = described.get(name)
        if each is None or each.facet != facet:
            continue
        if value is None and name in not_asked:
            unasked.append(each.label)
        else:
            yield each.label, Muted(each.missing) if value is None else with_unit(each, value)
    if unasked:
        yield unasked[0] if len(unasked) == 1 else ANSWERS, Muted(NOT_ASKED)


def _person(person: Mapping[str, str | None]) -> Iterator[tuple[str, object]]:
    """Give the parts of a golden record, a name and an address as one line each."""
    from klantprofiel.unification.golden import part_of  # noqa: PLC0415  costly, and only a card needs it

    parts: dict[str, list[str]] = {}
    for name, value in person.items():
        if name == "initials" and person.get("given_name"):
            continue  # they begin with the same letter
        parts.setdefault(part_of(name), []).extend([] if value is None else [SEXES.get(value, value)])
    columns = canonical.Customers.columns
    for part, values in parts.items():
        label = PARTS.get(part) or columns[part].label
        yield label, " ".join(values) or Muted(NOT_GIVEN)


def _together(facts: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """Return what is known, and then in one line each what is unknown for the same reason."""
    known: list[tuple[str, object]] = []
    unknown: dict[str, list[str]] = {}
    for label, value in facts:
        if isinstance(value, Muted):
            unknown.setdefault(value, []).append(label)
        else:
            known.append((label, value))
    return [*known, *((" · ".join(labels), Muted(reason)) for reason, labels in unknown.items())]
