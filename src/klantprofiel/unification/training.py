"""Training the model that weighs what records share: with the first release, and again when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.unification.linkage import keep_model, train
from klantprofiel.unification.standard import find_placeholders, link_records

if TYPE_CHECKING:
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run


def train_model(run: Run) -> Model:
    """Train a model on the records of a run, and keep it; `identity.touched_records` holds all records."""
    find_placeholders(run)
    run.make(link_records())
    model = train(run)
    keep_model(run, model)
    return model
