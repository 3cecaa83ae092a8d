"""The order in which people count: numbers in a name by their value."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Parts: TypeAlias = tuple[tuple[str, int], ...]

_NUMBER: Final = re.compile("([0-9]+)")


def natural(name: str) -> Parts:
    """Return what sorts names with the numbers in them by their value.

    >>> sorted(["klanten_10.csv", "klanten_9.csv"], key=natural)
    ['klanten_9.csv', 'klanten_10.csv']
    """
    parts = _NUMBER.split(name)  # texts and numbers take turns, a text first
    return tuple((text, int(number)) for text, number in zip(parts[::2], [*parts[1::2], "0"], strict=True))
