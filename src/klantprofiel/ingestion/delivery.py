"""What is delivered: files or a frame for one declared table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Self

from klantprofiel.errors import ConfigurationError
from klantprofiel.ingestion.frame import Frame, to_arrow
from klantprofiel.schema import Table


@dataclass(frozen=True)
class Delivery:
    """Files that hold rows of one declared table; `Delivery.of_frame` for rows that are in memory.

    Parameters
    ----------
    table
        The declaration that the delivery has to keep: its columns, dialect and rules.
    path
        A file, a folder of which all files are delivered, or a pattern such as "leveringen/*/klanten.csv";
        numbers in names count by their value. Hidden files and files still being written (.part, .tmp) are
        left out of a folder. A relative path starts at the project.
    delivered_on
        The day of delivery, by default the `as_of` of the run. Of two records with the same key, that of the
        later day holds.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    >>> Delivery(Shops, "leveringen/2026-10-01/winkels.csv").table.name
    'shops'
    """

    table: type[Table]
    path: str | Path
    delivered_on: date | None = None
    frame: Frame | None = field(default=None, kw_only=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check what was given."""
        if not (isinstance(self.table, type) and issubclass(self.table, Table)):
            raise ConfigurationError(
                f"a delivery for {self.table!r}",
                expected='a declared table, as in Delivery(CrmCustomers, "leveringen/klanten.csv")',
                todo="declare the table in schemas/ as a CustomerTable, EventTable or ReferenceTable",
            )
        if not isinstance(self.path, str | Path) or not str(self.path).strip():
            raise ConfigurationError(
                f"a delivery with {self.path!r} as path"
                if isinstance(self.path, str)
                else f"a delivery with a {type(self.path).__name__} as path",
                expected="the path of a file or a folder, or a pattern",
                todo="for a frame, use Delivery.of_frame(table, frame, name=...)",
            )
        if self.delivered_on is not None and (
            not isinstance(self.delivered_on, date) or isinstance(self.delivered_on, datetime)
        ):
            raise ConfigurationError(
                f"delivered_on={self.delivered_on!r}", expected="a date, as in delivered_on=date(2026, 10, 1)"
            )

    @classmethod
    def of_frame(
        cls,
        table: type[Table],
        frame: object,
        *,
        name: str,
        delivered_on: date | None = None,
    ) -> Self:
        """Return the delivery of a frame: pandas, polars, Arrow, or another that gives its columns as Arrow.

        Its headers and the types of its columns are held against the declaration as those of a Parquet file
        are; moments without a zone are on the clock that the table declares. None, NaN and NaT of pandas are
        no value. Line numbers are row numbers from 1. The same contents land once, under whatever name.

        Parameters
        ----------
        table
            The declaration that the frame has to keep.
        frame
            The rows; the index of a pandas frame is left alone, unless it has a name.
        name
            What accounts and errors call it.
        delivered_on
            As for a file.

        Raises
        ------
        ConfigurationError
            When `frame` is no frame.
        DeliveryError
            When a pandas column holds values of several kinds, or the index has a name.

        Examples
        --------
        >>> import pyarrow as pa
        >>> from klantprofiel import schema as s
        >>> class Shops(s.ReferenceTable):
        ...     "Winkels: one row per shop."
        ...     shop_id = s.Text(label="Winkelnummer", key=True)
        >>> Delivery.of_frame(Shops, pa.table({"shop_id": ["1", "2"]}), name="winkels").frame.n_rows
        2
        """
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise ConfigurationError(
                f"a frame called {name!r}", expected='a name for accounts, as in name="winkels uit het CRM"'
            )
        return cls(table, name, delivered_on, frame=Frame(to_arrow(frame, name)))
