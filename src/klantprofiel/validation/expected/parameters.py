"""The bounds that tonight's deliveries are judged by, from the history of the deliveries before them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Final

from klantprofiel.schema import Flag
from klantprofiel.validation.expected import bounds as b
from klantprofiel.validation.expected import measures as m
from klantprofiel.validation.expected.profiles import PROFILES, profile_parameters
from klantprofiel.validation.expected.statistics import LEAST_LEFT
from klantprofiel.validation.expected.suites import parameter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from klantprofiel.schema import Table
    from klantprofiel.validation.expected.suites import Suite
    from klantprofiel.warehouse import Run

    Found = Iterator[tuple[str, object]]

LEAST_ROWS: Final = 10  # of fewer, one strange row makes a mean or a tenth
LEAST_FOR_LENGTHS: Final = 20  # of fewer, half may by chance be of another length
LEAST_FOR_A_MEDIAN: Final = 100  # with these, a median outside the middle half of the past is no chance
LEAST_GAPS: Final = 8  # between deliveries: more than a week of them, so that a weekend is among them
OF_MEANS: Final = 2.5  # a sale or a season moves a mean; another unit moves it by more than this
OF_MEDIANS: Final = 2
OF_THE_END: Final = 2  # a mean beyond twice the upper quartile is made by a few large values
LAG_DAYS: Final = 5
PERSONAL_LAG_DAYS: Final = 30
OF_A_SHARE: Final = 0.25  # a share may always be a quarter less
OF_KNOWN: Final = 0.15  # one late file of customers hides the newest
OF_FAMILIAR: Final = 0.4
LEAST_SHARE: Final = 0.05  # a lower bound below this would detect nothing
LEAST_STANDING: Final = 0.2
MORE_QUARANTINE: Final = 0.05
MORE_LOST: Final = 0.25
SELDOM: Final = 0.05  # of the deliveries: a category that was away more often may be away again


def parameters(
    run: Run, suites: Iterable[Suite], *, apart: Mapping[str, Collection[date]] | None = None
) -> dict[str, object]:
    """Return the bounds of every suite about a table of this run; what has no history yet is absent.

    Called after `keep_statistics`. The latest delivery of each table is judged against those before it, its
    first delivery left out: that holds what was before. `apart` gives per table the days that are judged by
    themselves: they are no history yet.
    """
    names = {suite["name"] for suite in suites}
    apart = apart or {}
    found: dict[str, object] = {}
    for name, table in sorted(run.declarations.items()):
        if name in names:
            ((tonight,),) = run.rows(f"select max(delivered_on) from identity.{table.name}")
            if tonight is not None:
                history = history_of(run, table, tonight, without=apart.get(name, ()))
                found |= dict(_of_table(run, history))
    if PROFILES in names and run.has(PROFILES) and run.has("variables"):
        found |= dict(profile_parameters(run))
    return found


def parameters_of_day(
    run: Run, table: type[Table], day: date, *, without: Collection[date] = ()
) -> dict[str, object]:
    """Return the bounds of a day that is not the latest, by the deliveries before it but those in `without`.

    Later deliveries may have replaced rows of it. Its bounds for the number of rows take that into account;
    when half of it or more is gone, what is left says nothing else.
    """
    ((n_left,),) = run.rows(f"select count(*) from identity.{table.name} where delivered_on = $day", day=day)
    ((n_loaded,),) = run.rows(
        """
        select coalesce(sum(n_loaded), 0) from batches join batch_accounts using (table_name, batch_id)
        where table_name = $name and delivered_on = $day
        """,
        name=table.name,
        day=day,
    )
    left = n_left / n_loaded if n_loaded else 1.0
    history = history_of(run, table, day, without=without)
    if left > LEAST_LEFT:
        return dict(_of_table(run, history, left=left))
    return dict([*_volume(history, left), *_quarantined(history)])


@dataclass(frozen=True)
class History:
    """What the deliveries of one table were like: the judged one, and those before it."""

    table: type[Table]
    tonight: date
    now: Mapping[tuple[str, str], b.Point]
    past: Mapping[tuple[str, str], list[b.Point]]
    shares: Mapping[str, Mapping[str, list[b.Point]]]  # of categories: per column and category
    days: tuple[date, ...]  # of `past`, oldest first

    def point(self, column: str, metric: str) -> tuple[list[b.Point], int]:
        """Return the past of a measure, and on how many rows tonight's rests."""
        now = self.now.get((column, metric))
        return self.past.get((column, metric), []), now.n if now else 0


