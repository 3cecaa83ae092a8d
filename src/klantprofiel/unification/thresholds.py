"""What each threshold would have found, held against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Bar, Chapter, Columns, Displayed, Share, framed, to_page
from klantprofiel.unification.portrait import HIGHEST, LOWEST, model_of

if TYPE_CHECKING:
    from klantprofiel.display import Chart, Summary
    from klantprofiel.unification.quality import Released

_KNOWN_PAIRS: Final = """
with pairs as (
    select first_record_id, record_id, score from identity.link_pairs
    union all
    select first_record_id, record_id, score from identity.closing_pairs where score > $lowest
)
select
    cast(least(greatest(floor(pairs.score), $lowest), $highest) as integer) as bits,
    count(*) as n_pairs,
    count(*) filter (where firsts.person = others.person) as n_right
from pairs
inner join known as firsts on firsts.record_id = pairs.first_record_id
inner join known as others on others.record_id = pairs.record_id
group by bits
order by bits
"""
_TRUE_PAIRS: Final = """
select coalesce(sum(n * (n - 1) // 2), 0)
from (
    select count(*) as n
    from known
    semi join identity.customer_records as registry on registry.record_id = known.record_id
    group by person
)
"""


@dataclass(frozen=True, repr=False)
class ThresholdCurve(Displayed):
    """What each threshold would have found by itself, held against the truth: pairs, before any grouping.

    Attributes
    ----------
    n_true_pairs
        Pairs of records that are one person, found or not.
    points
        Threshold in bits, pairs at or above it, and those of them that are one person.
    """

    n_true_pairs: int
    points: tuple[tuple[int, int, int], ...]

    def rows(self) -> list[tuple[int, int, Share | None, Share | None, Share | None]]:
        """Return threshold, pairs, precision, recall and F1 per point; None where nothing can be shared."""
        return [
            (
                bits,
                n_pairs,
                Share(n_right / n_pairs) if n_pairs else None,
                Share(n_right / self.n_true_pairs) if self.n_true_pairs else None,
                Share(2 * n_right / (n_pairs + self.n_true_pairs)) if n_pairs + self.n_true_pairs else None,
            )
            for bits, n_pairs, n_right in self.points
        ]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Precision, recall and F1, each by threshold."""
        named = (("Precisie", 2), ("Vindkans", 3), ("F1", 4))
        return tuple(
            Columns(
                f"{title} per drempel",
                tuple(Bar(f"{row[0]} bits", _number(row[at])) for row in self.rows()),
                things="Drempel",
                measure=title,
            )
            for title, at in named
        )

    def summary(self) -> Summary:
        """Return the points in Dutch."""
        return {
            "title": "Wat elke drempel zou vinden",
            "facts": {"Ware paren": self.n_true_pairs},
            "tables": [
                {
                    "title": "Per drempel",
                    "columns": ("Bits", "Paren", "Precisie", "Vindkans", "F1"),
                    "rows": self.rows(),
                }
            ],
            "notes": [],
        }

    def page(self) -> str:
        """Return the charts as one HTML document that stands on its own."""
        chapters = [Chapter("Per drempel", (self.charts,))]
        return to_page("Wat elke drempel zou vinden", chapters, contents=False)

    def _repr_html_(self) -> str:
        return framed(self.page())


def threshold_curve(release: Released, truth: object) -> ThresholdCurve:
    """Hold the scored pairs of a release against the truth, per threshold; for the owner of the warehouse.

    Parameters
    ----------
    release, truth
        As in `identity_quality`.

    Raises
    ------
    PermissionRefusedError, NotFoundError
        As `linkage_portrait`.

    Examples
    --------
    >>> truth = release.arrow("select 'crm/1' as record_id, 'P-1' as person")
    >>> threshold_curve(release, truth).n_true_pairs
    0
    """
    from klantprofiel.warehouse import open_owner  # noqa: PLC0415  costly, and only the owner needs it

    with open_owner(release.root, release.release_id) as whole:
        model_of(whole)
        counted = whole.rows(_KNOWN_PAIRS, known=truth, lowest=LOWEST, highest=HIGHEST)
        ((n_true_pairs,),) = whole.rows(_TRUE_PAIRS, known=truth)
    found = {bits: (n_pairs, n_right) for bits, n_pairs, n_right in counted}
    steps = [found.get(bits, (0, 0)) for bits in range(HIGHEST, LOWEST - 1, -1)]
    summed = accumulate(steps, lambda so_far, step: (so_far[0] + step[0], so_far[1] + step[1]))
    points = [(bits, *both) for bits, both in zip(range(HIGHEST, LOWEST - 1, -1), summed, strict=True)]
    return ThresholdCurve(int(n_true_pairs), tuple(reversed(points)))


def _number(value: object) -> float | None:
    return value if isinstance(value, Share) else None
