"""What makes a table's declaration wrong: which attribute, what was found, and the correct form."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from klantprofiel.errors import DeclarationError, near_miss
from klantprofiel.schema import names
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import Declared, Fault, Misdeclared
from klantprofiel.schema.dialect import Dialect
from klantprofiel.schema.limits import AtMost, Retention
from klantprofiel.schema.predicates import FORM as RULE_FORM
from klantprofiel.schema.rules import RuleText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from klantprofiel.schema.tables import Table

Found: TypeAlias = "Iterator[tuple[str, Fault]]"  # an attribute ("" for the table as a whole) and its fault

SETTINGS: Final = {
    "name": 'name = "crm_customers"',
    "source": 'source = "crm"',
    "customers_of": 'customers_of = "crm"',
    "rank": "rank = 1",
    "dialect": 'dialect = s.Csv(delimiter=";")',
    "purpose": 'purpose = "uitvoering overeenkomst"',
    "retention": "retention = s.years(7)",
    "quarantine": "quarantine = s.at_most(share=0.02)",
}


class Body(dict[str, Any]):
    """The body of a table while Python reads it; remembers the line of each name, and a name given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.repeated: list[str] = []

    def __setitem__(self, name: str, value: object) -> None:
        if name in self and not name.startswith("__"):
            self.repeated.append(name)
        self.lines[name] = sys._getframe(1).f_lineno  # noqa: SLF001 - the class body, at this name
        super().__setitem__(name, value)


@dataclass(frozen=True)
class Site:
    """Where a table is declared: the file, the line of each attribute, and the line of the class as ""."""

    file: str
    table: str
    lines: Mapping[str, int]

    def refuse_first(self, found: Found) -> None:
        """Raise the first fault that is found."""
        for attribute, fault in found:
            self.refuse(attribute, fault)

    def refuse(self, attribute: str, fault: Fault) -> NoReturn:
        """Raise a fault with the name of this place."""
        name = f"{self.table}.{attribute}" if attribute else self.table
        line = self.lines.get(attribute, self.lines[""])
        raise DeclarationError(
            f"{self.file}, line {line}, {name}: {fault.found}",
            expected=fault.expected,
            todo=f"correct {name} and start again; nothing was read or written",
        )


def body_faults(table: type[Table], body: Body) -> Found:
    """Check what the class says, attribute by attribute."""
    yield from _shape_faults(table, body)
    for attribute, value in body.items():
        if not attribute.startswith("__"):
            yield from ((attribute, fault) for fault in _attribute_faults(table, attribute, value))


def _shape_faults(table: type[Table], body: Body) -> Found:
    base = table.__bases__[0]
    if len(table.__bases__) > 1 or "columns" in vars(base):
        bases = " and ".join(each.__name__ for each in table.__bases__)
        yield "", Fault(f"a table built on {bases}", "one of s.CustomerTable, s.EventTable, s.ReferenceTable")
    for name in body.repeated:
        yield name, Fault(f"{name} is declared twice", "each column, rule and setting once")
    if not (body.get("__doc__") or "").strip():
        form = '"""Klanten uit het CRM: one row per customer, delivered daily."""'
        yield "", Fault("no docstring", f"a first line that says what the table holds, as in {form}")
    for name in inspect.get_annotations(table):
        yield name, Fault(f"{name} stands with a : and declares nothing", f'{name} = s.Text(label="...")')


def _attribute_faults(table: type[Table], attribute: str, value: object) -> Iterator[Fault]:
    if isinstance(value, Misdeclared):
        yield value.fault
    elif attribute in SETTINGS:
        yield from _setting_faults(table, attribute, value)
    elif isinstance(value, Column):
        yield from _column_faults(attribute, value)
    elif isinstance(value, Declared):
        yield Fault(f"{_shown(value)} without its options", f"{attribute} = {value.form}")
    elif isinstance(value, RuleText):
        if fault := names.fault_in_column(attribute):
            yield Fault(fault, f"another name, as in not_in_future = {RULE_FORM}")
    else:
        near = near_miss(attribute, SETTINGS)
        form = f'{attribute} = s.Text(label="..."), a rule = s.rule(...), or one of {_listed(table.settings)}'
        yield Fault(f"{_shown(value)} is no column, no rule and no setting{near}", form)


