"""What sets each segment apart: per variable the segment beside all customers in the segmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.segmentation.columns import Numbers, columns_of
from klantprofiel.segmentation.encoding import learn_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from klantprofiel.profiles import Variable
    from klantprofiel.segmentation.columns import Column, Words

MARKED: Final = 0.5  # standard deviations: a medium effect in Cohen (1988), Statistical Power Analysis
TRAITS: Final = 2  # in the label of a segment
TRAIT: Final = {1: "{label} hoog", -1: "{label} laag", 0: "{label} {category}"}
AVERAGE: Final = "Gemiddeld profiel"

Row = dict[str, Any]


def portray(variables: Sequence[Variable], table: Any, labels: NDArray[np.int64]) -> list[Row]:  # noqa: ANN401
    """Return one row per segment and variable, in the order of the segments and of the variables.

    Numbers get mean and median, text its most frequent category and the share of that; each beside the same
    over all customers. `deviation` is in standard deviations of all customers: of the rank-normal score for
    numbers, of the indicator of that category for text.

    Parameters
    ----------
    variables
        The variables to describe.
    table
        An Arrow table with a column per variable, one row per customer in a segment.
    labels
        The segment of each row, 0 for the first.
    """
    columns = columns_of(table.select([variable.name for variable in variables]))
    numbers = range(int(labels.max()) + 1)
    return [
        {"segment_id": segment_id, **_described(variable), **compared(column, labels == number)}
        for number, segment_id in zip(numbers, segment_names(numbers), strict=True)
        for variable, column in zip(variables, columns, strict=True)
    ]


def segment_names(labels: Iterable[int]) -> list[str]:
    """Return the id of each label: `S1` for 0.

    >>> segment_names([0, 1])
    ['S1', 'S2']
    """
    return [f"S{label + 1}" for label in labels]


def label_of(rows: Sequence[Row]) -> str:
    """Return a Dutch label for a segment, from the two variables in which it differs most.

    >>> spend = {"label": "Besteding", "deviation": 1.2, "top_category": None}
    >>> place = {"label": "Regio", "deviation": 0.7, "top_category": "Utrecht"}
    >>> label_of([place, spend])
    'Besteding hoog, Regio Utrecht'
    """
    return ", ".join(_traits(rows)) or AVERAGE


def _traits(rows: Sequence[Row]) -> Iterator[str]:
    for row in sorted(filter(_is_marked, rows), key=lambda row: -abs(row["deviation"]))[:TRAITS]:
        sign = 0 if row["top_category"] is not None else int(np.sign(row["deviation"]))
        yield TRAIT[sign].format(label=row["label"], category=row["top_category"])


def _is_marked(row: Row) -> bool:
    """Whether a variable stands out; a category only when the segment has more of it, not less."""
    deviation = row["deviation"]
    if deviation is None or row["top_category"] is None:
        return deviation is not None and abs(deviation) >= MARKED
    return bool(deviation >= MARKED)


def _described(variable: Variable) -> Row:
    return {
        "variable": variable.name,
        "label": variable.label,
        "basis": variable.basis,
        "unit": variable.unit,
    }


def compared(column: Column, is_member: NDArray[np.bool_]) -> Row:
    """Return what a segment is like in one column, beside all customers: the keys of `portray`."""
    known = column.is_known & is_member
    counts: Row = {"n_known": int(known.sum()), "n_missing": int(is_member.sum() - known.sum())}
    empty = dict.fromkeys(
        (
            "mean",
            "median",
            "population_mean",
            "population_median",
            "top_category",
            "top_share",
            "population_share",
            "deviation",
        )
    )
    if not known.any():
        return {**counts, **empty}
    told = _of_numbers(column, known) if isinstance(column, Numbers) else _of_words(column, known)
    return {**counts, **empty, **told}


def _of_numbers(column: Numbers, known: NDArray[np.bool_]) -> Row:
    everyone = column.values[column.is_known]
    scores = learn_encoding([column], [""]).apply([column])
    return {
        "mean": float(column.values[known].mean()),
        "median": float(np.median(column.values[known])),
        "population_mean": float(everyone.mean()),
        "population_median": float(np.median(everyone)),
        "deviation": float(scores[known, 0].mean()),
    }


def _of_words(column: Words, known: NDArray[np.bool_]) -> Row:
    n_categories = len(column.categories)
    everyone = np.bincount(column.codes[column.is_known], minlength=n_categories)
    counts = np.bincount(column.codes[known], minlength=n_categories)
    top = min(range(n_categories), key=lambda code: (-counts[code], column.categories[code]))
    share, population = float(counts[top] / counts.sum()), float(everyone[top] / everyone.sum())
    spread = float(np.sqrt(population * (1 - population)))
    return {
        "top_category": column.categories[top],
        "top_share": share,
        "population_share": population,
        "deviation": (share - population) / spread if spread > 0 else 0.0,
    }
