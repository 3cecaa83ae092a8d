"""Tables as classes: what a source delivers, read once at import and checked whole."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from klantprofiel.errors import near_miss
from klantprofiel.schema import checks, names
from klantprofiel.schema.checks import Body, Site
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.dialect import Csv
from klantprofiel.schema.limits import AtMost
from klantprofiel.schema.mapping import mapping_faults, privacy_faults
from klantprofiel.schema.rules import Rule, RuleText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.limits import Retention

SETTINGS: Final = frozenset({"name", "source", "dialect", "purpose", "retention", "quarantine"})


class TableType(type):
    """The type of tables: reads a class body as a declaration, and refuses a wrong one at import."""

    @classmethod
    def __prepare__(cls, name: str, bases: tuple[type, ...], /, **_options: object) -> Body:
        """Give the class a body that remembers a name that is declared twice."""
        return Body()

    def __new__(cls, name: str, bases: tuple[type, ...], body: Body, **options: Any) -> TableType:  # noqa: ANN401
        """Make the class; every class but the bases in this module is a declared table."""
        table: Any = super().__new__(cls, name, bases, dict(body))
        if not options.pop("is_base", False):
            frame = sys._getframe(1)  # noqa: SLF001 - the only way to know where the class stands
            site = Site(frame.f_code.co_filename, name, {"": frame.f_lineno, **body.lines})
            for read in (_read_options, _read_settings, _read_columns, _read_rules):
                site.refuse_first(read(table, body, options))
        return table  # type: ignore[no-any-return]

    def __init__(cls, name: str, bases: tuple[type, ...], body: Body, **_options: object) -> None:
        super().__init__(name, bases, dict(body))

    def __repr__(cls) -> str:
        return f"<{cls.__name__}: {', '.join(getattr(cls, 'columns', ()))}>"


class Table(metaclass=TableType, is_base=True):
    """What all tables share; a source's table is declared as CustomerTable, EventTable or ReferenceTable.

    Attributes
    ----------
    name
        The table's name: the class name in snake case, unless the class says `name = "..."`.
    description
        The first line of the docstring.
    source
        The system that delivers it; by default the table's name.
    customers_of
        The system whose customer numbers it uses; by default its own source.
    rank
        Which source wins when customer tables disagree: the lowest.
    dialect
        How its files are written; Dutch CSV by default.
    purpose, retention
        Why it is held and how long; not optional where rows are about persons.
    quarantine
        How much of a batch may be quarantined before the run is refused.
    maps_to
        The canonical table it fills, or None.
    columns, keys, rules
        Columns by name, the names of the key columns, and rules by name.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> s.canonical.Orders.name, s.canonical.Orders.keys
    ('orders', ('order_id', 'line_id'))
    """

    settings: ClassVar[frozenset[str]] = SETTINGS
    needs_purpose: ClassVar[bool] = True

    name: ClassVar[str]
    description: ClassVar[str]
    source: ClassVar[str]
    customers_of: ClassVar[str]
    rank: ClassVar[int] = 100
    dialect: ClassVar[Dialect] = Csv()
    purpose: ClassVar[str] = ""
    retention: ClassVar[Retention | None] = None
    quarantine: ClassVar[AtMost] = AtMost(0.05)
    maps_to: ClassVar[type[CanonicalTable] | None] = None
    columns: ClassVar[Mapping[str, Column]]
    keys: ClassVar[tuple[str, ...]]
    rules: ClassVar[Mapping[str, Rule]]


class CustomerTable(Table, is_base=True):
    """A source's customers: one row per person, known there by the key.

    >>> from klantprofiel import schema as s
    >>> class CrmCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    ...     '''Klanten uit het CRM: one row per customer, delivered daily.'''
    ...
    ...     source = "crm"
    ...     rank = 1
    ...     purpose = "uitvoering overeenkomst"
    ...     retention = s.years(7)
    ...     customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    ...     email = s.Email(label="E-mailadres", nullable=True)
    >>> CrmCustomers.name, CrmCustomers.keys, CrmCustomers.columns["email"].personal
    ('crm_customers', ('customer_id',), True)
    """

    settings = SETTINGS | {"rank"}


class EventTable(Table, is_base=True):
    """What happened to customers or was said by them: many rows per person.

    >>> from klantprofiel import schema as s
    >>> class ShopOrders(s.EventTable, maps_to=s.canonical.Orders):
    ...     '''Bestellingen uit de webshop: one row per order, delivered daily.'''
    ...
    ...     customers_of = "crm"
    ...     dialect = s.Parquet()
    ...     purpose = "uitvoering overeenkomst"
    ...     retention = s.years(7)
    ...     order_id = s.Text(label="Bestelnummer", key=True)
    ...     customer_id = s.Text(label="Klantnummer", nullable=True)
    ...     ordered_at = s.Timestamp(label="Besteld op", zone="Europe/Amsterdam")
    ...     amount_eur = s.Amount(label="Bedrag", unit="EUR", minimum=0)
    ...     not_in_future = s.rule(
    ...         "cast(ordered_at as date) <= $as_of", because="klok van de leverancier liep eens voor"
    ...     )
    >>> ShopOrders.source, ShopOrders.customers_of, ShopOrders.columns["ordered_at"].retention
    ('shop_orders', 'crm', Retention(count=7, unit='years'))
    """

    settings = SETTINGS | {"customers_of"}


class ReferenceTable(Table, is_base=True):
    """What events refer to, such as products and stores: no row is about a person.

    >>> from klantprofiel import schema as s
    >>> class ShopProducts(s.ReferenceTable, maps_to=s.canonical.Products):
    ...     '''Artikelen uit de webshop: one row per product.'''
    ...
    ...     product_id = s.Text(label="Artikelnummer", key=True)
    ...     category = s.Text(label="Groep", nullable=True)
    >>> ShopProducts.maps_to is s.canonical.Products
    True
    """

    needs_purpose = False


class CanonicalTable(Table, is_base=True):
    """A table that sources map onto, so that later rooms know one set of names, types and units.

    Its columns may be empty, except keys and what `required` names; a key that `optional` names may be too.
    `delivered_as` is the kind of table that a source declares for it.

    >>> from klantprofiel import schema as s
    >>> [name for name, column in s.canonical.Orders.columns.items() if not column.nullable]
    ['order_id', 'ordered_at']
    >>> s.canonical.Orders.delivered_as.__name__
    'EventTable'
    """

    settings = frozenset()
    needs_purpose = False

    delivered_as: ClassVar[type[Table]]


def _read_options(table: type[Table], body: Body, options: Mapping[str, object]) -> checks.Found:
    yield from checks.body_faults(table, body)
    known = {"delivered_as", "required", "optional"} if issubclass(table, CanonicalTable) else {"maps_to"}
    for option in options:
        if option not in known:
            found = f"{option!r} is not an option of a table{near_miss(option, known)}"
            yield "", Fault(found, f"class {table.__name__}(s.EventTable, maps_to=s.canonical.Orders)")
    target = options.get("maps_to")
    if target is not None and target not in CanonicalTable.__subclasses__():
        yield "", Fault("maps_to is no canonical table", "maps_to=s.canonical.Customers")


def _read_settings(table: Any, body: Body, options: Mapping[str, Any]) -> checks.Found:  # noqa: ANN401
    table.name = body.get("name", names.snake_case(table.__name__))
    table.description = (table.__doc__ or "").strip().partition("\n")[0]
    table.source = body.get("source", table.name)
    table.customers_of = body.get("customers_of", table.source)
    if issubclass(table, CanonicalTable):
        table.delivered_as = options["delivered_as"]
    else:
        table.maps_to = options.get("maps_to")
        taken = {each.name for each in CanonicalTable.__subclasses__()} | names.BY_ROOMS | names.BY_SQL
        if table.name in taken or not names.NAME.fullmatch(table.name):
            found = f"a table cannot be named {table.name}: others use that name"
            yield "", Fault(found, f"a name with its source in it, such as class Crm{table.__name__}")


def _read_columns(table: Any, body: Body, options: Mapping[str, Any]) -> checks.Found:  # noqa: ANN401
    declared = {attribute: value for attribute, value in body.items() if isinstance(value, Column)}
    if issubclass(table, ReferenceTable):
        yield from checks.reference_faults(declared)
    elif table.maps_to:
        yield from privacy_faults(declared, table.maps_to)
    bound = {attribute: _bound(column, attribute, table, options) for attribute, column in declared.items()}
    columns = {column.name: column for column in bound.values()}
    if len(columns) < len(bound):
        yield "", Fault("two columns with one name", "another name= for one of them")
    for attribute, column in bound.items():
        setattr(table, attribute, column)
    table.columns = MappingProxyType(columns)
    table.keys = tuple(name for name, column in columns.items() if column.key)
    if not issubclass(table, CanonicalTable):
        yield from checks.table_faults(table)
    if table.maps_to:
        yield from mapping_faults(table, table.maps_to)


def _bound(column: Column, attribute: str, table: type[Table], options: Mapping[str, Any]) -> Column:
    """Return the column with what its table, and the canonical column it maps to, add."""
    name = column.name or attribute
    is_personal, is_protected, is_nullable = column.personal, column.protected, column.nullable
    target = table.maps_to.columns.get(name) if table.maps_to else None
    if target:
        is_personal = is_personal or target.personal
        is_protected = is_protected or target.protected
    if issubclass(getattr(table, "delivered_as", table), ReferenceTable):
        is_personal = False
    if issubclass(table, CanonicalTable):
        is_needed = column.key or attribute in options.get("required", ())
        is_nullable = not is_needed or attribute in options.get("optional", ())
    return column.bound(
        table.dialect,
        name=name,
        personal=is_personal,
        protected=is_protected,
        nullable=is_nullable,
        purpose=column.purpose or table.purpose,
        retention=column.retention or table.retention,
    )


def _read_rules(table: Any, body: Body, options: Mapping[str, object]) -> checks.Found:  # noqa: ANN401, ARG001
    types = {name: column.sql_type for name, column in table.columns.items()}
    texts = {name: value for name, value in body.items() if isinstance(value, RuleText)}
    for name, text in texts.items():
        yield from ((name, fault) for fault in text.faults(types))
    table.rules = MappingProxyType({name: text.named(name) for name, text in texts.items()})
