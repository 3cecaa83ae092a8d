"""The package lifetimes fits BG/NBD on given histories, in an environment of its own: `build/lifetimes`.

Run as a script by the Python of that environment, this file reads arrays that numpy wrote: it knows nothing
of this project. The package is asked for its fit alone, on one row per customer as its users have them, and
on distinct rows with weights, as it can be told to.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from time import perf_counter
from typing import Any, Final

import numpy as np

VERSION: Final = "0.11.3"
PARAMETERS: Final = ("r", "alpha", "a", "b")


def fit(x: Any, t_x: Any, age: Any, n: Any = None) -> dict[str, object]:  # noqa: ANN401  arrays of numpy
    """Fit, and return the parameters and the seconds it took."""
    lifetimes: Any = importlib.import_module("lifetimes")  # it is in no other environment
    model = lifetimes.BetaGeoFitter()
    start = perf_counter()
    model.fit(x, t_x, age, weights=n)
    seconds = perf_counter() - start
    return {"seconds": seconds, "parameters": [float(model.params_[name]) for name in PARAMETERS]}


def main(file: str) -> None:
    """Fit on both, and print what was found as JSON."""
    warnings.simplefilter("ignore")  # of what pandas and numpy have renamed since
    with np.load(file) as rows:
        x, t_x, age, n = (rows[name] for name in ("x", "t_x", "age", "n"))
    each = (np.repeat(column, n.astype(np.int64)) for column in (x, t_x, age))
    found = {"each": fit(*each), "distinct": fit(x, t_x, age, n)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
