"""How records were linked, in charts: scores, sizes, weights, and records that nothing can link."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from klantprofiel.display import (
    Bar,
    Bars,
    Chapter,
    Columns,
    Displayed,
    Share,
    Verdict,
    dutch_number,
    framed,
    to_page,
)
from klantprofiel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.display import Chart, Summary
    from klantprofiel.unification.linkage import Model
    from klantprofiel.unification.quality import Released
    from klantprofiel.warehouse import StoredRelease

LOWEST: Final = -2  # bits: pairs that score less are not kept
HIGHEST: Final = 30  # bits: beyond it nobody doubts
MOST_RECORDS: Final = 6  # of a customer, above which sizes stand together
_FILLED: Final = {  # which field a comparison needs, where that is not the one it is named after
    "given_name": "coalesce(given_name, initials)",
    "second_initial": "nullif(substring(initials, 2, 1), '')",
    "address": "coalesce(street, postal_code)",
}
_FIELDS: Final = frozenset(
    {*_FILLED, "surname", "birth_date", "sex", "email", "phone", "id_number", "iban", "place"}
)

_SCORES: Final = """
with pairs as (
    select score from identity.link_pairs
    union all
    select score from identity.closing_pairs where score > $lowest
)
select cast(least(greatest(floor(score), $lowest), $highest) as integer) as bits, count(*) as n_pairs
from pairs
group by bits
order by bits
"""
_SIZES: Final = """
select least(n_records, $most) as n_records, count(*) as n_customers
from customers
where n_records > 0
group by least(n_records, $most)
order by n_records
"""


@dataclass(frozen=True, repr=False)
class LinkagePortrait(Displayed):
    """How the records of a release were linked, in counts.

    Attributes
    ----------
    release_id
        The release that it is of.
    threshold
        The score from which a pair by itself is put together, in bits.
    scores
        Pairs that were kept, by score in whole bits, rounded down; the last holds all above it too.
    sizes
        Customers by how many records they have; the last holds all above it too.
    weights
        Comparison, degree of likeness and its weight in bits.
    reach
        Records by the most bits that an exact copy could score, rounded down: below the threshold nothing
        can link them.
    """

    release_id: str
    threshold: float
    scores: tuple[tuple[int, int], ...]
    sizes: tuple[tuple[int, int], ...]
    weights: tuple[tuple[str, str, float], ...]
    reach: tuple[tuple[int, int], ...]

    @property
    def n_pairs(self) -> int:
        """Pairs at or above the threshold."""
        return sum(n for bits, n in self.scores if bits >= self.threshold)

    @property
    def n_unlinkable(self) -> int:
        """Records that not even an exact copy of them could be linked to."""
        return sum(n for bits, n in self.reach if bits < self.threshold)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts: pairs above each threshold, sizes, weights, and what records can reach."""
        return (
            _thresholds(self.scores, self.threshold),
            _customer_sizes(self.sizes),
            *_weights(self.weights),
            _reach(self.reach, self.threshold),
        )

    def summary(self) -> Summary:
        """Return the counts in Dutch."""
        n_records = sum(n for _, n in self.reach)
        return {
            "title": "Hoe records zijn gekoppeld",
            "facts": {
                "Release": self.release_id,
                "Paren vanaf de drempel": self.n_pairs,
                "Drempel": f"{dutch_number(self.threshold, decimals=1)} bits",
                "Niet te koppelen": self.n_unlinkable,
                "Aandeel daarvan": Share(self.n_unlinkable / n_records) if n_records else None,
            },
            "tables": [
                {
                    "title": "Klanten naar aantal records",
                    "columns": ("Records", "Klanten"),
                    "rows": [(_size(n), customers) for n, customers in self.sizes],
                },
                {
                    "title": "Wat een overeenkomst weegt",
                    "columns": ("Gegeven", "Overeenkomst", "Bits"),
                    "rows": self.weights,
                },
            ],
            "notes": [],
        }

    def page(self) -> str:
        """Return the charts as one HTML document that stands on its own."""
        pairs, sizes, *weights, reach = self.charts
        chapters = [
            Chapter("Hoeveel er is gekoppeld", ((pairs, sizes),)),
            Chapter("Wat een overeenkomst weegt", (tuple(weights),)),
            Chapter("Wat te koppelen is", ((reach,),)),
        ]
        return to_page("Hoe records zijn gekoppeld", chapters, subtitle=self.release_id, contents=False)

    def _repr_html_(self) -> str:
        return framed(self.page())


