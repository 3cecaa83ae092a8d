"""The SQL of the versions of attributes, which depends on what a golden record tells."""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlglot import exp

from klantprofiel.profiles.facts import history_of
from klantprofiel.unification.golden.attributes import attributes, masked
from klantprofiel.warehouse import Statement, parse

HISTORY: Final = history_of("identity.golden_values")
NOT_KEPT: Final = ("updated_on",)
"""What a golden record tells of itself, not of the customer."""


@cache
def attribute_versions() -> Statement:
    """Return the view of every value that a golden record ever had, of those that ever changed.

    >>> attribute_versions().columns[:4]
    ('customer_id', 'valid_from', 'recorded_at', 'thought_until')
    """
    versions = exp.union(*map(_versions, kept_attributes()), distinct=False, copy=False)
    return Statement.of(
        table="identity.attribute_versions",
        describes="what golden records that changed said of each attribute, and how long it was thought.",
        grain="One row per customer, attribute and golden record that it ever had.",
        select=parse(
            f"""
            with several as (
                select customer_id
                from {HISTORY}
                group by customer_id
                having count(*) > 1
            ),
            kept as (
                select
                    history.*,
                    coalesce(history.replaced_at, cast('9999-12-31' as timestamp)) as thought_until
                from {HISTORY} as history
                inner join several on several.customer_id = history.customer_id
            )
            {versions.sql("duckdb")}
            """
        ),
    )


def kept_attributes() -> tuple[str, ...]:
    """Return the attributes of which every version is kept.

    >>> kept_attributes()[-1]
    'registered_on'
    """
    return tuple(name for name in attributes() if name not in NOT_KEPT)


def _versions(name: str) -> exp.Query:
    return (
        exp.select("customer_id", "valid_from", "recorded_at", "thought_until")
        .select(exp.alias_(exp.Literal.string(name), "attribute"))
        .select(exp.alias_(exp.cast(exp.column(name), "varchar"), "value"))
        .select(exp.alias_(masked(name, exp.column(name)), "masked"))
        .from_("kept")
    )
