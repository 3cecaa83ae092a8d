"""What the plots of a structure show of one number of segments: profile, gorge and separation, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.segmentation.encoding import learn_encoding
from klantprofiel.segmentation.portrait import compared, segment_names
from klantprofiel.segmentation.structure.sample import one_each

if TYPE_CHECKING:
    from klantprofiel.segmentation.structure.fits import Fit

BINS: Final = 10  # of similarity, from 0 to 1
QUARTERS: Final = (0.25, 0.75)

Row = dict[str, Any]


def profile_rows(fit: Fit) -> list[Row]:
    """Return one row per segment and column: the segment beside all customers."""
    columns = one_each(fit.customers)
    labels = _each(fit, fit.labels)
    return [
        {"segment_id": name, "variable": column.name, **compared(column, labels == number)}
        for number, name in enumerate(segment_names(range(fit.k)))
        for column in columns
    ]


def gorge_rows(fit: Fit) -> list[Row]:
    """Return one row per segment and interval of similarity: the share of all customers, 0 to 1, in it.

    The similarity of a customer to a segment is the probability that the engine gives it. In clear segments
    customers are either alike or not: many near 0 and near 1, and a gorge in between (Dolnicar, Grün & Leisch
    2018, section 7.5.2).
    """
    similar = fit.fitted.probabilities(fit.customers.columns)
    weights = fit.customers.weights / fit.customers.weights.sum()
    edges = np.linspace(0, 1, BINS + 1)
    rows = []
    for name, values in zip(segment_names(range(fit.k)), similar.T, strict=True):
        shares, _ = np.histogram(np.clip(values, 0, 1), bins=edges, weights=weights)
        rows += [
            {
                "segment_id": name,
                "similarity_from": float(low),
                "similarity_to": float(high),
                "share": float(share),
            }
            for low, high, share in zip(edges[:-1], edges[1:], shares, strict=True)
        ]
    return rows


def separation_rows(fit: Fit, bases: list[str]) -> list[Row]:
    """Return one row per segment: where it lies on the first two principal components of the scores.

    The scores are rank-normal, every basis weighs the same. `x` and `y` are means, with the middle half of
    the customers of the segment around them.
    """
    columns = one_each(fit.customers)
    labels = _each(fit, fit.labels)
    scores = learn_encoding(columns, bases).apply(columns)
    centered = scores - scores.mean(axis=0)
    _, vectors = np.linalg.eigh(centered.T @ centered)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])])
    places = np.zeros((len(centered), 2))
    places[:, : axes.shape[1]] = centered @ axes
    shares = np.bincount(labels, minlength=fit.k) / len(labels)
    return [
        {"segment_id": name, "share": float(shares[number]), **_placed(places[labels == number])}
        for number, name in enumerate(segment_names(range(fit.k)))
    ]


def _placed(places: np.ndarray[Any, Any]) -> Row:
    """Return mean and quarters of both axes; None for a segment without customers."""
    names = ("x", "x_low", "x_high", "y", "y_low", "y_high")
    if not len(places):
        return dict.fromkeys(names)
    low, high = np.quantile(places, QUARTERS, axis=0)
    means = places.mean(axis=0)
    found = [value for axis in (0, 1) for value in (means[axis], low[axis], high[axis])]
    return {name: float(value) for name, value in zip(names, found, strict=True)}


def _each(fit: Fit, of_patterns: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.repeat(of_patterns, fit.customers.weights.astype(np.int64))