def linkage_portrait(release: Released) -> LinkagePortrait:
    """Show how the records of a release were linked; for the owner of the warehouse.

    Parameters
    ----------
    release
        What `kp.open_release` returned.

    Raises
    ------
    PermissionRefusedError
        When the direct identifiers are not yours to read.
    NotFoundError
        When the release holds no linkage model.

    Examples
    --------
    >>> portrait = linkage_portrait(release)
    >>> portrait.release_id == release.release_id, portrait.n_pairs > 0
    (True, True)
    """
    from klantprofiel.warehouse import open_owner  # noqa: PLC0415  costly, and only the owner needs it

    with open_owner(release.root, release.release_id) as whole:
        model = model_of(whole)
        bounds = {"lowest": LOWEST, "highest": HIGHEST}
        return LinkagePortrait(
            release_id=release.release_id,
            threshold=model.threshold - model.guard_bits,
            scores=tuple(whole.rows(_SCORES, **bounds)),
            sizes=tuple(whole.rows(_SIZES, most=MOST_RECORDS)),
            weights=tuple(_levels(model)),
            reach=tuple(whole.rows(_reach_of(model), **bounds)),
        )


def model_of(whole: StoredRelease) -> Model:
    """Return the model of a release; `NotFoundError` when it holds none."""
    from klantprofiel.unification.linkage import load_model  # noqa: PLC0415  it costs, and not every reader needs it

    model = load_model(whole)
    if model is None:
        raise NotFoundError(
            f"release {whole.release_id} holds no linkage model",
            expected="a release of a run with `unify(run)`",
            todo="run the pipeline that unifies again",
        )
    return model


def _levels(model: Model) -> list[tuple[str, str, float]]:
    return [
        (trained.comparison.label, level.label, round(weight.match_bits, 2))
        for trained in model.trained
        for level, weight in zip(trained.comparison.levels, trained.weights, strict=True)
    ]


def _reach_of(model: Model) -> str:
    """Return the select of how many records could score how much: all that each has filled, fully alike.

    A value counts as one of average rarity, and nothing for what no field of the record itself holds.
    """
    most = " + ".join(
        f"case when {_FILLED.get(trained.comparison.name, trained.comparison.name)} is not null "
        f"then {max(weight.match_bits for weight in trained.weights)!r}::double else 0::double end"
        for trained in model.trained
        if trained.comparison.name in _FIELDS
    )
    return (
        "select cast(least(greatest(floor(most), $lowest), $highest) as integer) as bits, count(*) as n "
        f"from (select {model.match_bits!r}::double + {most or '0'} as most from identity.link_records) "
        "group by bits order by bits"
    )


def _thresholds(scores: Sequence[tuple[int, int]], threshold: float) -> Columns:
    found = dict(scores)
    above = list(accumulate(found.get(bits, 0) for bits in range(HIGHEST, LOWEST - 1, -1)))
    columns = tuple(
        Bar(f"{bits} bits", n_pairs, verdict=Verdict.GOOD if bits >= threshold else Verdict.OPEN)
        for bits, n_pairs in zip(range(LOWEST, HIGHEST + 1), reversed(above), strict=True)
    )
    return Columns(
        "Paren vanaf elke drempel",
        columns,
        things="Drempel",
        measure="Paren",
        about=f"De drempel van de release is {dutch_number(threshold, decimals=1)} bits.",
    )


def _customer_sizes(sizes: Sequence[tuple[int, int]]) -> Bars:
    bars = tuple(Bar(_size(n_records), n_customers) for n_records, n_customers in sizes)
    return Bars("Klanten naar aantal records", bars, things="Records", measure="Klanten")


def _weights(weights: Sequence[tuple[str, str, float]]) -> list[Bars]:
    """Draw each comparison's levels on one scale; a bar has no sign, so its colour tells what is against."""
    full = max((abs(bits) for _, _, bits in weights), default=None)
    titles = dict.fromkeys(comparison for comparison, _, _ in weights)
    return [
        Bars(
            title,
            tuple(_weight(label, bits) for comparison, label, bits in weights if comparison == title),
            things="Overeenkomst",
            measure="Bits",
            full=full,
        )
        for title in titles
    ]


def _weight(label: str, bits: float) -> Bar:
    verdict = Verdict.GOOD if bits > 0 else Verdict.BAD
    return Bar(label, abs(bits), verdict=verdict, shown=dutch_number(bits, decimals=1))


def _reach(reach: Sequence[tuple[int, int]], threshold: float) -> Columns:
    found = dict(reach)
    columns = tuple(
        Bar(f"{bits} bits", found.get(bits, 0), verdict=Verdict.BAD if bits < threshold else Verdict.NONE)
        for bits in range(LOWEST, HIGHEST + 1)
    )
    return Columns(
        "Wat een record hooguit kan halen",
        columns,
        things="Bits van een gelijke kopie",
        measure="Records",
        about="Onder de drempel kan niets het record koppelen: er is te weinig ingevuld.",
    )


def _size(n_records: int) -> str:
    return f"{n_records} of meer" if n_records == MOST_RECORDS else str(n_records)
