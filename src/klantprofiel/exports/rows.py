"""The rows of an export: of each customer who is reached, only the columns that the channel needs."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from klantprofiel.exports.channels import ANALYSIS, KEY_COLUMNS, contact_columns
from klantprofiel.warehouse import open_owner, open_stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from klantprofiel.exports.reach import Audience

AT_A_TIME: Final = 50_000  # rows as Python values; any number gives the same file


def header(audience: Audience) -> list[str]:
    """Return the Dutch names of the columns; a variable keeps the name it is described under."""
    return [*KEY_COLUMNS.values(), *contact_columns(audience.channel).values(), *audience.variables]


def rows(audience: Audience) -> Iterator[tuple[object, ...]]:
    """Yield one row per customer who is reached, sorted by customer number."""
    opened = open_stored if audience.channel == ANALYSIS else open_owner
    with closing(opened(audience.root, audience.release_id)) as release:
        query = _select(audience).sql("duckdb")
        for batch in release.arrow(query, members=audience.members).to_batches(AT_A_TIME):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _select(audience: Audience) -> exp.Select:
    """Return the select: the variables for research, the attributes of the golden record for contact."""
    from sqlglot import exp  # noqa: PLC0415  costly, and only an export needs it

    is_research = audience.channel == ANALYSIS
    wanted = audience.variables if is_research else contact_columns(audience.channel)
    table = exp.table_("profiles") if is_research else exp.table_("golden_record", db="identity")
    columns = [exp.column(name, "members") for name in KEY_COLUMNS]
    columns += [exp.column(name, "customer", quoted=True) for name in wanted]
    return (
        exp.select(*columns)
        .from_("members")
        .join(
            exp.alias_(table, "customer", table=True),
            on="customer.customer_id = members.customer_id",
            join_type="left",
        )
        .order_by("members.customer_id")
    )
