"""Average linkage as the textbook has it: slow, one pair of groups at a time."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from klantprofiel.unification.clusters.components import Floats


def average_linkage(bits: Floats) -> list[int]:
    """Return the first record of each record's group; ties go to the groups with the lowest records."""
    groups = [[i] for i in range(len(bits))]
    while len(groups) > 1:
        means = {
            (a, b): float(np.mean(bits[np.ix_(groups[a], groups[b])]))
            for a, b in combinations(range(len(groups)), 2)
        }
        best = max(means, key=lambda pair: (means[pair], -pair[0], -pair[1]))
        if means[best] <= 0:
            break
        groups[best[0]] += groups.pop(best[1])
    head = {record: min(group) for group in groups for record in group}
    return [head[i] for i in range(len(bits))]


def symmetric(random: np.random.Generator, size: int) -> Floats:
    """Return bits as scores have them, without ties."""
    half = np.triu(np.clip(random.normal(3, 7, (size, size)), -3.5, 26.5), 1)
    bits: Floats = np.round((half + half.T) * 1024) / 1024
    return bits
