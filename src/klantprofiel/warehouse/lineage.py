"""Where a table comes from and which SQL made it, read from the catalog that each release carries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.errors import NotFoundError, near_miss
from klantprofiel.warehouse.statement import DIALECT, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.warehouse.tables import Tables


@dataclass(frozen=True)
class CatalogEntry:
    """What a release knows of one of its tables."""

    table: str
    describes: str
    grain: str
    made_from: tuple[str, ...]
    columns: tuple[str, ...]
    sql: str
    run_id: str


def read_catalog(tables: Tables) -> dict[str, CatalogEntry]:
    """Return the entry per table of a run or release."""
    rows = tables.rows(
        "select table_name, describes, grain, made_from, columns, sql, run_id from catalog order by all"
    )
    return {
        name: CatalogEntry(name, describes, grain, tuple(made_from), tuple(json.loads(columns)), sql, run_id)
        for name, describes, grain, made_from, columns, sql, run_id in rows
    }


def sql_text(tables: Tables, table: str) -> str:
    """Return the SQL that made a table, or what it was made from when it was not made by one select."""
    entry = _entry(read_catalog(tables), table)
    header = f"-- {entry.table}: {entry.describes}\n-- {entry.grain}\n"
    made_from = ", ".join(entry.made_from) or "deliveries"
    return header + (entry.sql or f"-- not one select: rows are put in, made from {made_from}")


def lineage_text(tables: Tables, table: str) -> str:
    """Return the tree of tables that a table comes from, and per column the columns that it is made of."""
    catalog = read_catalog(tables)
    entry = _entry(catalog, table)
    lines = [*_tree(catalog, entry.table, prefix="", above=set())]
    columns = column_sources(catalog, entry)
    if columns:
        width = max(map(len, columns))
        lines += ["", "columns"]
        lines += [
            f"  {name:<{width}}  <- {', '.join(found) or 'a constant'}" for name, found in columns.items()
        ]
    return "\n".join(lines)


def column_sources(catalog: dict[str, CatalogEntry], entry: CatalogEntry) -> dict[str, tuple[str, ...]]:
    """Return per column of a table made by one select the `table.column`s that it is computed from."""
    from sqlglot.lineage import lineage  # noqa: PLC0415  the optimizer is costly to import
    from sqlglot.schema import MappingSchema  # noqa: PLC0415  the same

    if not entry.sql:
        return {}
    schema = MappingSchema(dialect=DIALECT)
    for name in entry.made_from:
        if name in catalog:
            # A plain name gets a database too: sqlglot wants every table at the same depth.
            path = name if "." in name else f"main.{name}"
            schema.add_table(path, dict.fromkeys(catalog[name].columns, "varchar"), dialect=DIALECT)
    select = parse(entry.sql)
    return {
        column: tuple(sorted(set(_leaves(lineage(column, select, schema=schema, dialect=DIALECT)))))
        for column in entry.columns
    }


def _leaves(node: object) -> Iterator[str]:
    from sqlglot import exp  # noqa: PLC0415  loaded with the statement that is asked about
    from sqlglot.lineage import Node  # noqa: PLC0415  the same

    if isinstance(node, Node):
        if not node.downstream and isinstance(node.expression, exp.Table):
            table = ".".join(part.name for part in node.expression.parts)
            column = node.name.rsplit(".", maxsplit=1)[-1].strip('"')
            yield f"{table.removeprefix('main.')}.{column}"
        for child in node.downstream:
            yield from _leaves(child)


def _tree(catalog: dict[str, CatalogEntry], table: str, prefix: str, above: set[str]) -> Iterator[str]:
    """Draw a table and below it what it is made from; a table that was drawn above is only named."""
    entry = catalog.get(table)
    if entry is None or table in above:
        yield f"{table}  ({'see above' if entry else 'not in this release'})"
        return
    above.add(table)
    yield f"{table}  {entry.describes} [{entry.run_id}]"
    for position, parent in enumerate(entry.made_from):
        is_last = position == len(entry.made_from) - 1
        branch, stem = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        lines = _tree(catalog, parent, prefix + stem, above)
        yield prefix + branch + next(lines)
        yield from lines


def _entry(catalog: dict[str, CatalogEntry], table: str) -> CatalogEntry:
    for name in (table, f"identity.{table}"):
        if name in catalog:
            return catalog[name]
    raise NotFoundError(
        f"there is no table {table!r}{near_miss(table, catalog)}",
        expected=f"one of {', '.join(sorted(catalog)) or 'none yet'}",
    )
