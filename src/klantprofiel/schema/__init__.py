"""Declarations: what each source delivers, what its columns mean, and which rows are let in.

A table is a class, declared in a project's `schemas/`. It is checked whole at import: what is wrong raises
DeclarationError with the file, the line, the class, the column and the correct form. Nothing runs here; other
rooms take the SQL of casts, rules and masks from the columns.

>>> from klantprofiel import schema as s
>>> class ShopOrders(s.EventTable, maps_to=s.canonical.Orders):
...     '''Bestellingen uit de webshop: one row per order, delivered daily.'''
...
...     purpose = "uitvoering overeenkomst"
...     retention = s.years(7)
...     dialect = s.Csv(delimiter=";", decimal=",", thousands=".")
...     order_id = s.Text(label="Bestelnummer", source="bestelnr", key=True)
...     ordered_at = s.Timestamp(label="Besteld op", format="%d-%m-%Y %H:%M")
...     amount_eur = s.Amount(label="Bedrag", unit="EUR", minimum=0)
...     not_in_future = s.rule("cast(ordered_at as date) <= $as_of", because="de klok liep eens voor")
>>> column = ShopOrders.columns["amount_eur"]
>>> column.readable_as
'bedrag in EUR met hoogstens 2 decimalen na een komma en een punt tussen duizendtallen'
>>> [(rule.name, rule.predicate.sql(), rule.because) for rule in column.rules(ShopOrders.dialect)]
[('amount_eur.minimum', 'amount_eur >= 0', 'Bedrag is lager dan 0 EUR')]

A column's `cast(text, dialect)` gives its `sql_type`, or NULL for what it cannot read;
`unreadable(text, dialect)` tells that from a text that is empty.
"""

from typing import TYPE_CHECKING

from klantprofiel.schema import canonical
from klantprofiel.schema.codes import Choice, Flag, Sex
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import unknown_name
from klantprofiel.schema.dialect import Csv, Dialect, Excel, JsonLines, Parquet
from klantprofiel.schema.limits import AtMost, Retention, at_most, days, months, years
from klantprofiel.schema.moments import BirthDate, Date, Timestamp
from klantprofiel.schema.numbers import Amount, Integer, Scale
from klantprofiel.schema.rules import Rule, rule
from klantprofiel.schema.tables import CanonicalTable, CustomerTable, EventTable, ReferenceTable, Table
from klantprofiel.schema.texts import (
    Email,
    GivenName,
    HouseNumber,
    IdNumber,
    Initials,
    Phone,
    Place,
    PostalCode,
    Street,
    Surname,
    SurnamePrefix,
    Text,
)

__all__ = [
    "Amount",
    "AtMost",
    "BirthDate",
    "CanonicalTable",
    "Choice",
    "Column",
    "Csv",
    "CustomerTable",
    "Date",
    "Dialect",
    "Email",
    "EventTable",
    "Excel",
    "Flag",
    "GivenName",
    "HouseNumber",
    "IdNumber",
    "Initials",
    "Integer",
    "JsonLines",
    "Parquet",
    "Phone",
    "Place",
    "PostalCode",
    "ReferenceTable",
    "Retention",
    "Rule",
    "Scale",
    "Sex",
    "Street",
    "Surname",
    "SurnamePrefix",
    "Table",
    "Text",
    "Timestamp",
    "at_most",
    "canonical",
    "days",
    "months",
    "rule",
    "years",
]

if not TYPE_CHECKING:  # a type checker knows the names; Python learns here which one was meant

    def __getattr__(name: str) -> object:
        raise unknown_name("klantprofiel.schema", name, __all__)
