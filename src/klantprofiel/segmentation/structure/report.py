"""The report on the structure of customers: per number of segments how stable it is, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state

from klantprofiel.display import Displayed, Share
from klantprofiel.errors import NotFoundError
from klantprofiel.segmentation.portrait import segment_names
from klantprofiel.segmentation.structure import plots, views
from klantprofiel.segmentation.structure.choosing import chosen
from klantprofiel.segmentation.structure.fits import Asked, one_thread
from klantprofiel.segmentation.structure.sample import sampled
from klantprofiel.segmentation.structure.stability import SAMPLES, resolved, stabilities
from klantprofiel.segmentation.structure.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.display import Summary
    from klantprofiel.segmentation.estimator import Segmenter
    from klantprofiel.segmentation.patterns import Patterns
    from klantprofiel.segmentation.structure.choosing import SegmentCount
    from klantprofiel.segmentation.structure.fits import Fit
    from klantprofiel.segmentation.structure.stability import Stability
    from klantprofiel.segmentation.structure.verdict import Verdict


@dataclass(frozen=True, repr=False, kw_only=True)
class Structure(Displayed):
    """How many segments customers show, how stable each number of segments is, and a verdict.

    Made by `structure`. Tables are Arrow tables, plots are one HTML document.

    Attributes
    ----------
    verdict
        Natural, reproducible or constructed, and the number of segments; see `Verdict`.
    count
        Why that number; see `SegmentCount`.
    stabilities
        The stability of each number of segments; see `Stability`.
    n_customers
        The customers on whom it was measured.
    """

    verdict: Verdict
    count: SegmentCount
    stabilities: tuple[Stability, ...]
    n_customers: int
    fits: tuple[Fit, ...] = field(compare=False)
    bases: tuple[str, ...] = field(compare=False)

    def solutions(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per number of segments.

        Columns: n_segments; stability_low, stability, stability_high (quartiles and median of the adjusted
        Rand index of pairs of samples); gain and gain_without (as in `SegmentCount`; null when not needed);
        bic and icl (smaller is better; null for an engine without a likelihood); smallest_share (0 to 1).
        """
        steps = {step.n_segments: step for step in self.count.steps}
        rows = []
        for one, fit in zip(self.stabilities, self.fits, strict=True):
            low, middle, high = _quartiles(one)
            step = steps.get(one.n_segments)
            rows.append(
                {
                    "n_segments": one.n_segments,
                    "stability_low": low,
                    "stability": middle,
                    "stability_high": high,
                    "gain": step.gain if step else None,
                    "gain_without": step.without if step else None,
                    "bic": fit.bic,
                    "icl": fit.icl,
                    "smallest_share": float(one.shares.min()),
                }
            )
        return _table(rows, _SOLUTIONS)

    def pairs(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per number of segments and pair of samples, none left out.

        Columns: n_segments, sample, other_sample (their numbers), adjusted_rand (1 is the same, 0 is chance).
        """
        names = ("n_segments", "sample", "other_sample", "adjusted_rand")
        rows = [
            dict(zip(names, (one.n_segments, *pair), strict=True))
            for one in self.stabilities
            for pair in one.pairs
        ]
        return _table(rows, {**dict.fromkeys(names[:3], "int64"), names[3]: "float64"})

    def segments(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per number of segments and segment.

        Columns: n_segments, segment_id, share (0 to 1), within (SLSw: mean Jaccard index with the best match
        in a sample, 0 to 1) and across (SLSa: how purely it stems from one segment before, 0 to 1).
        """
        rows = [
            {
                "n_segments": one.n_segments,
                "segment_id": name,
                "share": float(one.shares[number]),
                "within": _mean(one.within[number]),
                "across": _told(float(one.across[number])),
            }
            for one in self.stabilities
            for number, name in enumerate(segment_names(range(one.n_segments)))
        ]
        kinds = {"n_segments": "int64", "segment_id": "string"}
        return _table(rows, {**kinds, **dict.fromkeys(("share", "within", "across"), "float64")})

    def profile(self, n_segments: int | None = None) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per segment and column, each beside all customers."""
        return _inferred(views.profile_rows(self._fit(n_segments)))

    def gorge(self, n_segments: int | None = None) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per segment and interval of similarity: the share of customers."""
        return _inferred(views.gorge_rows(self._fit(n_segments)))

    def separation(self, n_segments: int | None = None) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per segment: its place on the first two principal components."""
        return _inferred(views.separation_rows(self._fit(n_segments), list(self.bases)))

    def plots(self, n_segments: int | None = None) -> str:
        """Return the plots as one HTML document: stability, flow, gorge, profile and separation.

        Without `n_segments` the last three show the segments of the verdict, or the most stable ones.
        """
        fit = self._fit(n_segments)
        return plots.page(self.stabilities, fit, list(self.bases))

    def summary(self) -> Summary:
        """Return the verdict and the numbers of segments in Dutch."""
        columns = ["Segmenten", "Stabiliteit", "Kwartielen", "BIC", "ICL", "Kleinste segment"]
        rows = [
            (
                row["n_segments"],
                row["stability"],
                [row["stability_low"], row["stability_high"]] if row["stability"] is not None else None,
                row["bic"],
                row["icl"],
                Share(row["smallest_share"]),
            )
            for row in self.solutions().to_pylist()
        ]
        notes = [self.verdict.sentence, *self.count.summary()["notes"]]
        return {
            "title": "Structuur van de klanten",
            "facts": {
                "Oordeel": self.verdict.words,
                "Segmenten": self.verdict.n_segments,
                "Meest stabiel aantal": self.verdict.n_most_stable,
                "Klanten vergeleken": self.n_customers,
            },
            "tables": [{"title": "Per aantal segmenten", "columns": columns, "rows": rows}],
            "notes": [*notes, "Stabiliteit 1 = elke steekproef geeft dezelfde segmenten; 0 = toeval."],
        }

    def _fit(self, n_segments: int | None) -> Fit:
        shown = [self.verdict.n_segments, self.verdict.n_most_stable or 1]
        wanted = n_segments or (shown[0] if shown[0] > 1 else shown[1])
        found = {fit.k: fit for fit in self.fits}
        if wanted not in found:
            raise NotFoundError(
                f"{wanted} segments were not measured",
                expected=f"one of {', '.join(map(str, found))}",
                todo="ask for one of those, or measure again with `k=range(...)`",
            )
        return found[wanted]


def structure(  # noqa: PLR0913  what an analyst chooses, in scikit-learn's terms
    segmenter: Segmenter,
    X: Any,  # noqa: ANN401, N803  scikit-learn's signature
    k: Iterable[int] = range(1, 11),
    *,
    n_samples: int = SAMPLES,
    random_state: int | np.random.RandomState | None = 0,
    sample_weight: Any = None,  # noqa: ANN401  array-like
) -> Structure:
    """Measure how many segments the customers in `X` show, and whether these are real.

    Parameters
    ----------
    segmenter
        The engine, with its settings; it is not changed.
    X
        The customers, as the segmenter takes them; at most 2,000 of them are used.
    k
        The numbers of segments to compare.
    n_samples
        Bootstrap samples per number of segments, at least 2; all pairs of them are compared.
    random_state
        The seed of the samples and of the fits.
    sample_weight
        How many customers each row stands for.

    Raises
    ------
    ValueError
        For fewer than two samples, numbers of segments below one, or customers that the segmenter refuses.

    Examples
    --------
    >>> from klantprofiel.segmentation import KMeansSegmenter
    >>> random = np.random.default_rng(0)
    >>> customers = random.normal(size=(150, 4)) + 6 * random.normal(size=(3, 4)).repeat(50, axis=0)
    >>> found = structure(KMeansSegmenter(2), customers, k=range(1, 5), n_samples=4)
    >>> found.verdict.kind.value, found.verdict.n_segments, found.pairs().num_rows
    ('natural', 3, 18)
    """
    ks = sorted(set(k))
    if not ks or ks[0] < 1:
        raise ValueError(f"k should be numbers of segments >= 1, got {ks} instead")
    if n_samples < 2:  # noqa: PLR2004  a pair
        raise ValueError(f"n_samples should be >= 2, got {n_samples} instead")
    from sklearn.base import clone  # noqa: PLC0415  as above

    seed = int(check_random_state(random_state).randint(2**31 - 1))
    probe = clone(segmenter).set_params(n_segments=1, random_state=seed)
    patterns, bases = probe.patterns_from(X, sample_weight)
    customers = sampled(patterns)
    with one_thread():
        return _measured(Asked(segmenter, bases, seed), customers, ks, n_samples)


def _measured(asked: Asked, customers: Patterns, ks: list[int], n_samples: int) -> Structure:
    usable = [number for number in ks if number <= len(customers)]
    fits = [asked.fit(customers, number) for number in usable]
    several = [number for number in usable if number > 1]
    samples = resolved(asked, customers, several, n_samples, np.random.default_rng(asked.seed))
    found = stabilities(fits, {**{number: {} for number in usable}, **samples})
    count = chosen(asked, customers, usable, {fit.k: fit for fit in fits})
    return Structure(
        verdict=judge(count, found),
        count=count,
        stabilities=found,
        n_customers=round(float(customers.weights.sum())),
        fits=tuple(fits),
        bases=tuple(asked.bases),
    )


_SOLUTIONS = {
    "n_segments": "int64",
    **dict.fromkeys(("stability_low", "stability", "stability_high", "gain", "gain_without"), "float64"),
    **dict.fromkeys(("bic", "icl", "smallest_share"), "float64"),
}


def _quartiles(one: Stability) -> tuple[float | None, ...]:
    if not one.pairs:
        return (None, None, None)
    return tuple(float(value) for value in np.quantile(one.adjusted_rands, (0.25, 0.5, 0.75)))


def _told(value: float) -> float | None:
    return None if np.isnan(value) else value


def _mean(values: np.ndarray[Any, Any]) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _table(rows: list[dict[str, Any]], kinds: dict[str, str]) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  import costs 100 ms

    types = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string()}
    return pa.Table.from_pylist(rows, schema=pa.schema({name: types[kind] for name, kind in kinds.items()}))


def _inferred(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  as above

    return pa.Table.from_pylist(rows)
