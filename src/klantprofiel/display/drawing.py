"""Where everything in a chart stands: percentages and texts, from which the template writes SVG.

Places are percentages of the drawing, and text keeps its own size, so that a chart is as readable on a
telephone as on paper. Each chart also says in words what it shows.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display.charts import Bars, Boxes, Columns, Flow, Verdict
from klantprofiel.display.numbers import dutch, dutch_share
from klantprofiel.labels import ONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.display.charts import Bar, Box, Chart, Dot, Interval, Matrix, Number

SIGNS: Final = {
    Verdict.NONE: "",
    Verdict.OPEN: "",
    Verdict.GOOD: "✓",
    Verdict.DOUBT: "!",
    Verdict.BAD: "✗",
}  # not by colour alone
RADIUS: Final = (5, 34)  # pixels, of the smallest and the largest dot
MARGIN: Final = (8, 4, 5, 9)  # percent left, right, above and below the matrix, for the numbers at its sides
WIDEST: Final = 60  # pixels, of the line that holds everyone
LEAST_LINK: Final = 0.01  # of everyone; thinner lines hide the others
MOST_LOOSE: Final = 60  # columns, above which they stand against each other


def drawn(chart: Chart) -> dict[str, Any]:
    """Return what the template needs to draw a chart.

    >>> from klantprofiel.display.charts import Bar
    >>> bars = (Bar("S1", 40), Bar("S2", 10))
    >>> [bar["width"] for bar in drawn(Bars("Groot", bars, things="Segment", measure="Klanten"))["bars"]]
    ['100', '25']
    """
    if isinstance(chart, Bars):
        return {"chart": chart, "kind": "bars", "bars": [_bar(bar, chart.largest) for bar in chart.bars]}
    if isinstance(chart, Columns):
        return _columns(chart)
    if isinstance(chart, Boxes):
        return {
            "chart": chart,
            "kind": "boxes",
            "boxes": [_spread(box, chart.largest) for box in chart.boxes],
        }
    return _flow(chart) if isinstance(chart, Flow) else _matrix(chart)


def _bar(bar: Bar, largest: Number) -> dict[str, Any]:
    shown = bar.shown or dutch(bar.value)
    return {
        "label": bar.label,
        "shown": shown,
        "interval": _between(bar.interval),
        "width": None if bar.value is None else _share(bar.value, largest),
        "low": None if bar.interval is None else _share(bar.interval[0], largest),
        "high": None if bar.interval is None else _share(bar.interval[1], largest),
        "verdict": bar.verdict.value,
        "sign": SIGNS[bar.verdict],
    }


def _spread(box: Box, largest: Number) -> dict[str, Any]:
    """Draw a box from quartile to quartile, with a line at the median and whiskers to the ends."""
    low, quarter, middle, other, high = (_share(value, largest) for value in box.values)
    return {
        "label": box.label,
        "shown": dutch(box.values[2]),
        "between": _between((box.values[1], box.values[3])),
        "low": low,
        "quarter": quarter,
        "middle": middle,
        "width": _plain(float(other) - float(quarter)),
        "other": other,
        "high": high,
    }


def _flow(chart: Flow) -> dict[str, Any]:
    """Draw each part as a dot of its size, and a line per link that holds enough to be seen."""
    xs = [_plain(5 + 90 * number / max(1, len(chart.layers) - 1)) for number in range(len(chart.layers))]
    ys = [[_plain(100 * (part + 0.5) / len(layer)) for part in range(len(layer))] for layer in chart.layers]
    lines = [
        {
            "x1": xs[step],
            "y1": ys[step][one],
            "x2": xs[step + 1],
            "y2": ys[step + 1][other],
            "width": _plain(max(1.0, WIDEST * share)),
            "opacity": _plain(0.15 + 0.75 * chart.purities[step][other]),
        }
        for step, link in enumerate(chart.links)
        for one, row in enumerate(link)
        for other, share in enumerate(row)
        if share >= LEAST_LINK
    ]
    dots = [
        {"x": xs[step], "y": ys[step][part], "radius": _plain(7 + 20 * sqrt(share)), "label": f"S{part + 1}"}
        for step, layer in enumerate(chart.layers)
        for part, share in enumerate(layer)
    ]
    height = 40 * max((len(layer) for layer in chart.layers), default=1) + 60
    heads = list(zip(xs, (str(len(layer)) for layer in chart.layers), strict=True))
    return {
        "chart": chart,
        "kind": "flow",
        "lines": lines,
        "dots": dots,
        "height": height,
        "heads": heads,
        "words": _flow_said(chart),
    }


def _flow_said(chart: Flow) -> list[str]:
    """Say of each part where most of it comes from."""
    said = []
    for link, purities in zip(chart.links, chart.purities, strict=True):
        for other in range(len(purities)):
            from_each = [row[other] for row in link]
            most = max(range(len(from_each)), key=from_each.__getitem__)
            share = dutch_share(from_each[most] / (sum(from_each) or 1), decimals=0)
            said.append(f"{len(purities)} {chart.things.lower()}, S{other + 1}: {share} uit S{most + 1}")
    return said


def _columns(chart: Columns) -> dict[str, Any]:
    """Draw the columns as one path per verdict, in a square of 100 by 100 that is stretched."""
    step = 100 / max(1, len(chart.columns))
    width = step if len(chart.columns) > MOST_LOOSE else step * 0.8
    lefts = [number * step + (step - width) / 2 for number in range(len(chart.columns))]
    placed = list(zip(lefts, chart.columns, strict=True))
    paths = {
        verdict.value: "".join(
            _box(left, width, 0, column.value, chart.largest)
            for left, column in placed
            if column.verdict is verdict and column.value
        )
        for verdict in Verdict
    }
    band = "".join(
        _box(left, width, column.interval[0], column.interval[1], chart.largest)
        for left, column in placed
        if column.interval is not None
    )
    measure = chart.measure.lower()
    return {
        "chart": chart,
        "kind": "columns",
        "paths": {verdict: path for verdict, path in paths.items() if path},
        "band": band,
        "top": f"{dutch(chart.largest)} {ONE.get(measure, measure) if chart.largest == 1 else measure}",
        "labels": _ends(chart.columns),
        "words": _said(chart),
        "rows": [(c.label, c.shown or dutch(c.value), _between(c.interval)) for c in chart.columns],
    }


def _box(left: float, width: float, low: Number, high: Number | None, largest: Number) -> str:
    bottom, top = (100 - float(_share(value or 0, largest)) for value in (low, high))
    return f"M{_plain(left)} {_plain(bottom)}V{_plain(top)}h{_plain(width)}V{_plain(bottom)}z"


def _ends(columns: Sequence[Bar]) -> list[tuple[str, str, str]]:
    """Return the labels below the first, the middle and the last column: place, anchor and text."""
    if not columns:
        return []
    n = len(columns)
    middle = (n - 1) // 2
    found = [("0%", "start", columns[0].label)]
    if n > 4 and n % 2:  # noqa: PLR2004  three labels fit above five columns
        found.append((f"{_plain((middle + 0.5) * 100 / n)}%", "middle", columns[middle].label))
    return [*found, ("100%", "end", columns[-1].label)] if n > 1 else found


def _said(chart: Columns) -> str:
    """Say what columns show: the highest, the lowest, and how many have no number."""
    known = [(column.value, column.label) for column in chart.columns if column.value is not None]
    if not known:
        return "Geen getallen om te tonen."
    (highest, at_high), (lowest, at_low) = max(known, key=_first), min(known, key=_first)
    n_unknown = len(chart.columns) - len(known)
    without = f", {n_unknown} zonder getal" if n_unknown else ""
    extremes = f"hoogst {dutch(highest)} ({at_high}), laagst {dutch(lowest)} ({at_low})"
    return f"{chart.measure}: {extremes}{without}."


def _first(pair: tuple[Number, str]) -> Number:
    return pair[0]


def _matrix(chart: Matrix) -> dict[str, Any]:
    """Draw the largest dots first, so that no dot hides a smaller one."""
    order = sorted(chart.dots, key=lambda dot: -(dot.size or 0))
    return {
        "chart": chart,
        "kind": "matrix",
        "dots": [_dot(dot, chart) for dot in order if dot.x is not None and dot.y is not None],
        "unplaced": [dot.label for dot in chart.dots if dot.x is None or dot.y is None],
        "ticks": [{"value": value, "x": _x(value), "y": _y(value)} for value in (0, 25, 50, 75, 100)],
        "words": [_dot_said(dot, chart) for dot in chart.dots],
    }


def _dot(dot: Dot, chart: Matrix) -> dict[str, Any]:
    smallest, largest = RADIUS
    radius = max(smallest, largest * sqrt(float(_share(dot.size or 0, chart.largest)) / 100))
    is_right = float(dot.x or 0) > 85  # noqa: PLR2004  beyond it a label runs off the drawing
    return {
        "label": dot.label,
        "x": _x(dot.x or 0),
        "y": _y(dot.y or 0),
        "radius": _plain(radius),
        "whisker_x": [_x(value) for value in dot.x_interval or ()],
        "whisker_y": [_y(value) for value in dot.y_interval or ()],
        "anchor": "end" if is_right else "start",
        "dx": -7 if is_right else 7,
        "verdict": dot.verdict.value,
        "words": _dot_said(dot, chart),
    }


def _dot_said(dot: Dot, chart: Matrix) -> str:
    size = dot.shown or dutch(dot.size)
    x, y = (
        f"{dutch(value)}{f' ({_between(interval)})' if interval else ''}"
        for value, interval in ((dot.x, dot.x_interval), (dot.y, dot.y_interval))
    )
    return f"{dot.label}: {chart.y.lower()} {y}, {chart.x.lower()} {x}, {chart.size.lower()} {size}"


def _between(interval: Interval | None) -> str:
    if interval is None or dutch(interval[0]) == dutch(interval[1]):
        return ""
    return f"{dutch(interval[0])} tot {dutch(interval[1])}"


def _x(value: Number) -> str:
    left, right, _, _ = MARGIN
    return _plain(left + float(value) * (100 - left - right) / 100)


def _y(value: Number) -> str:
    _, _, above, below = MARGIN
    return _plain(100 - below - float(value) * (100 - above - below) / 100)


def _share(value: Number, largest: Number) -> str:
    """Return a value as a percentage of the largest, never above it."""
    return _plain(min(100.0, 100 * float(value) / float(largest)) if largest else 0.0)


def _plain(number: float) -> str:
    """Write a number as SVG does, to a hundredth."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
