"""Figures of variables: how well they are known, and how they are distributed over customers."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Final

from klantprofiel.display import (
    Bar,
    Bars,
    Chapter,
    Columns,
    Displayed,
    Euro,
    Share,
    Verdict,
    dutch,
    dutch_short,
    framed,
    to_page,
)
from klantprofiel.labels import BASES, FACETS, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klantprofiel.display import Summary
    from klantprofiel.profiles.distribution import Counted
    from klantprofiel.profiles.variable import Variable
    from klantprofiel.warehouse import Tables

MOST_COLUMNS: Final = 24  # as many as still can be told apart
MOST_BARS: Final = 12
TAIL: Final = 0.99  # the share of customers below the last column; a long tail would flatten all the others
STEPS: Final = (1, 2, 5, 10)  # in which people count

_RANGE: Final = """
select count({name}), min({name})::double, max({name})::double, quantile_disc({name}::double, $tail)
from profiles
"""
_COLUMNS: Final = """
select cast(floor(round(least({name}::double, $highest) / $step, 6)) as bigint) as number, count(*) as n
from profiles
where {name} is not null
group by number
"""
_BARS: Final = (
    "select {name}, count(*) from profiles where {name} is not null group by all order by 2 desc, 1"
)


@dataclass(frozen=True, repr=False)
class Figures(Displayed):
    """Charts of variables: drawn in a notebook, tables in a terminal."""

    title: str
    charts: tuple[Bars | Columns, ...]

    def summary(self) -> Summary:
        """Return the numbers that are drawn, in Dutch."""
        return {
            "title": self.title,
            "facts": {},
            "tables": [
                {
                    "title": chart.title,
                    "columns": (chart.things, chart.measure),
                    "rows": [(bar.label, bar.shown or bar.value) for bar in _bars(chart)],
                }
                for chart in self.charts
            ],
            "notes": [],
        }

    def page(self) -> str:
        """Return the charts as one HTML document that stands on its own."""
        return to_page(self.title, [Chapter("Per variabele", (self.charts,))], contents=False)

    def _repr_html_(self) -> str:
        return framed(self.page())


def coverage(counted: Iterable[Counted]) -> Figures:
    """Draw of which share of the customers each variable is known, per facet; unfit ones stand out."""
    counted = list(counted)
    charts = tuple(
        Bars(
            title,
            tuple(_known(each) for each in counted if each.variable.facet == facet),
            things="Variabele",
            measure="Bekend",
            full=1,
        )
        for facet, title in FACETS.items()
        if any(each.variable.facet == facet for each in counted)
    )
    return Figures("Van hoeveel klanten iets bekend is", charts)


def distributions(tables: Tables, variables: Sequence[Variable]) -> Figures:
    """Draw how customers are distributed over the values of variables."""
    charts = tuple(
        _bar_chart(tables, v) if v.kind == "category" else _histogram(tables, v) for v in variables
    )
    return Figures("Hoe klanten zijn verdeeld", charts)


def _known(counted: Counted) -> Bar:
    share = counted.n_known / counted.n_customers if counted.n_customers else None
    verdict = Verdict.DOUBT if counted.finding else Verdict.NONE
    why = f" ({FINDINGS[counted.finding]})" if counted.finding else ""
    return Bar(counted.variable.label + why, None if share is None else Share(share), verdict=verdict)


def _histogram(tables: Tables, variable: Variable) -> Columns:
    name = f'"{variable.name}"'
    ((n_known, lowest, highest, tail),) = tables.rows(_RANGE.format(name=name), tail=TAIL)
    if not n_known:
        return _columns(variable, (), 0)
    is_whole = variable.kind == "count"
    step = _step(tail - lowest, is_whole=is_whole)
    first = floor(lowest / step)
    last = max(first, floor(tail / step) - (not is_whole and round(tail / step, 6).is_integer()))
    found = dict(tables.rows(_COLUMNS.format(name=name), highest=last * step, step=step))
    end = (last + 1) * step
    has_tail = highest > end or (is_whole and highest == end)
    columns = tuple(
        Bar(
            _interval(variable, number * step, step, is_tail=has_tail and number == last),
            found.get(number, 0),
        )
        for number in range(first, last + 1)
    )
    return _columns(variable, columns, n_known)


def _columns(variable: Variable, columns: tuple[Bar, ...], n_known: int) -> Columns:
    return Columns(
        variable.label, columns, things="Waarde", measure="Klanten", about=_about(variable, n_known)
    )


def _bar_chart(tables: Tables, variable: Variable) -> Bars:
    rows = tables.rows(_BARS.format(name=f'"{variable.name}"'))
    shown, rest = rows[:MOST_BARS], rows[MOST_BARS:]
    bars = [Bar(str(value), n) for value, n in shown]
    if rest:
        bars.append(Bar(f"{dutch(len(rest))} andere", sum(n for _, n in rest), verdict=Verdict.OPEN))
    return Bars(
        variable.label,
        tuple(bars),
        things="Waarde",
        measure="Klanten",
        about=_about(variable, sum(n for _, n in rows)),
    )


def _about(variable: Variable, n_known: int) -> str:
    basis = BASES[variable.basis].lower() if variable.basis else "geen basis voor segmentatie"
    unit = f", {variable.unit}" if variable.unit and variable.unit != "EUR" else ""
    return f"{FACETS[variable.facet]}, {basis}{unit}; bekend van {dutch(n_known)} klanten."


def _step(width: float, *, is_whole: bool) -> float:
    """Return how wide columns are: a round number, of which at most `MOST_COLUMNS` reach across."""
    least = width / (MOST_COLUMNS - 1) or 1
    unit = 10.0 ** floor(log10(least))
    step = next(each * unit for each in STEPS if each * unit >= least * (1 - 1e-9))
    return max(1.0, step) if is_whole else step


def _interval(variable: Variable, low: float, step: float, *, is_tail: bool) -> str:
    """Return the values of a column; of whole numbers the last is named, of others where the next begins."""
    if is_tail:
        return f"{_written(variable, low)} of meer"
    if variable.kind != "count":
        return f"{_written(variable, low)} tot {_written(variable, low + step)}"
    return _written(variable, low) + ("" if step == 1 else f" t/m {_written(variable, low + step - 1)}")


def _written(variable: Variable, value: float) -> str:
    if variable.kind == "amount":
        return dutch(Euro(f"{value:.2f}")).removesuffix(",00")
    if variable.kind == "share":
        return dutch(Share(value)).replace(",0%", "%")
    return dutch_short(value)


def _bars(chart: Bars | Columns) -> tuple[Bar, ...]:
    return chart.columns if isinstance(chart, Columns) else chart.bars
