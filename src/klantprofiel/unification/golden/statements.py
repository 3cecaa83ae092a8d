"""The SQL of the golden record that depends on declarations: placeholders read as unknown, and provenance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.unification.golden.attributes import HIDDEN, attributes, masked, part_of, parts
from klantprofiel.unification.golden.survival import counted, key, presence, rule_of
from klantprofiel.unification.standard.placeholders import BIRTH_DATES, TEXT
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.schema import Column

READ_ELSEWHERE: Final = ("email", "phone", "iban", "sex")
"""Where no placeholder needs to be looked for: the first three are read value by value, sex is a code."""

REFUSED: Final = ("email", "phone", "loyalty_number", "iban")
"""Attributes of which a claim tells that a value came that is none; such a value never survives."""

TAIL: Final = 1_000_000
"""The last places of the number by which claims compete hold the survival_rank of the claim."""


@cache
def known_customers() -> Statement:
    """Return the view of the customer files in which empty texts and placeholders are unknown.

    >>> known_customers().columns[:6]
    ('record_id', 'source', 'delivered_on', 'batch_id', 'line_number', 'given_name')
    """
    return Statement.of(
        table="identity.known_customers",
        describes="what the customer files say; a placeholder (`onbekend`, 01-01-1900) is read as unknown.",
        grain="One row per source record in a customer file.",
        select=exp.select("record_id", "source", "delivered_on", "batch_id", "line_number")
        .select(*(_known(name, column) for name, column in attributes().items()))
        .from_("identity.customers"),
    )


@cache
def survivors() -> Statement:
    """Return the table that tells which claim each part of a golden record comes from.

    >>> survivors().columns[:4]
    ('customer_id', 'n_claims', 'name_rank', 'sex_rank')
    """
    counts = _listed(
        f"case when {part} is not null then count(*) over (partition by customer_id, {part}) end as n_{part}"
        for part in counted()
    )
    keys = _listed(f"min(case when {presence(part)} then {key(part)} end) as {part}_key" for part in parts())
    ranks = _listed(f"{part}_key % {TAIL} as {part}_rank" for part in parts())
    return Statement.of(
        table="identity.survivors",
        describes="which claim each part of a golden record comes from, by its survival_rank.",
        grain="One row per customer with more than one claim; null is a part that no claim knows.",
        select=parse(
            f"""
            with several as (
                select claims.*
                from identity.survivorship as claims
                inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
                where claims.n_claims > 1
            ),
            counted as (select *, {counts} from several),
            keys as (
                select customer_id, max(n_claims) as n_claims, {keys} from counted group by customer_id
            )
            select customer_id, n_claims, {ranks}
            from keys
            order by customer_id
            """
        ),
    )


@cache
def chosen_values() -> Statement:
    """Return the table of golden records that are not simply the one claim that there is.

    >>> chosen_values().columns[:3]
    ('customer_id', 'given_name', 'initials')
    """
    chosen = _listed(
        f"max(claims.{name}) filter (where claims.survival_rank = survivors.{part_of(name)}_rank) as {name}"
        for name in attributes()
    )
    nothing = _listed(f"cast(null as {column.sql_type}) as {name}" for name, column in attributes().items())
    return Statement.of(
        table="identity.chosen_values",
        describes="the golden records of customers with several claims, and the empty ones of those without.",
        grain="One row per customer with several claims or none; who has one is what that says.",
        select=parse(
            f"""
            with mentioned as (
                select distinct registry.customer_id
                from identity.source_records as records
                inner join identity.customer_records as registry on registry.record_id = records.record_id
                inner join identity.touched_customers as touched on touched.customer_id = registry.customer_id
                where not records.has_details
            ),
            chosen as (
                select claims.customer_id, {chosen}
                from identity.survivorship as claims
                inner join identity.survivors as survivors on survivors.customer_id = claims.customer_id
                inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
                where claims.n_claims > 1
                group by claims.customer_id
                union all
                select mentioned.customer_id, {nothing}
                from mentioned
                left join identity.survivorship as claims on claims.customer_id = mentioned.customer_id
                where claims.customer_id is null
            )
            select customer_id, {_listed(attributes())}
            from chosen
            order by customer_id
            """
        ),
    )


@cache
def golden_record() -> Statement:
    """Return the view of the best known value of each attribute of each customer.

    Most customers have one claim, of which nothing needs to be chosen, nor written a second time.

    >>> golden_record().columns[:3]
    ('customer_id', 'given_name', 'initials')
    """
    columns = _listed(("customer_id", *attributes()))
    return Statement.of(
        table="identity.golden_record",
        describes="the best known value of each attribute of each customer.",
        grain="One row per customer; everything is null for a customer whom only events mention.",
        select=parse(
            f"select {columns} from identity.survivorship where n_claims = 1 "
            f"union all select {columns} from identity.chosen_values"
        ),
    )


@cache
def masked_golden_record() -> Statement:
    """Return the golden record as it may be shown: personal values masked, and the claim of each part.

    >>> masked_golden_record().columns[-1]
    'updated_on_rank'
    """
    shown = (exp.alias_(masked(name, exp.column(name, table="golden_record")), name) for name in attributes())
    return Statement.of(
        table="masked_golden_record",
        describes="the golden record as it may be shown: masked, with the source row of each part.",
        grain="One row per customer; <part>_rank is that of its row in source_rows, where it is known.",
        select=exp.select("golden_record.customer_id", *shown)
        .select(*(f"coalesce(survivors.{part}_rank, 1) as {part}_rank" for part in parts()))
        .from_("identity.golden_record as golden_record")
        .join(
            "identity.survivors as survivors",
            on="survivors.customer_id = golden_record.customer_id",
            join_type="left",
        )
        .join("identity.touched_customers as touched", on="touched.customer_id = golden_record.customer_id")
        .order_by("golden_record.customer_id"),
    )


@cache
def losing_values() -> Statement:
    """Return the table of the values that did not survive, masked.

    >>> losing_values().columns
    ('customer_id', 'attribute', 'survival_rank', 'reason', 'masked')
    """
    lost = [_lost(name) for name in attributes()]
    refused = [_refused(name) for name in REFUSED]
    return Statement.of(
        table="losing_values",
        describes="which values did not survive: lost to another, or refused as no value at all.",
        grain="One row per customer, attribute and source row with another value; masked as its kind is.",
        select=parse(
            f"""
            with refused as (
                select
                    claims.customer_id, claims.survival_rank, {
                _listed(f"claims.is_{name}_refused" for name in REFUSED)
            }
                from identity.survivorship as claims
                inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
                where {" or ".join(f"claims.is_{name}_refused" for name in REFUSED)}
            ),
            lost as (
                select claims.customer_id, claims.survival_rank, {
                _listed(
                    f"case when {_differs(name)} then claims.{name} end as {name}" for name in attributes()
                )
            }
                from identity.survivorship as claims
                inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
                inner join identity.chosen_values as chosen on chosen.customer_id = claims.customer_id
                where claims.n_claims > 1
            ),
            losers as ({" union all ".join(query.sql("duckdb") for query in [*lost, *refused])})
            select customer_id, attribute, survival_rank, reason, masked
            from losers
            order by customer_id, attribute, survival_rank, reason
            """
        ),
    )


@cache
def provenance_counts() -> Statement:
    """Return the table that tells among how many values each attribute was chosen, where there was a choice.

    Of two values, or of many equal ones, the lowest and the highest tell how many differ; few need a count.

    >>> provenance_counts().columns
    ('customer_id', 'attribute', 'n_values', 'n_distinct')
    """
    counts = _listed(
        f"count(claims.{name}) as n_{name}, "
        f"coalesce(min(claims.{name}) <> max(claims.{name}), false) as varies_{name}"
        for name in attributes()
    )
    per_attribute = " union all ".join(_counted(name) for name in attributes())
    return Statement.of(
        table="provenance_counts",
        describes="from how many values a value in a golden record was chosen, where there was a choice.",
        grain="One row per customer and attribute of which more than one record gave a value.",
        select=parse(
            f"""
            with counts as (
                select claims.customer_id, {counts}
                from identity.survivorship as claims
                inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
                where claims.n_claims > 1
                group by claims.customer_id
            ),
            per_attribute as ({per_attribute})
            select customer_id, attribute, n_values, n_distinct
            from per_attribute
            order by customer_id, attribute
            """
        ),
    )


@cache
def provenance_values() -> Statement:
    """Return the view of every value that a source gave, its row, its rule, and whether it survived.

    >>> provenance_values().columns[:4]
    ('customer_id', 'attribute', 'value', 'record_id')
    """
    return Statement.of(
        table="identity.provenance_values",
        describes="every value that a source gave for an attribute of a customer, and whether it survived.",
        grain="One row per customer, attribute and source record with a value.",
        select=_together(_claimed(name) for name in attributes()),
    )


@cache
def provenance() -> Statement:
    """Return the view of where each value of a golden record comes from.

    >>> provenance().columns[:5]
    ('customer_id', 'attribute', 'source', 'file_name', 'line_number')
    """
    return Statement.of(
        table="provenance",
        describes="where each value of a golden record comes from, by which rule, among how many.",
        grain="One row per customer and known attribute; n_values counts the records that gave a value.",
        select=_together(_shown(name) for name in attributes()),
    )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _together(queries: Iterable[exp.Query]) -> exp.Query:
    return exp.union(*queries, distinct=False, copy=False)


def _known(name: str, column: Column) -> exp.Expr:
    value = exp.column(name)
    if column.sql_type == "VARCHAR" and name not in READ_ELSEWHERE:
        placeholder = exp.Lower(this=exp.Trim(this=value.copy())).isin("", *TEXT)
    elif name == "birth_date":
        placeholder = value.copy().isin(*BIRTH_DATES)
    else:
        return value
    return exp.alias_(exp.case().when(placeholder.not_(), value), name)


def _differs(name: str) -> str:
    """Return the SQL that tells whether a claim has another value than the chosen one; few claims have."""
    return f"(claims.{name} <> chosen.{name} or (chosen.{name} is null and claims.{name} is not null))"


def _counted(name: str) -> str:
    """Return the SQL of how many values of an attribute customers have, and how many of these differ."""
    return f"""
        select
            customer_id, '{name}' as attribute, n_{name} as n_values,
            case when varies_{name} then 2 else 1 end as n_distinct
        from counts
        where n_{name} = 2 or (n_{name} > 2 and not varies_{name})
        union all
        select
            claims.customer_id, '{name}' as attribute, count(claims.{name}) as n_values,
            count(distinct claims.{name}) as n_distinct
        from identity.survivorship as claims
        inner join counts on counts.customer_id = claims.customer_id
        where claims.n_claims > 2 and counts.n_{name} > 2 and counts.varies_{name}
        group by claims.customer_id
    """


def _lost(name: str) -> exp.Query:
    return (
        exp.select("customer_id", "survival_rank", exp.alias_(exp.Literal.string(name), "attribute"))
        .select("'lost' as reason", exp.alias_(masked(name, exp.column(name)), "masked"))
        .from_("lost")
        .where(exp.column(name).is_(exp.null()).not_())
    )


def _refused(name: str) -> exp.Query:
    return parse(
        f"""
        select customer_id, survival_rank, '{name}' as attribute, 'refused' as reason, '{HIDDEN}' as masked
        from refused
        where is_{name}_refused
        """
    )


def _claimed(name: str) -> exp.Query:
    return parse(
        f"""
        select
            claims.customer_id, '{name}' as attribute, cast(claims.{name} as varchar) as value,
            claims.record_id, claims.source, claims.batch_id, claims.line_number, claims.delivered_on,
            claims.known_on, claims.survival_rank,
            claims.survival_rank = coalesce(survivors.{part_of(name)}_rank, 1) as is_survivor,
            '{rule_of(name)}' as rule, claims.n_claims
        from identity.survivorship as claims
        left join identity.survivors as survivors on survivors.customer_id = claims.customer_id
        where claims.{name} is not null
        """
    )


def _shown(name: str) -> exp.Query:
    return parse(
        f"""
        select
            shown.customer_id, '{name}' as attribute, origin.source, origin.file_name, origin.line_number,
            origin.delivered_on, origin.known_in, origin.is_dated, origin.survival_rank,
            '{rule_of(name)}' as rule, coalesce(counts.n_values, 1) as n_values,
            coalesce(counts.n_distinct, 1) as n_distinct, shown.{name} as masked
        from masked_golden_record as shown
        inner join source_rows as origin
            on origin.customer_id = shown.customer_id and origin.survival_rank = shown.{part_of(name)}_rank
        left join provenance_counts as counts
            on counts.customer_id = shown.customer_id and counts.attribute = '{name}'
        where shown.{name} is not null
        """
    )
