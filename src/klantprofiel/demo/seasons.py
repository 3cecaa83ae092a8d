"""When people buy at a shop for house and garden: days of the week, months, and what sells in which month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.company import FIRST_DAY, N_DAYS

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Days, Floats

BY_WEEKDAY: Final = np.array([0.80, 0.80, 0.85, 0.95, 1.20, 1.60, 0.80])  # Monday first
BY_MONTH: Final = np.array([0.75, 0.80, 1.05, 1.25, 1.30, 1.10, 0.95, 0.85, 0.95, 1.00, 1.05, 1.10])
QUIET_DAYS: Final = ((1, 1), (12, 25), (12, 26))  # month and day
QUIET: Final = 0.2  # of the trade of another day

CATEGORY_IN_MONTH: Final = np.array(  # categories x months: the share of wishes that fit the month
    [
        [0.1, 0.2, 0.8, 1.0, 1.0, 0.8, 0.6, 0.5, 0.7, 0.8, 0.3, 0.1],
        [0.3, 0.5, 1.0, 1.0, 0.9, 0.7, 0.6, 0.6, 0.7, 0.8, 0.5, 0.3],
        [0.2, 0.3, 0.6, 0.9, 1.0, 1.0, 0.9, 0.6, 0.3, 0.2, 0.2, 0.2],
        [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 1.0],
        [0.8, 0.9, 1.0, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9, 0.9, 0.7, 0.5],
        [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 1.0],
        [1.0, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 0.9, 0.8, 0.8],
        [0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 0.9, 1.0, 1.0, 1.0],
    ],
    np.float32,
)


def _trade(days: Days) -> Floats:
    """Return how busy each of these dates is, 1 being an average day."""
    weekday = (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    month = days.astype("datetime64[M]")
    dates = list(zip((month.astype(np.int64) % 12 + 1).tolist(), (days - month).astype(int) + 1, strict=True))
    quiet = np.array([QUIET if date in QUIET_DAYS else 1.0 for date in dates])
    trade: Floats = BY_WEEKDAY[weekday] * BY_MONTH[month.astype(np.int64) % 12] * quiet
    return trade


_DAYS: Final = np.datetime64(FIRST_DAY, "D") + np.arange(N_DAYS)
MONTH: Final = (_DAYS.astype("datetime64[M]").astype(np.int64) % 12).astype(np.int8)  # of each day, January 0
TRADE_BEFORE: Final = np.append(0, np.cumsum(_trade(_DAYS)) / _trade(_DAYS).sum())  # share of all, per day
