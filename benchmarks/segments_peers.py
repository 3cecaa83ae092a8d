"""k-prototypes and StepMix, each in an environment of its own: `build/kmodes` and `build/stepmix`.

Run as a script by the Python of that environment, this file divides the customers of arrays that numpy wrote
and knows nothing of this project. Each file holds `numbers` of mean 0 and variance 1 with NaN for missing,
`codes` of categories with -1 for missing, and the number of segments.

| peer | how it is asked |
| --- | --- |
| k-prototypes | Huang (1997); two starts; a missing number is the mean, a missing category one of its own |
| StepMix | a latent class model; normal and categorical, missing values by full information; three starts |
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from time import perf_counter
from typing import Any, Final

import numpy as np

PACKAGES: Final = {"k-prototypes": ("kmodes", "0.12.2"), "StepMix": ("stepmix", "3.0.0")}


def k_prototypes(numbers: Any, codes: Any, n_segments: int) -> Any:  # noqa: ANN401  arrays of numpy
    """Return the labels of k-prototypes, or of k-modes or k-means where there is one kind of column."""
    kmodes: Any = importlib.import_module("kmodes.kprototypes")  # it is in no other environment
    settings = {"n_clusters": n_segments, "init": "Huang", "n_init": 2, "max_iter": 30, "random_state": 0}
    if codes.shape[1] == 0:
        codes = np.zeros((len(codes), 1))
    columns = np.hstack([np.nan_to_num(numbers), codes])
    places = list(range(numbers.shape[1], columns.shape[1]))
    return kmodes.KPrototypes(**settings).fit_predict(columns, categorical=places)


def step_mix(numbers: Any, codes: Any, n_segments: int) -> Any:  # noqa: ANN401  the same
    """Return the labels of a latent class model."""
    stepmix: Any = importlib.import_module("stepmix.stepmix")  # the same
    blocks = {
        "numbers": {"model": "gaussian_diag_nan", "n_columns": numbers.shape[1]},
        "codes": {"model": "categorical_nan", "n_columns": codes.shape[1]},
    }
    model = stepmix.StepMix(
        n_components=n_segments,
        measurement={name: block for name, block in blocks.items() if block["n_columns"]},
        n_init=3,
        random_state=0,
        verbose=0,
        progress_bar=0,
    )
    rows = np.hstack([numbers, np.where(codes < 0, np.nan, codes)])
    return model.fit(rows).predict(rows)


ENGINES: Final = {"k-prototypes": k_prototypes, "StepMix": step_mix}


def main(engine: str, *files: str) -> None:
    """Divide the customers of each file, and print labels and seconds per file as JSON."""
    warnings.simplefilter("ignore")  # of starts that did not converge
    sys.stdout, told = sys.stderr, sys.stdout
    found = []
    for file in files:
        with np.load(file) as arrays:
            numbers, codes, n_segments = arrays["numbers"], arrays["codes"], int(arrays["n_segments"])
        start = perf_counter()
        labels = ENGINES[engine](numbers, codes, n_segments)
        found.append({"labels": [int(label) for label in labels], "seconds": perf_counter() - start})
    told.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
