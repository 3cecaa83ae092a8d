"""Small counts are not shown: a group of a few people can be recognised."""

from __future__ import annotations

from typing import Final

MINIMUM_GROUP: Final = 10  # the smallest group that a table for many eyes shows


def shown_count(n: int) -> int | str:
    """Return a number of customers as a table for many eyes may show it; nobody is shown as 0.

    >>> shown_count(12), shown_count(9), shown_count(0)
    (12, '<10', 0)
    """
    return n if n == 0 or n >= MINIMUM_GROUP else f"<{MINIMUM_GROUP}"
