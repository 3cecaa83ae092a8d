"""What unifying found, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Displayed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.display import Summary
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run

RULES: Final = {
    "email": "E-mailadres",
    "phone_surname": "Telefoonnummer en achternaam",
    "loyalty_number": "Klantenkaartnummer",
    "iban": "IBAN",
    "model": "Alles bij elkaar (model)",
    "decision": "Beslissing van een mens",
}
EVENTS: Final = {
    "created": "Nieuw",
    "grown": "Gegroeid",
    "merged": "Opgegaan in een ander",
    "split": "Afgesplitst",
}
COLUMNS: Final = ("Regel", "Nummers", "Waarden", "Te veel gedeeld", "Koppelingen")
CUT: Final = (
    "{n} groepen van meer dan 300 nummers zijn doorgesneden; bekijk ze met `klantprofiel identity review`."
)
UNLINKED: Final = (
    "Bron {source}: geen van de {n} nummers heeft gegevens om te vergelijken; niets ervan is gekoppeld."
)


@dataclass(frozen=True, repr=False)
class Unified(Displayed):
    """What unifying found: how many records, how many customers, what linked them, what happened.

    Attributes
    ----------
    n_records, n_customers, n_households
        Customer numbers of sources, the customers that these are, and the households of these.
    n_events
        How many customers were created, grown, merged and split in this run.
    account
        Per rule: records with a key, values, values withdrawn because too many records hold them, and edges.
    notes
        In Dutch: how the model came about, what was cut, which sources could not be linked.
    """

    n_records: int
    n_customers: int
    n_households: int
    n_events: Mapping[str, int]
    account: tuple[tuple[str, int, int, int, int], ...] = field(default=())
    notes: tuple[str, ...] = field(default=())

    def summary(self) -> Summary:
        """Return the summary of this result."""
        return {
            "title": "Samengevoegde klanten",
            "facts": {
                "Klanten": self.n_customers,
                "Klantnummers": self.n_records,
                "Huishoudens": self.n_households,
                **{label: self.n_events.get(event, 0) for event, label in EVENTS.items()},
            },
            "tables": [
                {
                    "title": "Wat elke regel koppelde",
                    "columns": COLUMNS,
                    "rows": [(RULES.get(rule, rule), *counts) for rule, *counts in self.account],
                }
            ],
            "notes": list(self.notes),
        }


def unified(run: Run, model: Model, n_events: Mapping[str, int]) -> Unified:
    """Return what the tables of a run say of its unification."""
    ((n_customers, n_records),) = run.rows("select count(*), coalesce(sum(n_records), 0) from customers")
    ((n_households,),) = run.rows("select count(distinct household_id) from identity.households")
    account = run.rows(
        "select rule, n_records, n_values, n_withdrawn, n_edges from unification_account order by rule"
    )
    notes = (*model.notes, *_cut(run), *_unlinked(run))
    return Unified(n_records, n_customers, n_households, n_events, tuple(account), notes)


def _cut(run: Run) -> Sequence[str]:
    ((n,),) = run.rows("select count(*) from identity.cut_components")
    return [CUT.format(n=n)] if n else []


def _unlinked(run: Run) -> Sequence[str]:
    """Return which sources hold nothing that a record could be recognised by."""
    compared = [name for name in run.columns("identity.link_records") if name not in ("record_id", "source")]
    known = " or ".join(f"{name} is not null" for name in compared)
    rows = run.rows(
        "select source, count(*) from identity.link_records "
        f"group by source having not bool_or({known}) order by source"
    )
    return [UNLINKED.format(source=source, n=n) for source, n in rows]
