"""The SQL of the golden record that depends on declarations: placeholders read as unknown, and provenance.

Each attribute of a customer belongs to a part, and a part comes whole from one source record: the street of
one record with the house number of another is an address where nobody lives.
"""

from __future__ import annotations

from functools import cache, reduce
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.schema import canonical
from klantprofiel.unification.placeholders import BIRTH_DATES, TEXT
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from klantprofiel.schema import Column

CODE_LIKE: Final = "^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$"
"""A number or a range of numbers as delivered: `3`, `5+`, `45-54`, `< 18`."""

NAME: Final = ("given_name", "initials", "surname_prefix", "surname")
ADDRESS: Final = ("street", "house_number", "house_number_addition", "postal_code", "place", "country")

PARTS: Final = dict.fromkeys(NAME, "name") | dict.fromkeys(ADDRESS, "address")
"""The part that an attribute belongs to; an attribute that is not named here is a part of its own."""

CODES: Final = {
    "household_size": CODE_LIKE,
    "age_band": CODE_LIKE,
    "country": "^[A-Za-z]{2,3}$",
}
"""What a value must look like to be shown as it is: free text may name a person, a code does not."""

HIDDEN: Final = "***"
MONTHS: Final = ("registered_on", "updated_on")
"""Days that are shown by year and month."""

RULES: Final = {
    "name": "whole_name",
    "address": "whole_address",
    "registered_on": "earliest",
    "updated_on": "latest",
}
"""By which rule a part survives; `best_source` (source rank, then recency) where it is not named here."""


def attributes() -> dict[str, Column]:
    """Return what a golden record tells of a customer: the canonical columns without the source's own number.

    >>> list(attributes())[:3]
    ['given_name', 'initials', 'surname_prefix']
    """
    return {name: column for name, column in canonical.Customers.columns.items() if name != "customer_id"}


@cache
def known_customers() -> Statement:
    """Return the view of the customer files in which empty texts and placeholders are unknown.

    >>> known_customers().columns[:4]
    ('record_id', 'source', 'delivered_on', 'given_name')
    """
    return Statement.of(
        table="identity.known_customers",
        describes="what the customer files say; a placeholder (`onbekend`, 01-01-1900) is read as unknown.",
        grain="One row per source record in a customer file.",
        select=exp.select("record_id", "source", "delivered_on")
        .select(*(_known(name, column) for name, column in attributes().items()))
        .from_("identity.customers"),
    )


@cache
def provenance_values() -> Statement:
    """Return the view of every value that a source gave, its rule, and whether it survived.

    >>> provenance_values().columns[:4]
    ('customer_id', 'attribute', 'value', 'record_id')
    """
    return Statement.of(
        table="identity.provenance_values",
        describes="every value that a source gave for an attribute of a customer, and whether it survived.",
        grain="One row per customer, attribute and source record with a value; survival_rank 1 is the best.",
        select=reduce(_both, [_claimed(name) for name in attributes()]),
    )


@cache
def masked_golden_record() -> Statement:
    """Return the golden record as it may be shown: personal values masked, and the source of each part.

    >>> masked_golden_record().columns[-1]
    'updated_on_source'
    """
    masked = [
        exp.alias_(_masked(name, column, exp.column(name, table="golden_record")), name)
        for name, column in attributes().items()
    ]
    parts = dict.fromkeys(PARTS.get(name, name) for name in attributes())
    return Statement.of(
        table="masked_golden_record",
        describes="the golden record as it may be shown: masked, with the source that each part comes from.",
        grain="One row per customer that a customer file describes.",
        select=exp.select("golden_record.customer_id", *masked)
        .select(*(f"survivors.{part}_source" for part in parts))
        .from_("identity.golden_record as golden_record")
        .join("identity.survivors as survivors", on="survivors.customer_id = golden_record.customer_id"),
    )


@cache
def provenance() -> Statement:
    """Return the view of where each value of a golden record comes from.

    >>> provenance().columns
    ('customer_id', 'attribute', 'source', 'rule', 'n_values', 'n_distinct', 'masked')
    """
    return Statement.of(
        table="provenance",
        describes="where each value of a golden record comes from, by which rule, and among how many.",
        grain="One row per customer and known attribute; n_values counts the records that gave a value.",
        select=reduce(_both, [_shown(name) for name in attributes()]),
    )


def _both(one: exp.Query, other: exp.Query) -> exp.Query:
    return exp.union(one, other, distinct=False, copy=False)


def _known(name: str, column: Column) -> exp.Expr:
    value = exp.column(name)
    if column.sql_type == "VARCHAR":
        placeholder = exp.Lower(this=exp.Trim(this=value.copy())).isin("", *TEXT)
    elif name == "birth_date":
        placeholder = value.copy().isin(*BIRTH_DATES)
    else:
        return value
    return exp.alias_(exp.case().when(placeholder.not_(), value), name)


def _masked(name: str, column: Column, value: exp.Column) -> exp.Expr:
    """Return what may be shown of a value: codes, the months of days, and the rest as its kind masks it."""
    if name in MONTHS:
        return exp.func("strftime", value, exp.Literal.string("%Y-%m"), dialect="duckdb")
    if name not in CODES:
        return column.mask(value)
    is_code = exp.RegexpLike(this=exp.Trim(this=value), expression=exp.Literal.string(CODES[name]))
    hidden = exp.not_(value.copy().is_(exp.null()))
    return exp.case().when(is_code, exp.Trim(this=value.copy())).when(hidden, exp.Literal.string(HIDDEN))


def _claimed(name: str) -> exp.Query:
    part = PARTS.get(name, name)
    return parse(
        f"""
        select
            claims.customer_id, '{name}' as attribute, cast(claims.{name} as varchar) as value,
            claims.record_id, claims.source, claims.survival_rank,
            claims.survival_rank = survivors.{part}_rank as is_survivor,
            '{RULES.get(part, "best_source")}' as rule, claims.n_claims
        from identity.survivorship as claims
        inner join identity.survivors as survivors on survivors.customer_id = claims.customer_id
        where claims.{name} is not null
        """
    )


def _shown(name: str) -> exp.Query:
    part = PARTS.get(name, name)
    return parse(
        f"""
        select
            shown.customer_id, '{name}' as attribute, shown.{part}_source as source,
            '{RULES.get(part, "best_source")}' as rule, coalesce(counts.n_values, 1) as n_values,
            coalesce(counts.n_distinct, 1) as n_distinct, shown.{name} as masked
        from masked_golden_record as shown
        left join provenance_counts as counts
            on counts.customer_id = shown.customer_id and counts.attribute = '{name}'
        where shown.{name} is not null
        """
    )
