"""Where each attribute of a customer comes from: source row, rule and the values that lost, masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed
from klantprofiel.labels import SEXES
from klantprofiel.schema import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from klantprofiel.display import Summary
    from klantprofiel.warehouse import Tables

RULES: Final = {
    "best_source": "beste bron",
    "most_recent": "laatst bekend",
    "most_frequent": "meest genoemd",
    "whole_name": "hele naam uit een bron",
    "whole_address": "heel adres uit een bron",
    "earliest": "vroegste",
    "latest": "laatste",
}
REASONS: Final = {"lost": "verloor", "refused": "geweigerd: onleesbaar of onzin"}
ORIGIN: Final = ("Gegeven", "Waarde (afgeschermd)", "Bron", "Regel", "Geleverd", "Waarvan verschillend")
ROW: Final = ("source", "file_name", "line_number", "delivered_on", "known_in", "is_dated")
COUNTED: Final = ("customer_id", "attribute", "source", "rule", "n_values", "n_distinct", "masked")
LOSERS: Final = ("Waarde (afgeschermd)", "Waarom", "Bron", "Bestand", "Regel", "Geleverd op")


@dataclass(frozen=True)
class SourceRow:
    """One row of a delivered file; `file_name` and `line_number` are None where a release does not keep them.

    `known_in` is the month in which what the row says was last changed (jjjj-mm); where the source does not
    tell, `is_dated` is False and it is the month of the delivery.
    """

    source: str
    file_name: str | None = None
    line_number: int | None = None
    delivered_on: date | None = None
    known_in: str | None = None
    is_dated: bool = False

    def place(self) -> tuple[object, ...]:
        """Return source, file, line and day of delivery, as a table shows them."""
        return (
            self.source,
            self.file_name,
            None if self.line_number is None else str(self.line_number),
            self.delivered_on,
        )


@dataclass(frozen=True)
class LosingValue:
    """A value that did not survive, masked; `reason` is `lost` or, for what is no value at all, `refused`."""

    masked: str
    reason: str
    row: SourceRow


@dataclass(frozen=True, repr=False)
class Provenance(Displayed):
    """Where one attribute of a customer comes from, its value masked.

    `rule` is the rule of survivorship that chose it, among `n_values` delivered values of which `n_distinct`
    differ. `row` is the source row that gave it, `losing` are the values that differ and lost.
    """

    customer_id: str
    attribute: str
    source: str
    rule: str
    n_values: int
    n_distinct: int
    masked: str
    row: SourceRow = field(default_factory=lambda: SourceRow(""))
    losing: tuple[LosingValue, ...] = ()

    def summary(self) -> Summary:
        """Return the provenance, in Dutch."""
        label, *values = self.origin()
        _, file_name, line, delivered_on = self.row.place()
        return {
            "title": f"Herkomst van {label} van {self.customer_id}",
            "facts": {
                **dict(zip(ORIGIN[1:], values, strict=True)),
                "Bestand": file_name,
                "Regelnummer": line,
                "Geleverd op": delivered_on,
                "Gewijzigd in": self.row.known_in if self.row.is_dated else None,
            },
            "tables": [
                {
                    "title": "Wat niet bleef",
                    "columns": LOSERS,
                    "rows": [
                        (_shown(lost.masked), REASONS.get(lost.reason, lost.reason), *lost.row.place())
                        for lost in self.losing
                    ],
                }
            ]
            if self.losing
            else [],
            "notes": [f"Regel: {because}."] if (because := _because(self.attribute)) else [],
        }

    def origin(self) -> tuple[object, ...]:
        """Return what a table with the columns `ORIGIN` shows."""
        columns = canonical.Customers.columns
        label = columns[self.attribute].label if self.attribute in columns else self.attribute
        rule = RULES.get(self.rule, self.rule)
        return label, _shown(self.masked), self.source, rule, self.n_values, self.n_distinct


def read_provenance(tables: Tables, number: str) -> dict[str, Provenance]:
    """Return per attribute of the golden record of a customer where it comes from."""
    if not tables.has("provenance"):
        return {}
    rows = tables.arrow(
        "select * from provenance where customer_id = $number order by attribute", number=number
    ).to_pylist()
    losing = _losing(tables, number)
    return {row["attribute"]: _one_provenance(row, losing.get(row["attribute"], [])) for row in rows}


def _one_provenance(row: Mapping[str, Any], losing: list[LosingValue]) -> Provenance:
    origin = SourceRow(**{name: row[name] for name in ROW if name in row})
    told = {name: row[name] for name in COUNTED}
    return Provenance(**told, row=origin, losing=tuple(losing))


def _losing(tables: Tables, number: str) -> dict[str, list[LosingValue]]:
    """Return per attribute the values that did not survive, those of the best source first."""
    if not (tables.has("losing_values") and tables.has("source_rows")):
        return {}
    rows = tables.rows(
        f"select attribute, masked, reason, {', '.join(ROW)} "
        "from losing_values inner join source_rows using (customer_id, survival_rank) "
        "where customer_id = $number order by attribute, survival_rank, reason",
        number=number,
    )
    losing: dict[str, list[LosingValue]] = {}
    for attribute, masked, reason, *row in rows:
        losing.setdefault(attribute, []).append(LosingValue(masked, reason, SourceRow(*row)))
    return losing


def _because(attribute: str) -> str:
    from klantprofiel.unification.golden import SURVIVAL, part_of  # noqa: PLC0415  costly, and only what is shown needs it

    part = SURVIVAL.get(part_of(attribute))
    return part.because if part else ""


def _shown(masked: str) -> str:
    return SEXES.get(masked, masked)
