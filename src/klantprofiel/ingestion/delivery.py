"""What is delivered: one file for one declared table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from klantprofiel.errors import ConfigurationError, DeliveryError
from klantprofiel.project import resolve
from klantprofiel.schema import Table

if TYPE_CHECKING:
    from klantprofiel.project import Project


@dataclass(frozen=True)
class Delivery:
    """One file that holds rows of one declared table.

    Parameters
    ----------
    table
        The declaration that the file has to keep: its columns, dialect and rules.
    path
        The file; a relative path starts at the project.

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

    def __post_init__(self) -> None:
        """Check what was given."""
        if not (isinstance(self.table, type) and issubclass(self.table, Table)):
            raise ConfigurationError(
                f"a delivery for {self.table!r}",
                expected='a declared table, as in Delivery(CrmCustomers, "leveringen/klanten.csv")',
                todo="declare the table in schemas/ as a CustomerTable, EventTable or ReferenceTable",
            )
        if not isinstance(self.path, str | Path):
            raise ConfigurationError(
                f"a delivery with a {type(self.path).__name__} as path", expected="the path of one file"
            )

    def name(self, project: Project | None) -> str:
        """Return what accounts and errors call the file: its path within the project, or its own name."""
        path = resolve(self.path)
        root = project.root if project else Path.cwd()
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name

    def check(self, project: Project | None) -> Path:
        """Return the absolute path of a file that can be read; DeliveryError otherwise."""
        path, name = resolve(self.path), self.name(project)
        if path.exists() and not path.is_file():
            kind = "a directory" if path.is_dir() else "no ordinary file"
            raise DeliveryError(f"{name} is {kind}", expected=f"one file with rows of {self.table.name}")
        try:
            with path.open("rb"):
                return path
        except FileNotFoundError:
            raise DeliveryError(
                f"there is no file {name}",
                expected=f"the delivery of {self.table.name}",
                todo=f"see whether it was delivered; the full path is {path}",
            ) from None
        except OSError as error:
            raise DeliveryError(
                f"{name} cannot be opened: {error.strerror}",
                expected="a file that this user may read",
                todo="ask for permission to read it, or copy it",
            ) from None
