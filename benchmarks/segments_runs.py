"""How well each engine finds the known segments: one task per scenario, seed and engine, two at a time."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from benchmarks import segments_peers
from benchmarks.segments_data import FIRST_EIGHT, NEXT_THREE, make
from benchmarks.segments_engines import THEIRS, write_arrays
from benchmarks.unify_environments import NotThereError, install
from sklearn.metrics import adjusted_rand_score

from klantprofiel.segmentation import KMeansSegmenter, MixtureSegmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

AT_ONCE: Final = 2
LONGEST: Final = 900  # seconds that a peer may take for all its customers
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
OURS: Final[dict[str, Any]] = {"mixture": MixtureSegmenter, "k-means": KMeansSegmenter}
WITH_SEGMENTS: Final = (*FIRST_EIGHT, *NEXT_THREE)

Task = TypeVar("Task")
Result = TypeVar("Result")
Found = dict[str, dict[str, list[float]]]  # adjusted Rand per engine, scenario and seed


def at_once(run: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
    """Return the results of tasks, two at a time, each in a process that uses one thread."""
    os.environ.update(ONE_THREAD)  # read by the libraries of the processes that start now
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        return list(pool.map(run, tasks))


def agreement(engines: Iterable[str], seeds: Sequence[int]) -> Found:
    """Return how well engines of this environment agree with the truth."""
    tasks = list(product(engines, WITH_SEGMENTS, seeds))
    return _by_engine(tasks, at_once(_agreement, tasks))


def agreement_elsewhere(seeds: Sequence[int]) -> tuple[Found, dict[str, str]]:
    """Return the same of peers in environments of their own, and why the others are left out."""
    tasks = list(product(WITH_SEGMENTS, seeds))
    with tempfile.TemporaryDirectory() as directory:
        files = at_once(partial(_written, Path(directory)), tasks)
        truths = [make(scenario, seed).truth for scenario, seed in tasks]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(partial(_ask, files), segments_peers.ENGINES)
    found: Found = {}
    left_out: dict[str, str] = {}
    for engine, answer in zip(segments_peers.ENGINES, answers, strict=True):
        if isinstance(answer, str):
            left_out[engine] = answer
            continue
        shares = [
            float(adjusted_rand_score(truth, told["labels"]))
            for truth, told in zip(truths, answer, strict=True)
        ]
        found |= _by_engine([(engine, *task) for task in tasks], shares)
    return found, left_out


def n_found(tasks: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    """Return per scenario and seed how many segments "auto" finds, and how many there are."""
    return at_once(_n_found, tasks)


def _agreement(task: tuple[str, str, int]) -> float:
    engine, scenario, seed = task
    customers = make(scenario, seed)
    if engine in OURS:
        labels = OURS[engine](customers.n_segments, bases=customers.bases).fit(customers.table).labels_
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of starts that did not converge
            labels = THEIRS[engine](customers)
    return float(adjusted_rand_score(customers.truth, labels))


def _n_found(task: tuple[str, int]) -> tuple[int, int]:
    customers = make(*task)
    fitted = MixtureSegmenter("auto", bases=customers.bases).fit(customers.table)
    return len(fitted.sizes_), customers.n_segments


def _written(directory: Path, task: tuple[str, int]) -> str:
    scenario, seed = task
    file = directory / f"{scenario}-{seed}.npz"
    write_arrays(make(scenario, seed), file)
    return str(file)


def _ask(files: Sequence[str], engine: str) -> list[dict[str, Any]] | str:
    """Return what a peer answers on each file, or why it is left out."""
    try:
        python = install(*segments_peers.PACKAGES[engine])
        done = subprocess.run(  # noqa: S603  our own script
            [str(python), segments_peers.__file__, engine, *files],
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": "", **ONE_THREAD},
            timeout=LONGEST,
        )
    except NotThereError as error:
        return str(error)
    except subprocess.TimeoutExpired:
        return f"it took more than {LONGEST} s"
    except subprocess.CalledProcessError as error:
        return str(error.stderr).strip().splitlines()[-1]
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _by_engine(tasks: Sequence[tuple[str, str, int]], values: Sequence[float]) -> Found:
    found: Found = defaultdict(lambda: defaultdict(list))
    for (engine, scenario, _), value in zip(tasks, values, strict=True):
        found[engine][scenario].append(value)
    return found


def mean(found: Found, engine: str, scenario: str) -> float:
    """Return the mean agreement of an engine in a scenario."""
    return float(np.mean(found[engine][scenario]))


def first(found: Found, n_seeds: int) -> Found:
    """Return what was found on the first so many seeds."""
    return {
        engine: {scenario: values[:n_seeds] for scenario, values in by_scenario.items()}
        for engine, by_scenario in found.items()
    }
