"""What a reader of files has to know of a declared table: plain values, so that another process can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from klantprofiel.schema import Table
    from klantprofiel.schema.dialect import Dialect


@dataclass(frozen=True)
class Field:
    """One declared column: its name, its header in the file, what its values become, and its own format."""

    name: str
    header: str
    sql_type: str
    nullable: bool
    format: str = ""


@dataclass(frozen=True)
class Contract:
    """The columns and the dialect that a delivered file has to keep.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", source="winkelnr", key=True)
    >>> Contract.of(Shops).fields
    (Field(name='shop_id', header='winkelnr', sql_type='VARCHAR', nullable=False, format=''),)
    """

    table_name: str
    fields: tuple[Field, ...]
    dialect: Dialect

    @classmethod
    def of(cls, table: type[Table]) -> Self:
        """Return what a declared table says of its files."""
        fields = (
            Field(name, column.header, column.sql_type, column.nullable, getattr(column, "format", ""))
            for name, column in table.columns.items()
        )
        return cls(table.name, tuple(fields), table.dialect)