def history_of(run: Run, table: type[Table], tonight: date, *, without: Collection[date] = ()) -> History:
    """Read the last deliveries of a table up to and including that of tonight, but for those in `without`."""
    rows = run.rows(
        f"""
        with days as (
            select distinct delivered_on from delivery_statistics
            where table_name = $name and delivered_on <= $tonight
            and (delivered_on = $tonight or not list_contains($without, delivered_on))
        ),
        judged as (
            select delivered_on from days where delivered_on > (select min(delivered_on) from days)
            order by delivered_on desc limit {b.WINDOW + 1}
        )
        select delivered_on, column_name, metric, category, value, n
        from delivery_statistics semi join judged using (delivered_on) where table_name = $name
        order by delivered_on, column_name, metric, category
        """,
        name=table.name,
        tonight=tonight,
        without=sorted(without),
    )
    now, past = {}, defaultdict(list)
    shares: dict[str, dict[str, list[b.Point]]] = defaultdict(lambda: defaultdict(list))
    for day, column, metric, category, value, n in rows:
        point = b.Point(day, value, n)
        if metric == m.CATEGORY:
            shares[column][category].append(point)
        elif day == tonight:
            now[column, metric] = point
        else:
            past[column, metric].append(point)
    days = tuple(sorted({day for day, *_ in rows} - {tonight}))
    return History(table, tonight, now, past, shares, days)


def _of_table(run: Run, history: History, *, left: float = 1.0) -> Found:
    yield from _volume(history, left)
    yield from _freshness(run, history)
    yield from _standing(run, history)
    yield from _lower(history, "", m.DISTINCT, OF_A_SHARE)
    yield from _quarantined(history)
    for name in history.table.columns:
        yield from _of_column(history, name)


def _volume(history: History, left: float) -> Found:
    """Bound the number of rows, of which the share `left` was not replaced by a later delivery."""
    past, _ = history.point("", m.ROWS)
    if found := b.count_bounds(past, history.tonight):
        name = history.table.name
        yield parameter(name, "", m.ROWS, "low"), int(left * found[0])
        yield parameter(name, "", m.ROWS, "high"), int(left * found[1]) + 1


def _quarantined(history: History) -> Found:
    past, n = history.point("", m.QUARANTINED)
    if found := b.share_bounds(past, history.tonight, n, slack=lambda _: MORE_QUARANTINE):
        yield parameter(history.table.name, "", m.QUARANTINED, "high"), found[1]


def _freshness(run: Run, history: History) -> Found:
    """Tell since when there has to be a delivery: what was offered tonight, or the longest usual gap ago."""
    name = history.table.name
    since = []
    offered = run.offered.get(name)
    if offered is not None and not _may_be_empty(run, history, offered):
        since.append(offered)
    days = [
        day
        for (day,) in run.rows(
            "select distinct delivered_on from batches where table_name = $name order by 1", name=name
        )
    ]
    gaps = [(later - earlier).days for earlier, later in pairwise(days[1:])][-b.WINDOW :]
    if len(gaps) >= LEAST_GAPS:
        longest = max(gaps)
        is_regular = longest == median(gaps)
        since.append(run.as_of - timedelta(days=longest + 1 if is_regular else 2 * longest + 2))
    if since:
        yield parameter(name, "delivered_on", "", "since"), max(since).isoformat()


def _may_be_empty(run: Run, history: History, offered: date) -> bool:
    """Whether a delivery without a row was loaded for that day, and a day without rows is usual."""
    loaded = run.rows(
        "select n from delivery_statistics "
        "where table_name = $name and delivered_on = $day and metric = $metric",
        name=history.table.name,
        day=offered,
        metric=m.ROWS,
    )
    if loaded != [(0,)]:
        return False
    past, _ = history.point("", m.ROWS)
    found = b.count_bounds(past, offered)
    return found is None or found[0] < 1


def _standing(run: Run, history: History) -> Found:
    name, tonight = history.table.name, history.tonight
    past, n = history.point("", m.STANDING)
    found = b.share_bounds(past, tonight, n, slack=lambda usual: usual / 2)
    if found is None or found[0] < LEAST_STANDING:
        return
    ((before, n_rows),) = run.rows(
        """
        select max(delivered_on), max_by(n, delivered_on) from delivery_statistics
        where table_name = $name and metric = $metric and delivered_on < $tonight and n > 0
        """,
        name=name,
        metric=m.ROWS,
        tonight=tonight,
    )
    yield parameter(name, "", m.STANDING, "day"), before.isoformat()
    yield parameter(name, "", m.STANDING, "n_rows"), n_rows
    yield parameter(name, "", m.STANDING, "low"), found[0]


def _of_column(history: History, column: str) -> Found:
    yield from _lower(history, column, m.FILLED, OF_A_SHARE)
    yield from _lower(history, column, m.POSITIVE, OF_A_SHARE)
    yield from _lower(history, column, m.KNOWN, OF_KNOWN)
    yield from _lower(history, column, m.FAMILIAR, OF_FAMILIAR)
    yield from _mean(history, column)
    yield from _median(history, column)
    yield from _lengths(history, column)
    yield from _lags(history, column)
    yield from _categories(history, column)


def _lower(history: History, column: str, metric: str, part: float) -> Found:
    """Bound a share from below: `part` of what is usual may always be missing."""
    past, n = history.point(column, metric)
    found = b.share_bounds(past, history.tonight, n, slack=lambda usual: part * usual)
    if found and found[0] >= LEAST_SHARE:
        yield parameter(history.table.name, column, metric, "low"), found[0]


