"""One customer as analysts see them: variables, segments, sources and masked provenance."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import NotFoundError, near_miss
from klantprofiel.labels import FACETS
from klantprofiel.reading.explanation import explain_one, explain_two
from klantprofiel.reading.provenance import ORIGIN, read_provenance
from klantprofiel.reading.units import with_unit
from klantprofiel.warehouse import Ledger
from klantprofiel.warehouse.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.display import Summary
    from klantprofiel.reading.explanation import Explanation
    from klantprofiel.reading.provenance import Provenance
    from klantprofiel.warehouse import Tables

_NUMBER: Final = re.compile(r"[Kk]?[-_ ]?0*(?P<digits>[0-9]{1,12})")


@dataclass(frozen=True)
class Label:
    """How a variable is called in Dutch, the facet that it belongs to, and what its numbers count."""

    facet: str
    label: str
    unit: str = ""


@dataclass(frozen=True, repr=False)
class Customer(Displayed):
    """One customer of one release, read as a whole; nothing in it names a person.

    `variables` maps a variable to its value (None when unknown), `segments` a segmentation to the segment.
    `merged_from` is the number that was asked for, when that customer has been merged into this one.
    """

    customer_id: str
    variables: Mapping[str, object]
    segments: Mapping[str, str]
    sources: tuple[str, ...]
    merged_from: str | None = None
    labels: Mapping[str, Label] = field(default_factory=dict, compare=False)
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
        if self._tables is None:
            raise NotFoundError(
                f"{self.customer_id} was not read from a release",
                expected="a customer of `release.customer(...)`",
            )
        return explain(self._tables, self.customer_id, other)

    def summary(self) -> Summary:
        """Return the customer's card, in Dutch; what is not known is shown as unknown."""
        rows = [
            (label.facet, label.label, with_unit(name, value, label.unit))
            for name, value in self.variables.items()
            for label in [self.labels.get(name, Label("", name))]
        ]
        origin = [each.origin() for each in self._provenance.values()]
        return {
            "title": f"Klant {self.customer_id}",
            "facts": {
                "Bronnen": self.sources,
                **{f"Segment ({name})": s for name, s in self.segments.items()},
            },
            "tables": [
                {"title": "Profiel", "columns": ["Facet", "Variabele", "Waarde"], "rows": rows},
                {
                    "title": "Herkomst",
                    "columns": ORIGIN,
                    "rows": origin,
                },
            ],
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
        labels=_labels(tables),
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


def _variables(tables: Tables, number: str) -> dict[str, object]:
    if not tables.has("profiles"):
        return {}
    rows = tables.arrow("select * from profiles where customer_id = $number", number=number).to_pylist()
    return {name: value for row in rows for name, value in row.items() if name != "customer_id"}


def _segments(tables: Tables, number: str) -> dict[str, str]:
    if not tables.has("segment_members"):
        return {}
    query = "select segmentation, segment_id from segment_members where customer_id = $number order by 1"
    return dict(tables.rows(query, number=number))


def _labels(tables: Tables) -> dict[str, Label]:
    if not tables.has("variables"):
        return {}
    rows = tables.rows("select name, facet, label, unit from variables order by name")
    return {name: Label(FACETS.get(facet, facet), label, unit) for name, facet, label, unit in rows}


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
