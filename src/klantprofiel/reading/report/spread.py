"""How the values of one variable are spread over the customers, without a value of any one of them.

Numbers are counted in intervals of round width; the first and the last are open, so that no lowest or
highest value shows. Of a text, the most frequent categories are counted and the others together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Bar, Bars, Columns, Verdict, dutch_number, dutch_share
from klantprofiel.labels import UNKNOWN
from klantprofiel.purposes import MINIMUM_GROUP, shown_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from klantprofiel.display import Chart
    from klantprofiel.profiles import Variable
    from klantprofiel.warehouse import Tables

MOST_CATEGORIES: Final = 12  # the provinces
MOST_INTERVALS: Final = 12
PERCENT: Final = Decimal("0.01")
PER_MILLE: Final = Decimal("0.001")
ROUND: Final = (1, 2, 5, 10)  # times a power of ten: the widths that people read easily
REST: Final = "overige ({n} groepen)"
PROTECTED: Final = "Op deze variabele mag niemand worden gekozen."
_HALVES: Final = 2 * MINIMUM_GROUP  # known values below which a median says too much of a few
_QUARTERS: Final = 4 * MINIMUM_GROUP  # the same of quartiles


def spread(tables: Tables, variable: Variable, described: dict[str, Any]) -> Iterator[Chart]:
    """Return a chart of one variable; none when it is known of too few, or is the same for all.

    Parameters
    ----------
    tables
        A release with `profiles`.
    variable
        What to show.
    described
        The row of `Profiles.describe()` about it.
    """
    if described["n_known"] < MINIMUM_GROUP:
        return
    if variable.kind == "category":
        yield _categories(tables, variable, described)
    elif described["n_distinct"] > 1:
        yield _intervals(tables, variable, described)


def _categories(tables: Tables, variable: Variable, described: dict[str, Any]) -> Bars:
    rows = tables.rows(
        f'select "{variable.name}", count(*) from profiles where "{variable.name}" is not null '
        "group by 1 order by 2 desc, 1"
    )
    named = [(name, n) for name, n in rows if n >= MINIMUM_GROUP][:MOST_CATEGORIES]
    rest = rows[len(named) :]
    groups = [*named]
    if rest:
        groups.append((REST.format(n=len(rest)) if len(rest) > 1 else "overige", sum(n for _, n in rest)))
    n_unknown = described["n_customers"] - described["n_known"]
    if n_unknown:
        groups.append((UNKNOWN, n_unknown))
    shown = shown_groups([n for _, n in groups])
    return Bars(
        variable.label,
        tuple(_bar(name, n, n_shown) for (name, n), n_shown in zip(groups, shown, strict=True)),
        things=variable.label,
        measure="Klanten",
        about=_about(variable, described),
    )


def _bar(name: str, n: int, shown: int | str) -> Bar:
    verdict = Verdict.OPEN if name == UNKNOWN else Verdict.NONE
    return Bar(name, n, verdict=verdict) if shown == n else Bar(name, None, shown=str(shown))


def _intervals(tables: Tables, variable: Variable, described: dict[str, Any]) -> Columns:
    """Count the customers per interval; zero, when it is frequent, has a column of its own."""
    value = f'cast("{variable.name}" as double)'
    ((n_zero, low, high),) = tables.rows(
        f"select count(*) filter (where {value} = 0), "
        f"quantile_cont({value}, 0.02) filter (where {value} <> 0), "
        f"quantile_cont({value}, 0.95) filter (where {value} <> 0) from profiles"
    )
    scale = Scale.around(low, high, whole=variable.kind == "count")
    has_zero = n_zero >= MINIMUM_GROUP and scale.low >= 0
    counts = dict(
        tables.rows(
            f"select cast(least(greatest(floor(({value} - $low) / $width + 1e-9), 0), $last) as bigint), "
            f"count(*) from profiles where {value} <> 0 or ({value} = 0 and not $has_zero) group by 1",
            low=float(scale.low),
            width=float(scale.width),
            last=scale.n - 1,
            has_zero=has_zero,
        )
    )
    labels = [in_unit(variable, 0)] if has_zero else []
    labels += [scale.label(number, variable) for number in range(scale.n)]
    sizes = [n_zero] if has_zero else []
    sizes += [counts.get(number, 0) for number in range(scale.n)]
    shown = shown_groups([*sizes, described["n_customers"] - described["n_known"]])
    columns = tuple(
        Bar(label, size) if n_shown == size else Bar(label, None, shown=str(n_shown))
        for label, size, n_shown in zip(labels, sizes, shown, strict=False)
    )
    about = _about(variable, described)
    return Columns(variable.label, columns, things=variable.label, measure="Klanten", about=about)


@dataclass(frozen=True)
class Scale:
    """Intervals of one round width from `low` upwards, `n` of them; the outer ones are open."""

    low: Decimal
    width: Decimal
    n: int

    @classmethod
    def around(cls, low: float, high: float, *, whole: bool) -> Scale:
        """Return the scale of at most twelve intervals that holds `low` to `high`; whole numbers stay so.

        >>> Scale.around(3, 97, whole=True)
        Scale(low=Decimal('0'), width=Decimal('10'), n=10)
        """
        raw = max((high - low) / (MOST_INTERVALS - 2), 1.0 if whole else 1e-6)
        power = Decimal(1).scaleb(floor(log10(raw)))
        width = next(power * times for times in ROUND if float(power * times) >= raw * (1 - 1e-9))
        first, last = floor(Decimal(str(low)) / width), floor(Decimal(str(high)) / width)
        return cls(first * width, width, last - first + 1)

    def label(self, number: int, variable: Variable) -> str:
        """Return what an interval is called, in the unit of the variable."""
        low = self.low + number * self.width
        at, upto = (in_unit(variable, end, step=self.width) for end in (low, low + self.width))
        is_first, is_last = number == 0 and low > 0, number == self.n - 1
        if variable.kind == "count" and self.width == 1:
            return f"{at} of meer" if is_last else f"{at} of minder" if is_first and low > 1 else at
        if is_last:
            return at if variable.kind == "share" and low == 1 else f"vanaf {at}"
        return f"tot {upto}" if is_first or low == 0 else f"{at} tot {upto}"


def in_unit(variable: Variable, value: float | Decimal, *, step: Decimal = PERCENT) -> str:
    """Return a value as a table for many eyes shows it: whole euros, percentages, few decimals.

    Shares that lie closer together than a percent, by a `step`, have the decimals that tell them apart.

    >>> from klantprofiel.profiles import Variable
    >>> alive = Variable(
    ...     name="p_alive", label="Kans", facet="gegevens", basis="behavioural", kind="share", unit="kans",
    ...     missing="nooit gekocht",
    ... )
    >>> in_unit(alive, 0.9985), in_unit(alive, 0.9985, step=Decimal("0.0005")), in_unit(alive, 0.2)
    ('100%', '99,85%', '20%')
    """
    if variable.kind == "amount":
        return f"€ {dutch_number(value)}"
    if variable.kind == "share":
        return dutch_share(value, decimals=max(0, -int((step * 100).normalize().as_tuple().exponent)))
    exact = Decimal(str(value))
    decimals = 0 if variable.kind == "count" or exact == exact.to_integral_value() else 2
    return dutch_number(exact, decimals=decimals)


def _about(variable: Variable, described: dict[str, Any]) -> str:
    """Say where the middle lies, what absence means, and whether the variable is protected."""
    return " ".join([*_middle(variable, described), *_absence(variable, described), *_guard(variable)])


def _middle(variable: Variable, described: dict[str, Any]) -> Iterator[str]:
    if variable.kind == "category" or described["n_known"] < _HALVES:
        return
    unit = "" if variable.kind in ("amount", "share") or not variable.unit else f" {variable.unit}"
    ends = [described[name] for name in ("q25", "median", "q75")]
    is_close = any(0 < min(value, 1 - value) < PERCENT / 2 for value in ends)  # to nobody or everybody
    q25, median, q75 = (in_unit(variable, end, step=PER_MILLE if is_close else PERCENT) for end in ends)
    sentence = f"Mediaan {median}{unit}"
    if described["n_known"] >= _QUARTERS:
        sentence += f", de middelste helft {q25} tot {q75}"
    yield f"{sentence}."


def _absence(variable: Variable, described: dict[str, Any]) -> Sequence[str]:
    if described["n_known"] == described["n_customers"] or not variable.missing:
        return ()
    return (f"Onbekend betekent: {variable.missing}.",)


def _guard(variable: Variable) -> Sequence[str]:
    return (PROTECTED,) if variable.protected else ()