def _both(history: History, column: str, metric: str, found: tuple[float, float] | None) -> Found:
    if found:
        yield parameter(history.table.name, column, metric, "low"), found[0]
        yield parameter(history.table.name, column, metric, "high"), found[1]


def _of_enough_rows(
    history: History, column: str, metric: str, least: int = LEAST_ROWS
) -> tuple[list[b.Point], int]:
    past, n = history.point(column, metric)
    return [point for point in past if point.n >= least], n if n >= least else 0


def _mean(history: History, column: str) -> Found:
    """Bound a mean, unless a few large values or many zeros make it: such a mean leaps by itself."""
    past, n = _of_enough_rows(history, column, m.MEAN)
    above, _ = history.point(column, m.UPPER_QUARTILE)
    usual_end = median(point.value for point in above) if above else None
    if past and usual_end is not None and median(point.value for point in past) > OF_THE_END * usual_end:
        return
    yield from _both(history, column, m.MEAN, b.scale_bounds(past, history.tonight, n, factor=OF_MEANS))


def _median(history: History, column: str) -> Found:
    """Bound a median by the quartiles of the past: no chance takes it there, whatever the distribution."""
    lowest, n = _of_enough_rows(history, column, m.LOWER_QUARTILE, LEAST_FOR_A_MEDIAN)
    highest, _ = _of_enough_rows(history, column, m.UPPER_QUARTILE, LEAST_FOR_A_MEDIAN)
    if not n or len(lowest) < b.LEAST_DAYS:
        return
    low, high = min(point.value for point in lowest), max(point.value for point in highest)
    if high > 0:
        low = low / OF_MEDIANS if low > 0 else low * OF_MEDIANS
        yield from _both(history, column, m.MEDIAN, (low, high * OF_MEDIANS))


def _lags(history: History, column: str) -> Found:
    """Bound how many days before the delivery a column lies: its newest tenth, its middle, or its mean."""
    tonight = history.tonight
    past, n = _of_enough_rows(history, column, m.FRESH_LAG)
    found = b.distance_bounds(past, tonight, n, slack=LAG_DAYS)
    yield from _both(history, column, m.FRESH_LAG, found)
    long, _ = _of_enough_rows(history, column, m.LONG_LAG)
    if found and len(long) >= b.LEAST_DAYS:  # new rows and changed old ones: the middle may be of either
        low, high = min(point.value for point in past), max(point.value for point in long)
        yield from _both(history, column, m.MEDIAN_LAG, (low - LAG_DAYS, high + LAG_DAYS))
    past, n = _of_enough_rows(history, column, m.MEAN_LAG)
    found = b.distance_bounds(past, tonight, n, slack=PERSONAL_LAG_DAYS)
    yield from _both(history, column, m.MEAN_LAG, found)


def _lengths(history: History, column: str) -> Found:
    short, n = _of_enough_rows(history, column, m.SHORT, LEAST_FOR_LENGTHS)
    long, _ = _of_enough_rows(history, column, m.LONG, LEAST_FOR_LENGTHS)
    if n and len(short) >= b.LEAST_DAYS:
        low, high = min(point.value for point in short), max(point.value for point in long)
        yield parameter(history.table.name, column, m.SHORT, "low"), max(0, int(low) - 1)
        yield parameter(history.table.name, column, m.LONG, "high"), int(high) + 1


def _categories(history: History, column: str) -> Found:
    """Name the categories that no delivery of this size lacks, and how much all may lose together."""
    shares, days = history.shares.get(column), history.days
    if not shares or len(days) < b.LEAST_DAYS:
        return
    name = history.table.name
    by_day = {category: {point.day: point for point in points} for category, points in sorted(shares.items())}
    sizes = {point.day: point.n for points in by_day.values() for point in points.values()}
    n = sizes.get(history.tonight) or history.point("", m.ROWS)[1]
    past = {
        category: [
            b.Point(day, points[day].value if day in points else 0.0, sizes.get(day, 0)) for day in days
        ]
        for category, points in by_day.items()
    }
    listed = []
    for category, points in past.items():
        found = b.share_bounds(points, history.tonight, n, slack=lambda usual: usual / 2)
        n_without = sum(not point.value for point in points)
        if found and found[0] > 0 and n_without <= SELDOM * len(points):
            listed.append(category)
    if listed:
        is_flag = isinstance(history.table.columns[column], Flag)
        values = [category == "true" for category in listed] if is_flag else listed
        yield parameter(name, column, m.CATEGORY, "listed"), values
    usual = {category: mean(point.value for point in points) for category, points in past.items()}
    lost = [
        b.Point(
            day,
            sum(max(0.0, usual[category] - points[number].value) for category, points in past.items()),
            sizes.get(day, 0),
        )
        for number, day in enumerate(days)
    ]
    if found := b.share_bounds(lost, history.tonight, n, slack=lambda _: MORE_LOST):
        yield parameter(name, column, m.CATEGORY, "since"), days[0].isoformat()
        yield parameter(name, column, m.CATEGORY, "until"), days[-1].isoformat()
        yield parameter(name, column, m.CATEGORY, "n_days"), len(days)
        yield parameter(name, column, m.CATEGORY, "high"), found[1]
