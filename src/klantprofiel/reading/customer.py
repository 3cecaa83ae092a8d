"""One customer as analysts see them: variables, segments, sources and masked provenance."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from klantprofiel.display import Displayed
from klantprofiel.errors import NotFoundError, near_miss
from klantprofiel.reading.card import cards_of
from klantprofiel.reading.explanation import explain_one, explain_two
from klantprofiel.reading.history import read_history
from klantprofiel.reading.provenance import ORIGIN, read_provenance
from klantprofiel.schema import canonical
from klantprofiel.warehouse import Ledger
from klantprofiel.warehouse.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from klantprofiel.display import Summary
    from klantprofiel.profiles import Variable
    from klantprofiel.reading.explanation import Explanation
    from klantprofiel.reading.history import History
    from klantprofiel.reading.provenance import Provenance
    from klantprofiel.warehouse import Tables

_NUMBER: Final = re.compile(r"[Kk]?[-_ ]?0*(?P<digits>[0-9]{1,12})")

T = TypeVar("T")


class Named(dict[str, T]):
    """Values by name; asking for a name that is not there names the nearest.

    >>> Named(recency_days=3)["recency"]
    Traceback (most recent call last):
    klantprofiel.errors.NotFoundError: there is no 'recency' here, did you mean 'recency_days'?
      Expected: one of the 1 names here
      What to do: list them with `list(...)`
    """

    def __missing__(self, name: str) -> NoReturn:
        """Refuse a name that is not there."""
        raise NotFoundError(
            f"there is no {name!r} here{near_miss(name, self)}",
            expected=f"one of the {len(self)} names here",
            todo="list them with `list(...)`",
        )


@dataclass(frozen=True, repr=False)
class Customer(Displayed):
    """One customer of one release, read as a whole; nothing in it names a person.

    `variables` maps a variable to its value (None when unknown), `segments` a segmentation to the segment,
    `person` an attribute of the golden record to what may be shown of it.
    `merged_from` is the number that was asked for, when that customer has been merged into this one.
    """

    customer_id: str
    variables: Mapping[str, object]
    segments: Mapping[str, str]
    sources: tuple[str, ...]
    merged_from: str | None = None
    person: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    described: Mapping[str, Variable] = field(default_factory=dict, compare=False)
    segment_labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    not_asked: frozenset[str] = field(default=frozenset(), compare=False)
    _provenance: Mapping[str, Provenance] = field(default_factory=dict, compare=False)
    _tables: Tables | None = field(default=None, compare=False)

    def provenance(self, attribute: str) -> Provenance:
        """Return which source row and which rule gave an attribute of the golden record; values are masked.

        It names the delivered file, line and day, the month of the last change where the source tells it, and
        the values that lost. The record's own number is not in it: that points out a person.

        Raises
        ------
        NotFoundError
            When no source gave this attribute.
        """
        if attribute not in self._provenance:
            known = sorted(self._provenance)
            raise NotFoundError(
                f"no source gave {attribute!r} for {self.customer_id}{near_miss(attribute, known)}",
                expected=f"one of {', '.join(known)}" if known else "an attribute that a source gave",
            )
        return self._provenance[attribute]

    def explain(self, other: str | None = None) -> Explanation:
        """Return why the source rows of this customer are one person, or why `other` is somebody else.

        A waterfall of bits per link: what speaks for and against, the exact rule, what the guard said, and
        what somebody decided. It is read when it is asked for, so before the release is closed.

        Raises
        ------
        NotFoundError
            When there is no customer `other`.
        """
        return explain(self._read_from(), self.customer_id, other)

    def history(self, attribute: str | None = None) -> History:
        """Return every version of the attributes that changed, or of one of them; values are masked.

        Since when and until when each held, when that came to be known, and whether it was corrected later.
        It is read when it is asked for, so before the release is closed.

        Raises
        ------
        NotFoundError
            When there is no such attribute, or the release keeps no history.
        """
        return read_history(self._read_from(), self.customer_id, attribute)

    def _read_from(self) -> Tables:
        if self._tables is None:
            raise NotFoundError(
                f"{self.customer_id} was not read from a release",
                expected="a customer of `release.customer(...)`",
            )
        return self._tables

    def summary(self) -> Summary:
        """Return the customer's cards, one per facet, in Dutch; what is unknown says what that means."""
        return {
            "title": f"Klant {self.customer_id}",
            "facts": {
                **{
                    f"Segment ({name})": f"{segment}: {label}" if label else segment
                    for name, segment in self.segments.items()
                    for label in [self.segment_labels.get(name)]
                },
                "Bronnen": self.sources,
            },
            "cards": cards_of(self.person, self.variables, self.described, not_asked=self.not_asked),
            "tables": [
                {
                    "title": "Herkomst",
                    "columns": ORIGIN,
                    "rows": [self._provenance[name].origin() for name in _in_order(self._provenance)],
                }
            ]
            if self._provenance
            else [],
            "notes": [f"{self.merged_from} is hiermee samengevoegd."] if self.merged_from else [],
        }


def read_customer(tables: Tables, customer_id: str) -> Customer:
    """Read one customer, or the one that this customer was merged into.

    Raises
    ------
    NotFoundError
        When there is no such customer; a number in another form is recognised and named.
    """
    found = _found(tables, customer_id)
    return Customer(
        customer_id=found,
        variables=_variables(tables, found),
        segments=_segments(tables, found),
        sources=_sources(tables, found),
        merged_from=None if found == customer_id else customer_id,
        person=_person(tables, found),
        described=_described(tables),
        segment_labels=_segment_labels(tables, found),
        not_asked=_not_asked(tables, found),
        _provenance=read_provenance(tables, found),
        _tables=tables,
    )


