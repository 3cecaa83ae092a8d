"""The frozen model replaced on purpose, with a report of what that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import NotFoundError
from klantprofiel.unification.decisions import Changes, changes
from klantprofiel.unification.door import unify
from klantprofiel.unification.linkage import load_model
from klantprofiel.unification.touched import touch_records
from klantprofiel.unification.training import train_model

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.display import Summary
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Warehouse

NAME: Final = "identity_train"
REGISTRY: Final = "select record_id, customer_id from identity.customer_records order by 1"
CLASSES: Final = {"match": "dezelfde persoon", "household": "hetzelfde huishouden", "unrelated": "vreemden"}
KEPT: Final = "Het model is vervangen; de eerstvolgende nachtelijke run deelt klanten ermee in."
NOT_KEPT: Final = "Dit was een proef: er is niets vervangen."


@dataclass(frozen=True, repr=False)
class Retrained(Displayed):
    """A model trained anew beside the frozen one, and what it changes about who is which customer."""

    before: Model
    model: Model
    changes: Changes
    is_kept: bool

    def summary(self) -> Summary:
        """Return the summary of this result."""
        sizes = [
            (label, round(self.before.class_sizes.get(name, 0)), round(self.model.class_sizes.get(name, 0)))
            for name, label in CLASSES.items()
        ]
        return {
            "title": "Een nieuw model voor wie dezelfde klant is",
            "facts": self.changes.facts(),
            "tables": [
                {
                    "title": "Verwachte paren records van",
                    "columns": ("Soort", "Model dat geldt", "Nieuw model"),
                    "rows": sizes,
                },
                self.changes.table(),
            ],
            "notes": [*self.model.notes, *self.changes.notes(), KEPT if self.is_kept else NOT_KEPT],
        }


def retrain(warehouse: Warehouse, as_of: date, *, dry_run: bool) -> Retrained:
    """Train the model anew and see what it would change; unless `dry_run`, publish a release with it.

    That release holds the new model and the customers as they were: the next run that unifies forms all
    groups again by it.

    Raises
    ------
    NotFoundError
        When no release was unified yet.
    """
    with warehouse.rehearsal(NAME, as_of) as run:
        before = load_model(run) if run.has("identity.customer_records") else None
        if before is None:
            raise NotFoundError(
                "there is no release with a model yet",
                expected="a release that a run made in which `unify(run)` is called",
                todo="run the nightly pipeline first: it trains the first model",
            )
        registry = run.arrow(REGISTRY)
        touch_records(run, anew=True)
        model = train_model(run)
        unify(run)
        changed = changes(registry, run.arrow(REGISTRY))
    if not dry_run:
        with warehouse.run(NAME, as_of) as run:
            touch_records(run, anew=True)
            train_model(run)
            run.drop("identity.touched_records")
    return Retrained(before, model, changed, is_kept=not dry_run)
