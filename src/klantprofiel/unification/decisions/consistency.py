"""Decisions that can all be true: whoever is one by joins, by way of others too, is nowhere kept apart."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.errors import KlantprofielError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.unification.decisions.decision import Decision


class Joined:
    """The closure over joins: which records are one person, if every join is true.

    Examples
    --------
    >>> from klantprofiel.unification.decisions.decision import Decision
    >>> joins = [Decision("join", "Els", "zelfde", records=pair) for pair in (("a/1", "b/1"), ("b/1", "c/1"))]
    >>> joined = Joined(joins)
    >>> joined.person("c/1"), joined.person("d/1")
    ('a/1', 'd/1')
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._joins = [decision for decision in decisions if decision.kind == "join"]
        self._above: dict[str, str] = {}
        for decision in self._joins:
            for first, record in decision.pairs():
                self._unite(first, record)

    def person(self, record: str) -> str:
        """Return the lowest record that is one with this one; the record itself when no join names it."""
        lowest = record
        while (above := self._above.get(lowest, lowest)) != lowest:
            lowest = above
        while record != lowest:  # shorten the way for who asks next
            self._above[record], record = lowest, self._above[record]
        return lowest

    def records(self) -> list[str]:
        """Return the records that joins name, in order."""
        return sorted({record for decision in self._joins for record in decision.records})

    def chain(self, one: str, other: str) -> list[Decision]:
        """Return the fewest joins by which two records are one; none when they are not."""
        holding = defaultdict(list)
        for place, decision in enumerate(self._joins):
            for record in decision.records:
                holding[record].append(place)
        came_by: dict[str, tuple[int, str] | None] = {one: None}
        reach, used = deque([one]), set()
        while reach and other not in came_by:
            record = reach.popleft()
            for place in holding[record]:
                if place not in used:
                    used.add(place)
                    for found in sorted(set(self._joins[place].records) - came_by.keys()):
                        came_by[found] = (place, record)
                        reach.append(found)
        chain, step = [], came_by.get(other)
        while step is not None:
            chain.append(self._joins[step[0]])
            step = came_by[step[1]]
        return chain[::-1]

    def _unite(self, one: str, other: str) -> None:
        low, high = sorted((self.person(one), self.person(other)))
        if low != high:
            self._above[high] = low


@dataclass(frozen=True)
class Contradiction:
    """A split, and the joins that make one person of two records that it keeps apart."""

    split: Decision
    joins: tuple[Decision, ...]

    def error(self) -> KlantprofielError:
        """Return the error that names the decisions, and none of the records."""
        recorded = [str(each.decision_id) for each in (self.split, *self.joins) if each.recorded_at]
        made_one = " and ".join(join.named() for join in self.joins)
        verb = "makes" if len(self.joins) == 1 else "together make"
        return KlantprofielError(
            f"{self.split.named()} keeps two records apart of which {made_one} {verb} one person",
            expected="decisions that can all be true",
            todo="look with `klantprofiel identity decisions`; what no longer holds is withdrawn by "
            + " or ".join(f"`--instead-of {number}`" for number in dict.fromkeys(recorded)),
        )


def contradiction(decisions: Iterable[Decision]) -> Contradiction | None:
    """Return the first split that joins contradict, each taken to be in force; None when all can be true.

    Examples
    --------
    >>> from klantprofiel.unification.decisions.decision import Decision
    >>> said = [
    ...     Decision("join", "Els", "zelfde", records=("a/1", "b/1")),
    ...     Decision("join", "Els", "zelfde", records=("b/1", "c/1")),
    ...     Decision("split", "Piet", "broers", records=("a/1",), others=("c/1",)),
    ... ]
    >>> contradiction(said[:2])
    >>> len(contradiction(said).joins)
    2
    """
    decisions = list(decisions)
    joined = Joined(decisions)
    for split in decisions:
        if split.kind == "split":
            persons = {joined.person(other): other for other in reversed(split.others)}
            for record in split.records:
                if (other := persons.get(joined.person(record))) is not None:
                    return Contradiction(split, tuple(joined.chain(record, other)))
    return None