def explain(tables: Tables, customer_id: str, other: str | None = None) -> Explanation:
    """Explain why the source rows of a customer are one person, or why two customers are two.

    Two numbers of one customer, of which one was merged into the other, are explained as that one.

    Raises
    ------
    NotFoundError
        When there is no such customer.
    """
    found = _found(tables, customer_id)
    found_other = found if other is None else _found(tables, other)
    ledger = _ledger(tables)
    if found == found_other:
        return explain_one(tables, found, ledger)
    return explain_two(tables, found, found_other, ledger)


def _found(tables: Tables, customer_id: str) -> str:
    found = _in_force(tables, customer_id)
    if found is None:
        raise NotFoundError(
            f"there is no customer {customer_id!r}{_same_number(tables, customer_id)}",
            expected="a customer number of this release, such as K-000001",
            todo='list them with release.sql("select customer_id from customers")',
        )
    return found


def _ledger(tables: Tables) -> Ledger | None:
    """Return the ledger of the warehouse that a release is in."""
    root = getattr(tables, "root", None)
    ledger = Ledger(Store(root).ledger) if isinstance(root, Path) else None
    return ledger if ledger is not None and ledger.is_writable else None


def _in_force(tables: Tables, customer_id: str) -> str | None:
    """Return the number under which a customer is known now, following mergers; None when there is none."""
    number = customer_id
    seen: set[str] = set()
    while number not in seen:
        seen.add(number)
        if tables.rows("select 1 from customers where customer_id = $number", number=number):
            return number
        merged = _merged_into(tables, number)
        if merged is None:
            return None
        number = merged
    return None


def _merged_into(tables: Tables, number: str) -> str | None:
    if not tables.has("customer_events"):
        return None
    rows = tables.rows(
        "select other_id from customer_events where customer_id = $number and event = 'merged' "
        "order by as_of desc, other_id limit 1",
        number=number,
    )
    return rows[0][0] if rows else None


def _same_number(tables: Tables, asked: str) -> str:
    """Name the customer whose number was written in another form; other numbers are no misspelling of it."""
    match = _NUMBER.fullmatch(asked.strip())
    number = f"K-{int(match['digits']):06d}" if match else ""
    is_there = number != asked and _in_force(tables, number) is not None
    return f", did you mean {number!r}?" if is_there else ""


def _variables(tables: Tables, number: str) -> Named[object]:
    if not tables.has("profiles"):
        return Named()
    rows = tables.arrow("select * from profiles where customer_id = $number", number=number).to_pylist()
    return Named({name: value for row in rows for name, value in row.items() if name != "customer_id"})


def _segments(tables: Tables, number: str) -> Named[str]:
    if not tables.has("segment_members"):
        return Named()
    query = "select segmentation, segment_id from segment_members where customer_id = $number order by 1"
    return Named(tables.rows(query, number=number))


def _segment_labels(tables: Tables, number: str) -> dict[str, str]:
    """Return per segmentation what marks the segment of a customer."""
    if not (tables.has("segments") and tables.has("segment_members")):
        return {}
    query = (
        "select segmentation, label from segments "
        "inner join segment_members using (segmentation, segment_id) where customer_id = $number order by 1"
    )
    return dict(tables.rows(query, number=number))


def _person(tables: Tables, number: str) -> Named[str | None]:
    """Return what may be shown of the golden record; the ranks of its source rows are no part of it."""
    if not tables.has("masked_golden_record"):
        return Named()
    rows = tables.arrow(
        "select * from masked_golden_record where customer_id = $number", number=number
    ).to_pylist()
    attributes = canonical.Customers.columns
    return Named(
        {name: row[name] for row in rows for name in row if name in attributes and name != "customer_id"}
    )


def _described(tables: Tables) -> Named[Variable]:
    from klantprofiel.profiles import Profiles  # noqa: PLC0415  costly, and only a customer needs it

    if not tables.has("profiles"):
        return Named()
    return Named({variable.name: variable for variable in Profiles(tables).variables()})


def _not_asked(tables: Tables, number: str) -> frozenset[str]:
    """Return the variables that only surveys tell, of a customer who never answered one."""
    from klantprofiel.profiles.survey import THEMES  # noqa: PLC0415  the same

    if not (tables.has("survey_answers") and tables.has("variables")):
        return frozenset()
    if tables.rows("select 1 from survey_answers where customer_id = $number limit 1", number=number):
        return frozenset()
    themes = {theme.name for theme in THEMES}
    return frozenset(
        name for name, theme in tables.rows("select name, theme from variables") if theme in themes
    )


def _in_order(attributes: Iterable[str]) -> list[str]:
    """Return attributes in the order of the golden record."""
    known = list(canonical.Customers.columns)
    return sorted(attributes, key=lambda name: (known.index(name) if name in known else len(known), name))


def _sources(tables: Tables, number: str) -> tuple[str, ...]:
    """Return the systems that gave an attribute or a statement of this customer."""
    tables_with_source = [table for table in ("provenance", "consents") if tables.has(table)]
    found = {
        source
        for table in tables_with_source
        for (source,) in tables.rows(
            f"select distinct source from {table} where customer_id = $number", number=number
        )
    }
    return tuple(sorted(found))