def _setting_faults(table: type[Table], setting: str, value: object) -> Iterator[Fault]:
    form = SETTINGS[setting]
    if isinstance(value, Column):
        kind = f"s.{type(value).__name__}"
        other = f'declared_{setting} = {kind}(label="...", name="{setting}")'
        yield Fault(f"{setting} is a setting of the table", f"a column of that name as {other}")
    elif setting not in table.settings:
        found = f"{setting} is no setting of {table.__bases__[0].__name__}"
        yield Fault(found, f"one of {_listed(table.settings)}")
    elif setting in {"name", "source", "customers_of"}:
        if not isinstance(value, str) or not names.NAME.fullmatch(value):
            yield Fault(f"{setting} = {value!r}", f"lower case letters, digits and underscores: {form}")
    elif setting == "rank":
        if type(value) is not int or value < 1:
            yield Fault(f"rank = {value!r}", f"a whole number from 1, of which the lowest wins: {form}")
    elif setting == "purpose":
        if not isinstance(value, str) or not value.strip():
            yield Fault(f"purpose = {value!r}", f"the reason for which the data is held: {form}")
    elif isinstance(value, Dialect | Retention | AtMost) and _fits(setting, value):
        yield from value.faults()
    else:
        yield Fault(f"{setting} = {_shown(value)}", form)


def _fits(setting: str, value: object) -> bool:
    kinds: dict[str, Any] = {"dialect": Dialect, "retention": Retention, "quarantine": AtMost}
    return isinstance(value, kinds[setting])


def _column_faults(attribute: str, column: Column) -> Iterator[Fault]:
    yield from column.faults()
    name = column.name or attribute
    for each in {attribute, name}:
        if fault := names.fault_in_column(each):
            form = f'another name; source="{column.header or name}" keeps the header, as in {column.form}'
            yield Fault(f"{fault}", form)
    if column.header != column.header.strip():
        yield Fault(f"the header {column.header!r} has spaces around it", "a header without them")
    if names.is_citizen_number(name, column.header, column.label):
        yield Fault("a citizen service number (BSN)", "no such column: the law forbids to process it here")


def table_faults(table: type[Table]) -> Found:
    """Check what the table says as a whole; its columns are bound by now."""
    if not table.keys:
        form = 'key=True on the columns that tell one row from another, as in s.Text(label="...", key=True)'
        yield "", Fault("no key" if table.columns else "no columns", form)
    if table.needs_purpose and not table.purpose:
        yield "purpose", Fault("persons without a purpose", SETTINGS["purpose"])
    if table.needs_purpose and not table.retention:
        yield "retention", Fault("persons without a retention", SETTINGS["retention"])
    headers: dict[str, str] = {}
    for name, column in table.columns.items():
        if column.key and column.nullable:
            yield name, Fault("a key that may be empty", "key=True without nullable=True")
        if column.header in headers:
            found = f"the header {column.header!r} is that of {headers[column.header]} too"
            yield name, Fault(found, "one column per header of the file")
        headers[column.header] = name


def reference_faults(columns: Mapping[str, Column]) -> Found:
    """Check that a table about things holds no persons; columns as declared, before they are bound."""
    for attribute, column in columns.items():
        is_personal_by_choice = column.personal and not type(column).personal
        if column.holds_person or is_personal_by_choice:
            form = "a CustomerTable or EventTable for persons: those have a purpose and a retention"
            yield attribute, Fault("a column about persons in a ReferenceTable", form)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "nothing else"


def _shown(value: object) -> str:
    return f"s.{value.__name__}" if isinstance(value, Declared) else f"a value of type {type(value).__name__}"
