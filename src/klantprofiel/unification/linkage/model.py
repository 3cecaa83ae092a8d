"""The frozen model: what is compared and found, with which weights; as JSON and as tables."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.linkage.blocking import Rule
from klantprofiel.unification.linkage.comparisons import Comparison, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.warehouse import Run
    from klantprofiel.warehouse.tables import Tables

KEEP_BITS: Final = -2.0
"""Pairs that score less are not kept: the guard links nothing below it, and scores what it needs itself."""
GUARD_BITS: Final = 1.5
"""Added to each score inside a component: many records together are a better reason than two are."""
UNSCORED_BITS: Final = -3.5
"""A pair inside a component that is not scored, because the component is too large, speaks against."""


@dataclass(frozen=True)
class Weight:
    """How often a level holds: `m` for one person, `h` for two of a household, `u` for two strangers."""

    m: float
    h: float
    u: float

    @property
    def match_bits(self) -> float:
        """What the level says for one person against strangers."""
        return math.log2(self.m / self.u)

    @property
    def household_bits(self) -> float:
        """What the level says for one person against two of a household."""
        return math.log2(self.m / self.h)


@dataclass(frozen=True)
class Trained:
    """A comparison with its weights, level by level, and where they come from.

    Attributes
    ----------
    weights
        In the order of the comparison's levels.
    origin
        'trained' or 'preset'.
    because
        Why it is a preset, in Dutch; empty when it is trained.
    rarest
        The share of records that a value has which the table of frequencies does not hold.
    """

    comparison: Comparison
    weights: tuple[Weight, ...]
    origin: str
    because: str = ""
    rarest: float = 0.0


@dataclass(frozen=True)
class Model:
    """What pairs are found and how they are scored; nothing else than this decides a pair's score.

    Attributes
    ----------
    as_of
        The day that the data spoke of, as an ISO date.
    trained
        The comparisons with their weights.
    rules
        The blocking rules that find pairs.
    match_share, household_share
        The share of all pairs of records that are one person, and two people of a household.
    class_sizes
        Expected pairs per class, among the candidates of training: match, household, unrelated.
    common_domains
        Domains of e-mail addresses so common that having one in common says nothing.
    n_records
        From how many records it was trained.
    portable
        Whether it compares only as every engine does.
    threshold
        The score from which a pair by itself is a match.
    keep_bits, guard_bits, unscored_bits
        From which score pairs are kept; what the guard adds to each score, and counts for a pair without one.
    frequencies
        An Arrow table (comparison, value, frequency) until it is kept; no part of the JSON.
    """

    as_of: str
    trained: tuple[Trained, ...]
    rules: tuple[Rule, ...]
    match_share: float
    household_share: float
    class_sizes: Mapping[str, float]
    common_domains: tuple[str, ...]
    n_records: int
    portable: bool = False
    threshold: float = 0.0
    keep_bits: float = KEEP_BITS
    guard_bits: float = GUARD_BITS
    unscored_bits: float = UNSCORED_BITS
    notes: tuple[str, ...] = ()
    frequencies: Any = field(default=None, compare=False, repr=False)

    @property
    def comparison_names(self) -> tuple[str, ...]:
        """The columns of bits in `identity.link_pairs`, in order."""
        return tuple(trained.comparison.name for trained in self.trained)

    @property
    def match_bits(self) -> float:
        """What is said for one person against strangers before anything is compared."""
        return math.log2(self.match_share / (1 - self.match_share - self.household_share))

    @property
    def household_bits(self) -> float:
        """What is said for one person against two of a household before anything is compared."""
        return math.log2(self.match_share / self.household_share)

    def to_json(self) -> str:
        """Return the model as JSON; `from_json` makes an equal one of it."""
        content = asdict(replace(self, frequencies=None))
        del content["frequencies"]
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Return the model that `to_json` wrote."""
        content = json.loads(text)
        content["trained"] = tuple(_trained(each) for each in content["trained"])
        content["rules"] = tuple(_rule(each) for each in content["rules"])
        content["common_domains"] = tuple(content["common_domains"])
        content["notes"] = tuple(content["notes"])
        return cls(**content)


def _trained(content: dict[str, Any]) -> Trained:
    comparison = content["comparison"]
    levels = tuple(Level(**level) for level in comparison["levels"])
    weights = tuple(Weight(**weight) for weight in content["weights"])
    return Trained(
        **{**content, "comparison": Comparison(**{**comparison, "levels": levels}), "weights": weights}
    )


def _rule(content: dict[str, Any]) -> Rule:
    return Rule(tuple(content["columns"]), tuple(content["crossed"]) if content["crossed"] else None)


def keep_model(run: Run, model: Model) -> None:
    """Keep the model in the release: `link_model`, `link_levels` and `identity.term_frequencies`."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that trains needs it

    run.write(
        "link_model",
        pa.table({"model": pa.array([model.to_json()], pa.string())}),
        describes="how pairs of records are found and scored, frozen until somebody trains it anew.",
        grain="One row per model; there is one.",
        made_from=("identity.link_records",),
    )
    run.write(
        "link_levels",
        pa.Table.from_pylist(list(_levels(model)), schema=_level_schema()),
        describes="what each degree of likeness weighs, in bits.",
        grain="One row per comparison and level; -1 is the level of what cannot be compared.",
        made_from=("link_model",),
    )
    if model.frequencies is not None:
        run.write(
            "identity.term_frequencies",
            model.frequencies,
            describes="how common a value is, of values that several records hold.",
            grain="One row per comparison and value; frequency is a share of the filled records.",
            made_from=("identity.link_records",),
        )


def load_model(tables: Tables) -> Model | None:
    """Return the model that is kept in a run or a release; None before the first."""
    if not tables.has("link_model"):
        return None
    ((text,),) = tables.rows("select model from link_model")
    return Model.from_json(text)


def _levels(model: Model) -> Any:  # noqa: ANN401  an iterator of dicts with values of several types
    for trained in model.trained:
        name, levels = trained.comparison.name, trained.comparison.levels
        yield {"comparison": name, "level": -1, "label": "onbekend"}
        for place, (level, weight) in enumerate(zip(levels, trained.weights, strict=True)):
            yield {
                "comparison": name,
                "level": len(levels) - 1 - place,
                "label": level.label,
                "m": weight.m,
                "u": weight.u,
                "h": weight.h,
                "weight": weight.match_bits,
            }


def _level_schema() -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  the same

    numbers = [(name, pa.float64()) for name in ("m", "u", "h", "weight")]
    return pa.schema([("comparison", pa.string()), ("level", pa.int64()), ("label", pa.string()), *numbers])
