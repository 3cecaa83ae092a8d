"""Whether a source's columns can stand for the canonical ones of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.errors import near_miss
from klantprofiel.schema.codes import Choice, Coded, Flag
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.numbers import Scale
from klantprofiel.schema.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klantprofiel.schema.column import Column
    from klantprofiel.schema.tables import CanonicalTable, Table


def mapping_faults(table: type[Table], canonical: type[CanonicalTable]) -> Iterator[tuple[str, Fault]]:
    """Tell what keeps a table from filling a canonical one."""
    wanted = canonical.delivered_as
    if not issubclass(table, wanted):
        found = f"{table.__bases__[0].__name__} cannot fill {canonical.__name__}"
        form = f"class {table.__name__}(s.{wanted.__name__}, maps_to=s.canonical.{canonical.__name__})"
        yield "", Fault(found, form)
    if canonical.delivered_as.__name__ == "CustomerTable" and table.keys != canonical.keys:
        yield (
            "",
            Fault(f"a key of {', '.join(table.keys)}", f"the customer number: {', '.join(canonical.keys)}"),
        )
    for name, target in canonical.columns.items():
        column = table.columns.get(name)
        if column:
            yield from ((name, fault) for fault in _column_faults(column, target))
        elif not target.nullable:
            near = near_miss(name, table.columns)
            found = f"no column {name}, which {canonical.__name__} cannot do without{near}"
            yield (
                "",
                Fault(found, f'{name} = s.{type(target).__name__}(label="{target.label}", source="...")'),
            )
    for name in canonical.keys:
        column = table.columns.get(name)
        if column and not column.key:
            found = f"{name} is no key, so two rows of {canonical.__name__} would pass for one"
            yield (
                name,
                Fault(found, f'{name} = s.{type(column).__name__}(label="{column.label}", key=True, ...)'),
            )


def privacy_faults(
    declared: Mapping[str, Column], canonical: type[CanonicalTable]
) -> Iterator[tuple[str, Fault]]:
    """Tell where a column is declared less personal than the canonical one is; columns as declared."""
    for attribute, column in declared.items():
        target = canonical.columns.get(column.name or attribute)
        for option in ("personal", "protected"):
            is_lowered = getattr(type(column), option) and not getattr(column, option)
            if target and is_lowered and getattr(target, option):
                found = f"{option}=False where the canonical column is {option}"
                yield attribute, Fault(found, f"{column.name or attribute} without {option}=False")


def _column_faults(column: Column, target: Column) -> Iterator[Fault]:
    if not _is_compatible(column, target):
        found = f"s.{type(column).__name__} where the canonical column is s.{type(target).__name__}"
        yield Fault(found, target.form)
        return
    if column.sql_type != target.sql_type:
        yield Fault(f"values of type {column.sql_type}", f"{target.sql_type}, as in {target.form}")
    if target.unit and column.unit != target.unit:
        yield Fault(
            f"unit={column.unit!r}", f'unit="{target.unit}", or another name for what has another unit'
        )
    if column.nullable and not target.nullable:
        yield Fault("nullable=True on a column that is never empty", f"{column.name} without nullable=True")
    if isinstance(column, Coded) and isinstance(target, Choice):
        yield from _code_faults(column, target)
    if isinstance(column, Scale) and isinstance(target, Scale) and column.ends != target.ends:
        found = f"a scale from {column.lowest} to {column.highest}"
        yield Fault(found, f"the canonical scale from {target.lowest} to {target.highest}")


def _code_faults(column: Coded, target: Choice) -> Iterator[Fault]:
    known = list(target.codes)
    for code, meaning in column.codes.items():
        if meaning is not None and meaning not in known:
            form = f'one of {", ".join(known)} for every code, as in values={{"{code}": "{known[0]}"}}'
            yield Fault(f"the code {code!r} stands for {meaning!r}{near_miss(str(meaning), known)}", form)


def _is_compatible(column: Column, target: Column) -> bool:
    if type(target) is Text:
        return isinstance(column, Text) or (isinstance(column, Coded) and not isinstance(column, Flag))
    return isinstance(column, type(target))
