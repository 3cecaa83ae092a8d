"""What the smaller sources share: the number held on a day, ISO moments, and rows that change later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.company import N_DAYS, day_of
from klantprofiel.demo.dated import Dated

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Calendar, Frame
    from klantprofiel.demo.draws import Flags, Ints, Texts
    from klantprofiel.demo.registrations import Registrations


def held_on(registered: Registrations, n_persons: int, person: Ints, day: Ints) -> Ints:
    """Return the row of the newest number that each person held on a day, -1 for who had none yet."""
    first, last = registered.first_of(n_persons)[person], registered.last_of(n_persons)[person]
    newest = np.where(registered.start_of(last) <= day, last, first)
    return np.where(registered.start_of(newest) <= day, newest, -1)


def at_row(column: Texts, row: Ints) -> Texts:
    """Return the values of `column` at `row`, unknown where the row is -1."""
    return column.take(pa.array(row, mask=row < 0))


def with_gaps(values: Ints, known: Flags) -> Texts:
    """Return numbers as a column, unknown where `known` is false."""
    return pa.array(values, mask=~known)


def iso_moments(day: Ints, second: Ints) -> Texts:
    """Return moments as yyyy-mm-ddThh:mm:ss.

    >>> iso_moments(np.array([0]), np.array([61])).to_pylist()
    ['2023-09-03T00:01:01']
    """
    moments = day_of(day.astype(np.int64)).astype("datetime64[s]") + second.astype("timedelta64[s]")
    return pa.array(np.datetime_as_string(moments, unit="s"), pa.string())


def with_later_change(
    rows: Frame, *, stated: Ints, settled: Ints, unsettled: tuple[str, ...], calendar: Calendar
) -> Dated:
    """Return rows as they were first delivered and, once something about them was settled, again.

    `stated` and `settled` are days of the history. Before a row is settled, its columns named `unsettled` are
    empty; a row that is settled before its first delivery comes once. A row that is settled after the history
    is never delivered as such.
    """
    first, last = calendar.delivery_of(stated), calendar.delivery_of(np.minimum(settled, N_DAYS - 1))
    is_open = (first < last) | (settled >= N_DAYS)
    is_settled = settled < N_DAYS
    before = rows.filter(pa.array(is_open))
    for name in unsettled:
        at = before.column_names.index(name)
        column = before.column(at)
        nothing = pa.nulls(before.num_rows, column.type)
        before = before.set_column(at, name, pc.cast(nothing, column.type))
    after = rows.filter(pa.array(is_settled))
    both = pa.concat_tables([before, after]).combine_chunks()
    return Dated(both, np.concatenate([first[is_open], last[is_settled]]))
