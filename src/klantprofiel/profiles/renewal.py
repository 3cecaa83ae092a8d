"""Themes made again of some customers alone: of the others the rows of the release before still hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from klantprofiel.profiles.changed import CHANGED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from klantprofiel.profiles.changed import Kept
    from klantprofiel.profiles.theme import Facts, Theme
    from klantprofiel.profiles.variable import Variable
    from klantprofiel.warehouse import Run

RENEWED: Final = "identity.renewed_customers"
CUSTOMERS: Final = "customers"


def made_with(themes: Collection[Theme], facts: Collection[Facts]) -> tuple[list[str], list[str]]:
    """Return by what rows are made that a later run may keep, and the tables that are read for it."""
    renewed = [theme for theme in themes if theme.windows is not None]
    made = [(each.statement(), each.types) for each in facts]
    made += [(theme.statement(), theme.types) for theme in renewed]
    sql = [statement.sql(types) for statement, types in made]
    sql += [repr((theme.name, theme.windows, theme.days_since)) for theme in renewed]
    return sql, [table for statement, _ in made for table in statement.tables]


@dataclass(frozen=True)
class Renewal:
    """Makes themes again of the customers of whom anything counts now that did not before, or no longer.

    These are the customers in `identity.changed_customers`, and those with a fact of a day that has come
    since the release before, or that left one of the windows of the theme since.

    Parameters
    ----------
    run
        The run, with the facts of its date and the themes of the release before.
    kept
        What is kept of that release.
    facts, references
        The facts and the tables of reference that themes may read.
    """

    run: Run
    kept: Kept
    facts: Collection[Facts]
    references: Collection[Facts]

    def can_renew(self, theme: Theme) -> bool:
        """Whether the rows of a theme still hold for customers of whom nothing changed."""
        if theme.windows is None or not self.run.has(theme.name):
            return False
        read = set(theme.statement().tables)
        references = {each.name for each in self.references} & read
        held = {each.name for each in self.facts if self.kept.holds(each)}
        return read <= held | references | {CUSTOMERS} and not any(
            self.run.rows(f"select 1 from {table} where {self._came(table, windows=())} limit 1")
            for table in sorted(references)
        )

    def renew(self, theme: Theme) -> tuple[Variable, ...]:
        """Make the rows of those customers, let the days of the others pass, and return the variables."""
        run, statement = self.run, theme.statement()
        passed = (run.as_of - self.kept.as_of).days
        renewed = run.arrow(" union ".join(self._concerned(theme)))
        concerned = set(statement.tables) & {CUSTOMERS, *(each.name for each in self.facts)}
        reading = {
            table: run.arrow(f"from {table} semi join renewed using (customer_id)", renewed=renewed)
            for table in sorted(concerned)
        }
        rows = run.read(statement, reading=reading)
        theme.check_grain(run, rows)
        if passed and theme.days_since:
            later = ", ".join(f'"{name}" = "{name}" + $passed' for name in theme.days_since)
            run.execute(f"update {theme.name} set {later}", passed=passed)
        run.write(RENEWED, renewed, describes="whose rows are made again.", grain="One row per customer.")
        run.renew(statement, key="customer_id", touched=RENEWED, types=theme.types, rows=rows)
        run.drop(RENEWED)
        return theme.variables

    def _concerned(self, theme: Theme) -> Iterator[str]:
        """Give the queries that tell which customers a theme is made of again."""
        yield f"select customer_id from {CHANGED}"
        for table in sorted({each.name for each in self.facts} & set(theme.statement().tables)):
            yield f"select customer_id from {table} where {self._came(table, windows=theme.windows or ())}"

    def _came(self, table: str, *, windows: Collection[int]) -> str:
        """Return the condition that a day of a row, or the end of a window from it, has come since."""
        days = [column for column, kind in self.run.columns(table).items() if kind == "DATE"]
        came = [
            f"\"{day}\" > date '{self.kept.as_of - width}' and \"{day}\" <= date '{self.run.as_of - width}'"
            for day in days
            for width in map(timedelta, (0, *windows))
        ]
        return " or ".join(came) or "false"
