"""Small counts are not shown: a group of a few people can be recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MINIMUM_GROUP: Final = 10  # the smallest group that a table for many eyes shows
WITHHELD: Final = "afgeschermd"


def shown_count(n: int) -> int | str:
    """Return a number of customers as a table for many eyes may show it; nobody is shown as 0.

    For groups that add up to a known total, see `shown_groups`.

    >>> shown_count(12), shown_count(9), shown_count(0)
    (12, '<10', 0)
    """
    return n if n == 0 or n >= MINIMUM_GROUP else f"<{MINIMUM_GROUP}"


def shown_groups(sizes: Sequence[int]) -> list[int | str]:
    """Return the sizes of groups, in customers, whose total is known, as a table for many eyes may show them.

    Who knows the total computes a single hidden group, and small groups that are together a few people. Then
    the next smallest groups are hidden too, until two or more are, of ten customers or more together.

    >>> shown_groups([40, 12, 9]), shown_groups([40, 9, 8]), shown_groups([40, 12])
    ([40, 'afgeschermd', 'afgeschermd'], [40, '<10', '<10'], [40, 12])
    """
    shown = [shown_count(size) for size in sizes]
    hidden = [number for number, size in enumerate(sizes) if shown[number] != size]
    others = sorted(
        (number for number, size in enumerate(sizes) if size >= MINIMUM_GROUP),
        key=lambda number: (sizes[number], -number),
    )
    if not hidden or not _is_computable([sizes[number] for number in hidden]):
        return shown
    while others and _is_computable([sizes[number] for number in hidden]):
        hidden.append(others.pop(0))
    return [WITHHELD if number in hidden else size for number, size in enumerate(sizes)]


def _is_computable(hidden: Sequence[int]) -> bool:
    """Whether hidden sizes, or nearly so, follow from their sum."""
    return len(hidden) == 1 or sum(hidden) < MINIMUM_GROUP
