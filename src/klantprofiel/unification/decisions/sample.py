"""How often people who were put together are one person: an estimate from pairs that were drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.display import Displayed, Share, dutch_share
from klantprofiel.errors import ConfigurationError, KlantprofielError, NotFoundError
from klantprofiel.unification.decisions.consistency import Joined
from klantprofiel.unification.decisions.decision import decided, in_force
from klantprofiel.unification.decisions.doubtful import Review, pair_facts
from klantprofiel.unification.decisions.preview import check_linked
from klantprofiel.unification.decisions.record import ledger_in_words
from klantprofiel.warehouse import open_owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.display import Summary
    from klantprofiel.unification.decisions.decision import Decision, Pair
    from klantprofiel.warehouse import Ledger, StoredRelease, Tables, Warehouse

Z_95: Final = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: an interval of 95%."""

MOST_DRAWN: Final = 10_000
"""More pairs than anybody will look at."""

_MEMBERS: Final = """
select registry.customer_id, records.record_id
from identity.source_records as records
inner join identity.customer_records as registry on registry.record_id = records.record_id
qualify count(*) over (partition by registry.customer_id) > 1
order by registry.customer_id, records.record_id
"""


@dataclass(frozen=True, repr=False)
class PrecisionEstimate(Displayed):
    """How many of the pairs that a release makes one person are, by a labelled random sample.

    Attributes
    ----------
    release_id
        The release of which pairs were drawn.
    n_pairs
        Pairs of records of one customer in it.
    n_drawn, n_labelled, n_right
        Pairs drawn; those on which somebody decided; those that are one person.
    precision, low, high
        The share that is right, from 0 to 1, and its 95% interval by Wilson's score; None while nothing is
        labelled.
    """

    release_id: str
    n_pairs: int
    n_drawn: int
    n_labelled: int
    n_right: int
    precision: float | None
    low: float | None
    high: float | None

    def summary(self) -> Summary:
        """Return the estimate, in Dutch."""
        interval = (
            None
            if self.low is None or self.high is None
            else f"{dutch_share(self.low)}-{dutch_share(self.high)}"
        )
        left = self.n_drawn - self.n_labelled
        return {
            "title": "Precisie volgens een steekproef",
            "facts": {
                "Precisie": None if self.precision is None else Share(self.precision),
                "95%-interval": interval,
                "Release": self.release_id,
                "Paren": self.n_pairs,
                "Getrokken": self.n_drawn,
                "Beoordeeld": self.n_labelled,
                "Juist": self.n_right,
            },
            "tables": [],
            "notes": [f"Van {left} getrokken paren is nog niet besloten of het een persoon is."]
            if left
            else [],
        }


def draw_sample(warehouse: Warehouse, *, n: int, random_state: int) -> Review:
    """Draw pairs of records of one customer at random, each pair with the same probability, and record which.

    Whoever looks at them decides with `join` that a pair is one person, or with `split` that it is not; then
    `precision_estimate` tells how precise the release in force is. The same state draws the same pairs.

    Parameters
    ----------
    n
        How many; all pairs when there are no more.
    random_state
        Which draw, 0 or higher.

    Raises
    ------
    ConfigurationError
        When `n` or `random_state` is out of range.
    NotFoundError
        When there is no release, or it has no scored pairs.
    KlantprofielError
        When no customer has two records.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> draw_sample(Warehouse(tempfile.mkdtemp() + "/klanten"), n=0, random_state=1)
    Traceback (most recent call last):
    klantprofiel.errors.ConfigurationError: n is 0 and random_state is 1
      Expected: from 1 to 10000 pairs, and a random_state of 0 or higher
    """
    if not 1 <= n <= MOST_DRAWN or random_state < 0:
        raise ConfigurationError(
            f"n is {n} and random_state is {random_state}",
            expected=f"from 1 to {MOST_DRAWN} pairs, and a random_state of 0 or higher",
        )
    with open_owner(warehouse.store.root) as release:
        check_linked(release)
        pairs, n_pairs = _drawn(release, n, random_state)
        if not pairs:
            raise KlantprofielError(
                f"in release {release.release_id} no customer has two records",
                expected="customers that were put together",
                todo="nothing: there is no precision to estimate",
            )
        draw = {
            "release_id": release.release_id,
            "random_state": random_state,
            "n_pairs": n_pairs,
            "probability": len(pairs) / n_pairs,
            "pairs": pairs,
        }
        with ledger_in_words():
            warehouse.ledger.record_draw(draw)
        title = f"Steekproef {random_state}: {len(pairs)} van {n_pairs} paren"
        return Review(release.release_id, title, pair_facts(release, pairs))


