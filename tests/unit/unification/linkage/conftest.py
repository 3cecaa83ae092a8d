from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from klantprofiel.unification.linkage import Model, keep_model, train
from klantprofiel.warehouse import Warehouse

from .linked import deliver, people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.warehouse import Run

AS_OF = dt.date(2026, 10, 1)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with Warehouse(tmp_path / "klanten").run("nightly", as_of=AS_OF) as open_run:
        yield open_run


@pytest.fixture(scope="module")
def trained_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Model]]:
    """A run whose model is trained from 2,000 people; tests of one module share it."""
    with Warehouse(tmp_path_factory.mktemp("linkage") / "klanten").run("nightly", as_of=AS_OF) as open_run:
        deliver(open_run, people(2000))
        model = train(open_run)
        keep_model(open_run, model)
        yield open_run, model
