"""The one pass that splits landed records: their typed values, and whether they keep every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from klantprofiel.validation.checks import UNIQUE, Check, checks_of, is_clean, reads_text, text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from klantprofiel.schema import Dialect, Table

LANDED = "read_parquet($files, filename = true, union_by_name = true)"
SPLIT = "aside.split"  # what `split_select` selects, in a database in memory that spills when it has to
UNIQUE_REASON = "Deze sleutel kwam in dezelfde levering al eerder voor"


def split_select(table: type[Table], dialect: Dialect, landed_columns: Collection[str]) -> exp.Select:
    """Return the select that types and judges the pending records of a table that landed in one dialect.

    It reads the landed files `$files` and the frame `pending` (path, _batch, _delivered_on). One row per
    record: _batch, _line, the declared columns as typed, and _is_clean.
    """
    typed = [
        exp.alias_(column.cast(_landed(name, landed_columns), dialect), name, quoted=True)
        for name, column in table.columns.items()
    ]
    texts = [
        exp.alias_(_landed(name, landed_columns), f"_text_{name}", quoted=True)
        for name, column in table.columns.items()
        if column.nullable and reads_text(column, dialect)
    ]
    values = _records(["_batch", "_line", "_delivered_on"], [*typed, *texts])
    return exp.select(
        "_batch",
        "_line",
        *(value_of(name) for name in table.columns),
        exp.alias_(is_clean(table, dialect), "_is_clean"),
    ).from_(values.subquery("typed", copy=False), copy=False)


def quarantine_select(table: type[Table], dialect: Dialect, landed_columns: Collection[str]) -> exp.Select:
    """Return the select that explains the records named by the frame `condemned` (_batch, _line, _is_repeat).

    One row per record: _batch, _line, all rules that it breaks, their reasons, and the record as JSON.
    """
    texts = [
        exp.alias_(_landed(name, landed_columns), f"_text_{name}", quoted=True) for name in table.columns
    ]
    condemned = (
        _records(["_batch", "_line", "_delivered_on", "_is_repeat"], texts)
        .join("condemned", using=["_batch", "_line"], copy=False)
        .where(
            "landed._line in (select _line from condemned)", copy=False
        )  # most records go before their file is asked
    )
    typed = exp.select(
        "*",
        *(
            exp.alias_(column.cast(text_of(name), dialect), name, quoted=True)
            for name, column in table.columns.items()
        ),
    ).from_(condemned.subquery("texts", copy=False), copy=False)
    checks = [*checks_of(table, dialect), Check(UNIQUE, exp.column("_is_repeat"), UNIQUE_REASON)]
    record = exp.func(
        "json_object",
        *(part for name in table.columns for part in (exp.Literal.string(name), text_of(name))),
        dialect="duckdb",
    )
    return exp.select(
        "_batch",
        "_line",
        exp.alias_(_where_broken(checks, [check.name for check in checks]), "rules"),
        exp.alias_(_where_broken(checks, [check.reason for check in checks]), "reasons"),
        exp.alias_(exp.cast(record, "varchar"), "record"),
    ).from_(typed.subquery("typed", copy=False), copy=False)


def repeats_select(keys: Sequence[str]) -> exp.Select:
    """Return the select of records whose key a loaded record before them in the same batch has.

    One row per such record: _batch and _line.
    """
    key = [value_of(name) for name in keys]
    complete = exp.and_(*(exp.not_(name.copy().is_(exp.null())) for name in key))
    first = (
        exp.select("_batch", *key)
        .select("min(_line) filter (where _is_clean) as _first", dialect="duckdb")
        .from_(SPLIT)
        .where(complete)
        .group_by("_batch", *key)
        .having("count(*) > 1")
    )
    return (
        exp.select("_batch", "_line")
        .from_(SPLIT)
        .join(first.subquery("firsts"), using=["_batch", *(f'"{name}"' for name in keys)])
        .where("_line > _first")
    )


def _landed(column: str, landed_columns: Collection[str]) -> exp.Expr:
    """Return the landed text of a column; no text in deliveries from before the column was declared."""
    if column in landed_columns:
        return exp.column(column, table="landed", quoted=True)
    return exp.cast(exp.null(), "varchar")


def _records(names: Sequence[str], columns: Sequence[exp.Expr]) -> exp.Select:
    return (
        exp.select(*names, *columns)
        .from_(f"{LANDED} as landed", dialect="duckdb", copy=False)
        .join("pending", on="pending.path = landed.filename", copy=False)
    )


def _where_broken(checks: Sequence[Check], words: Sequence[str]) -> exp.Expr:
    """Return the list of the words whose check a record breaks."""
    cases = [
        exp.Case(ifs=[exp.If(this=check.is_broken.copy(), true=exp.Literal.string(word))])
        for check, word in zip(checks, words, strict=True)
    ]
    kept = exp.Lambda(
        this=exp.not_(exp.column("word").is_(exp.null())), expressions=[exp.to_identifier("word")]
    )
    return exp.ArrayFilter(this=exp.Array(expressions=cases), expression=kept)