def precision_estimate(ledger: Ledger, release: StoredRelease) -> PrecisionEstimate:
    """Estimate the precision over pairs of a release from what people decided on the pairs drawn from it.

    When nothing was drawn from this release the last draw from another one counts; the result says which.

    Raises
    ------
    NotFoundError
        When nothing was ever drawn.
    """
    draws = ledger.draws()
    if not draws:
        raise NotFoundError(
            "no pairs were drawn for review yet",
            expected="a random sample, of which people decided what is right",
            todo="draw one with `klantprofiel identity review --sample 100 --seed 1`",
        )
    names = {draw["release_id"] for draw in draws}
    release_id = release.release_id if release.release_id in names else draws[-1]["release_id"]
    own = [draw for draw in draws if draw["release_id"] == release_id]
    drawn = sorted({(first, record) for draw in own for first, record in draw["pairs"]})
    labels = [label for label in _labels(in_force(decided(ledger)), drawn) if label is not None]
    n_right = sum(labels)
    low, high = wilson_interval(n_right, len(labels)) if labels else (None, None)
    return PrecisionEstimate(
        release_id=release_id,
        n_pairs=own[-1]["n_pairs"],
        n_drawn=len(drawn),
        n_labelled=len(labels),
        n_right=n_right,
        precision=n_right / len(labels) if labels else None,
        low=low,
        high=high,
    )


def wilson_interval(n_right: int, n: int, *, z: float = Z_95) -> tuple[float, float]:
    """Return the interval of a share by Wilson's score; it stays within 0 and 1, and holds for few.

    Wilson (1927), JASA 22: 209-212; Brown, Cai and DasGupta (2001), Statistical Science 16: 101-133, eq. 4.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= n_right <= n or n == 0:
        raise ConfigurationError(f"{n_right} of {n} right", expected="a count from 0 to n, and n above 0")
    share, square = n_right / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _labels(decisions: Sequence[Decision], pairs: Sequence[Pair]) -> list[bool | None]:
    """Return whether each pair is one person by the decisions in force; None when nobody decided."""
    joined = Joined(decisions)
    apart = {
        frozenset(map(joined.person, pair))
        for each in decisions
        if each.kind == "split"
        for pair in each.pairs()
    }
    labels: list[bool | None] = []
    for first, record in pairs:
        persons = frozenset((joined.person(first), joined.person(record)))
        labels.append(True if len(persons) == 1 else False if persons in apart else None)
    return labels


def _drawn(release: Tables, n: int, random_state: int) -> tuple[list[Pair], int]:
    """Return the pairs drawn, in order, and of how many; pairs are counted, not written out."""
    members = release.arrow(_MEMBERS)
    if not members.num_rows:
        return [], 0
    customers = members["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    _, starts, sizes = np.unique(customers, return_index=True, return_counts=True)
    n_before = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    n_pairs = int(n_before[-1])
    drawn = np.random.default_rng(random_state).choice(n_pairs, size=min(n, n_pairs), replace=False)
    places = np.sort(drawn)
    held_by = np.searchsorted(n_before, places, side="right") - 1
    records = members["record_id"]
    pairs = [
        _pair(records, int(starts[customer]), int(place - n_before[customer]))
        for customer, place in zip(held_by, places, strict=True)
    ]
    return pairs, n_pairs


def _pair(records: Any, start: int, place: int) -> Pair:  # noqa: ANN401  pyarrow ships no types
    """Return the pair at a place among those of one customer, whose records begin at `start`.

    The second record is the highest whose number of pairs with lower ones, summed, does not pass the place.
    """
    second = (1 + int(sqrt(8 * place + 1))) // 2
    second -= comb(second, 2) > place
    second += comb(second + 1, 2) <= place
    return records[start + place - comb(second, 2)].as_py(), records[start + second].as_py()
