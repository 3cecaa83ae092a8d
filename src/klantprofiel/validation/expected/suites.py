"""What a table has to be, as suites for Great Expectations: from its declaration, bounded by its history."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from klantprofiel.errors import ConfigurationError
from klantprofiel.schema import Date, Scale, Text, Timestamp
from klantprofiel.schema.numbers import Number
from klantprofiel.validation.expected import measures as m
from klantprofiel.validation.expected import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from klantprofiel.schema import Column, Table

Suite: TypeAlias = dict[str, Any]
Expectation: TypeAlias = dict[str, Any]

MOSTLY_OF_USUAL_LENGTH: Final = 0.5  # eight in ten were, so half of them is no chance
_TOKEN: Final = re.compile(r"\$([a-z][a-z0-9_]*)")


def suites_for(tables: Iterable[type[Table]]) -> list[Suite]:
    """Return one suite per declared table, by name: what `schemas/expectations/<table>.json` holds.

    Every expectation says in `meta` over which rows it is (`all`, or those of the `latest` delivery), what it
    is `about`, in Dutch `because` of what it is there, and which parameters are its `bounds`.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    ...     floor_m2 = s.Integer(label="Oppervlak", unit="m2", nullable=True)
    >>> (suite,) = suites_for([Shops])
    >>> suite["name"], suite["expectations"][0]["type"], suite["expectations"][0]["kwargs"]["min_value"]
    ('shops', 'expect_table_row_count_to_be_between', {'$PARAMETER': 'shops__n_rows__low'})
    """
    return [_suite(table) for table in sorted(tables, key=lambda table: table.name)]


def filled(expectation: Expectation, parameters: Mapping[str, object]) -> Expectation | None:
    """Return an expectation with the `$name`s of its query filled in; None while a value is not known yet.

    Parameters that stand as {"$PARAMETER": name} stay, for Great Expectations to fill.
    """
    if any(name not in parameters for name in names_in(expectation)):
        return None
    kwargs = dict(expectation["kwargs"])
    if "unexpected_rows_query" in kwargs:
        kwargs["unexpected_rows_query"] = _TOKEN.sub(
            lambda token: _literal(token[1], parameters[token[1]]), kwargs["unexpected_rows_query"]
        )
    return {**expectation, "kwargs": kwargs}


def names_in(expectation: Expectation) -> list[str]:
    """Return the names of the parameters that an expectation needs."""
    kwargs = expectation["kwargs"]
    whole = [v["$PARAMETER"] for v in kwargs.values() if isinstance(v, dict) and "$PARAMETER" in v]
    return whole + _TOKEN.findall(str(kwargs.get("unexpected_rows_query", "")))


def parameter(table: str, column: str, metric: str, side: str) -> str:
    """Return the name of a bound; letters, digits and underscores only, which is all that a suite may use.

    >>> parameter("shops", "", "n_rows", "low"), parameter("shops", "floor_m2", "mean", "high")
    ('shops__n_rows__low', 'shops__floor_m2__mean__high')
    """
    return "__".join(part for part in (table, column, metric, side) if part)


def seal(name: str, expectations: list[Expectation]) -> Suite:
    """Return a suite that tells a later reader whether it still is what its declaration gives."""
    text = json.dumps(expectations, sort_keys=True, ensure_ascii=False)
    contract = hashlib.sha256(text.encode()).hexdigest()
    return {"name": name, "expectations": expectations, "meta": {"contract": contract}}


def _literal(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ConfigurationError(
            f"the parameter {name} cannot stand in a query", expected="a number, a text or a date"
        )
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _suite(table: type[Table]) -> Suite:
    expectations = [*_of_table(table)]
    for name, column in table.columns.items():
        expectations += _of_column(table, name, column)
    return seal(table.name, expectations)


@dataclass(frozen=True)
class Why:
    """What an expectation is about and why, in Dutch; over which rows it is, and the names of its bounds."""

    about: str
    because: str
    rows: str = "latest"
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Maker:
    """Makes the expectations of one table, or of one of its columns."""

    table: str
    column: str = ""

    def bound(self, metric: str, side: str) -> str:
        """Return the name of a bound."""
        return parameter(self.table, self.column, metric, side)

    def native(self, kind: str, why: Why, **kwargs: object) -> Expectation:
        """Return an expectation of the library itself; a value that is a `$name` becomes a parameter."""
        given: dict[str, object] = {"column": self.column} if self.column else {}
        for key, value in kwargs.items():
            is_name = isinstance(value, str) and value.startswith("$")
            given[key] = {"$PARAMETER": str(value)[1:]} if is_name else value
        return {"type": kind, "kwargs": given, "meta": self._meta(why)}

    def query(self, query: str, why: Why) -> Expectation:
        """Return an expectation that a query finds nothing."""
        kwargs = {"unexpected_rows_query": query}
        return {"type": "unexpected_rows_expectation", "kwargs": kwargs, "meta": self._meta(why)}

    def _meta(self, why: Why) -> dict[str, object]:
        meta: dict[str, object] = {"rows": why.rows, "about": why.about, "because": why.because}
        if self.column:
            meta["column"] = self.column
        if why.low or why.high:
            meta["bounds"] = {"low": why.low, "high": why.high}
        return meta


def _of_table(table: type[Table]) -> Iterator[Expectation]:
    make = Maker(table.name)
    low, high = make.bound(m.ROWS, "low"), make.bound(m.ROWS, "high")
    yield make.native(
        "expect_table_row_count_to_be_between",
        Why(
            "volume",
            "Een halve of een veel te grote levering telt anders ongemerkt mee.",
            low=low,
            high=high,
        ),
        min_value=f"${low}",
        max_value=f"${high}",
    )
    since = make.bound("delivered_on", "since")
    yield Maker(table.name, "delivered_on").native(
        "expect_column_max_to_be_between",
        Why(
            "freshness",
            "Wat vannacht geleverd heet, moet nieuw zijn: geen bestand van gisteren onder een andere naam.",
            rows="all",
            low=since,
        ),
        min_value=f"${since}",
    )
    low = make.bound(m.STANDING, "low")
    day, n_rows = make.bound(m.STANDING, "day"), make.bound(m.STANDING, "n_rows")
    yield make.query(
        queries.standing(day, n_rows, low),
        Why(
            "freshness",
            "Een levering die de vorige geheel vervangt, is die vorige nog een keer.",
            rows="all",
            low=low,
        ),
    )
    yield from _unique(table, make)
    high = make.bound(m.QUARANTINED, "high")
    yield make.query(
        queries.quarantined(table, high),
        Why(
            "share",
            "Ineens veel meer quarantaine dan gewoonlijk wijst op een andere vorm van het bestand.",
            high=high,
        ),
    )


def _unique(table: type[Table], make: Maker) -> Iterator[Expectation]:
    because = "Elke sleutel staat voor een ding; dubbele sleutels tellen dubbel."
    if len(table.keys) == 1:
        yield Maker(table.name, table.keys[0]).native(
            "expect_column_values_to_be_unique",
            Why(
                "uniqueness",
                because,
                rows="all",
            ),
        )
    else:
        yield make.native(
            "expect_compound_columns_to_be_unique",
            Why(
                "uniqueness",
                because,
                rows="all",
            ),
            column_list=list(table.keys),
        )
    if len(table.keys) < len(table.columns):
        low = make.bound(m.DISTINCT, "low")
        content = next(each.sql for each in m.measures_of(table) if each.metric == m.DISTINCT)
        yield make.query(
            queries.outside(content, low=low, high=None),
            Why(
                "uniqueness",
                "Een dubbel bestand onder nieuwe sleutels telt alles twee keer.",
                low=low,
            ),
        )


def _of_column(table: type[Table], name: str, column: Column) -> Iterator[Expectation]:
    make = Maker(table.name, name)
    yield _filled(make, column)
    if isinstance(column, Number | Scale) and not column.key:
        yield from _of_number(make, column)
    elif isinstance(column, Date | Timestamp):
        yield from _of_moment(table, make)
    elif isinstance(column, Text):
        short, long = make.bound(m.SHORT, "low"), make.bound(m.LONG, "high")
        yield make.native(
            "expect_column_value_lengths_to_be_between",
            Why(
                "distribution",
                f"Verwisselde kolommen: {column.label} heeft dan teksten van een andere lengte.",
                low=short,
                high=long,
            ),
            min_value=f"${short}",
            max_value=f"${long}",
            mostly=MOSTLY_OF_USUAL_LENGTH,
        )
    if name in m.references(table):
        low = make.bound(m.KNOWN, "low")
        yield make.query(
            queries.known(table, name, low),
            Why(
                "relation",
                f"Wat naar een onbekend {column.label} verwijst, komt in geen profiel terecht.",
                low=low,
            ),
        )
    if name in m.familiar_columns(table):
        low = make.bound(m.FAMILIAR, "low")
        yield make.query(
            queries.familiar(table, name, low),
            Why(
                "distribution",
                f"Verwisselde kolommen of een andere munt: {column.label} heeft ongeziene waarden.",
                low=low,
            ),
        )
    if name in m.category_columns(table):
        yield from _of_categories(table, make, column)


def _filled(make: Maker, column: Column) -> Expectation:
    if not column.nullable:
        because = f"{column.label} is verplicht."
        return make.native("expect_column_values_to_not_be_null", Why("share", because))
    low = make.bound(m.FILLED, "low")
    because = f"Een leeggelopen kolom: {column.label} is ineens veel vaker leeg dan gewoonlijk."
    return make.native(
        "expect_column_values_to_not_be_null", Why("share", because, low=low), mostly=f"${low}"
    )


def _of_number(make: Maker, column: Column) -> Iterator[Expectation]:
    low, high = make.bound(m.MEAN, "low"), make.bound(m.MEAN, "high")
    yield make.native(
        "expect_column_mean_to_be_between",
        Why(
            "range",
            f"Een andere eenheid of een verschoven komma: {column.label} is gemiddeld veel hoger of lager.",
            low=low,
            high=high,
        ),
        min_value=f"${low}",
        max_value=f"${high}",
    )
    if isinstance(column, Scale):
        return
    low = make.bound(m.POSITIVE, "low")
    yield make.native(
        "expect_column_values_to_be_between",
        Why(
            "share",
            f"Nullen of een omgekeerd teken: {column.label} is ineens zelden meer dan nul.",
            low=low,
        ),
        min_value=0,
        strict_min=True,
        mostly=f"${low}",
    )
    if not column.personal:
        low, high = make.bound(m.MEDIAN, "low"), make.bound(m.MEDIAN, "high")
        yield make.native(
            "expect_column_median_to_be_between",
            Why(
                "range",
                f"Een andere eenheid: {column.label} ligt in het midden ver buiten het gewone.",
                low=low,
                high=high,
            ),
            min_value=f"${low}",
            max_value=f"${high}",
        )


def _of_moment(table: type[Table], make: Maker) -> Iterator[Expectation]:
    label = table.columns[make.column].label
    for each in m.measures_of(table):
        if each.column == make.column and each.metric in (m.FRESH_LAG, m.MEDIAN_LAG, m.MEAN_LAG):
            low, high = make.bound(each.metric, "low"), make.bound(each.metric, "high")
            yield make.query(
                queries.outside(each.sql, low=low, high=high),
                Why(
                    "freshness",
                    f"Verschoven datums: {label} ligt anders bij de levering dan gewoonlijk.",
                    low=low,
                    high=high,
                ),
            )


def _of_categories(table: type[Table], make: Maker, column: Column) -> Iterator[Expectation]:
    listed = make.bound(m.CATEGORY, "listed")
    yield make.native(
        "expect_column_distinct_values_to_contain_set",
        Why(
            "category",
            f"Een weggevallen soort: van {column.label} ontbreekt een waarde die er elke levering was.",
        ),
        value_set=f"${listed}",
    )
    high = make.bound(m.CATEGORY, "high")
    yield make.query(
        queries.lost(table, make.column, lambda side: make.bound(m.CATEGORY, side)),
        Why(
            "distribution",
            f"De verdeling van {column.label} is ineens een andere.",
            high=high,
        ),
    )
