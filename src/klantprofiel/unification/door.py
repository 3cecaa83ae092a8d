"""The door of the room: which records are one customer, and what is best known of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError
from klantprofiel.unification.customer_records import keep_registry
from klantprofiel.unification.quarantined_consents import keep_quarantined_consents
from klantprofiel.unification.standard_values import standardise
from klantprofiel.unification.survivorship import (
    known_customers,
    masked_golden_record,
    provenance,
    provenance_values,
)
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.display import Summary
    from klantprofiel.warehouse import Run

CAP: Final = 10
"""A value that more records hold than this tells nothing of a person: it is a shop's or a system's."""

COUNT: Final = "BIGINT"
LINKS: Final[dict[str, dict[str, str]]] = {
    "source_records": {},
    "match_keys": {},
    "match_edges": {},
    "unification_account": {"n_records": COUNT},
}
GOLDEN: Final = ("survivorship", "survivors", "golden_record")

KEYS: Final = {
    "email": "e-mailadres",
    "loyalty_number": "klantenkaartnummer",
    "phone_surname": "telefoonnummer en achternaam",
}
DIVIDED: Final = "{n} keer hingen mensen met verschillende geboortedata aaneen; zij bleven apart."
EVENTS: Final = {
    "created": "Nieuw",
    "grown": "Gegroeid",
    "merged": "Opgegaan in een ander",
    "split": "Afgesplitst",
}


@dataclass(frozen=True, repr=False)
class Unified(Displayed):
    """What unifying found: how many records, how many customers, what each key linked, what happened.

    Attributes
    ----------
    n_records, n_customers
        Customer numbers of sources, and the customers that these are.
    n_events
        How many customers were created, grown, merged and split in this run.
    account
        Per rule: records with a key, values, values withdrawn, values divided by birth or initial, and edges.
    n_divided
        How many groups would have held people of different birth dates, and were divided.
    """

    n_records: int
    n_customers: int
    n_events: Mapping[str, int]
    account: tuple[tuple[str, int, int, int, int, int], ...] = field(default=())
    n_divided: int = 0

    def summary(self) -> Summary:
        """Return the summary of this result."""
        columns = (
            "Sleutel",
            "Nummers",
            "Waarden",
            "Te veel gedeeld",
            "Verdeeld binnen een huishouden",
            "Koppelingen",
        )
        return {
            "title": "Samengevoegde klanten",
            "facts": {
                "Klanten": self.n_customers,
                "Klantnummers": self.n_records,
                **{label: self.n_events.get(event, 0) for event, label in EVENTS.items()},
            },
            "tables": [
                {
                    "title": "Wat elke sleutel koppelde",
                    "columns": columns,
                    "rows": [(KEYS[rule], *counts) for rule, *counts in self.account],
                }
            ],
            "notes": [DIVIDED.format(n=self.n_divided)] if self.n_divided else [],
        }


def unify(run: Run, *, cap: int = CAP) -> Unified:
    r"""Find out which source records are one customer, and keep the best that is known of each.

    Records with an equal key are one customer: the same e-mail address, the same phone number and surname,
    or the same loyalty number. A value that more than `cap` records hold is withdrawn, a placeholder links
    nothing, and people with different birth dates are not linked by what they share, nor by records without
    a birth date between them. A phone number and surname link nobody of different initials. A customer number
    that only events mention is a customer too. Ids (`K-000001`) are carried over from the release before and
    never used twice.

    Reads the canonical tables `identity.customers`, `identity.orders` and so on, and `sources`. Makes:

    | table | one row per |
    | --- | --- |
    | identity.source_records, identity.customer_records | customer number of a source |
    | identity.standard_values, identity.match_keys, identity.match_edges | value, key and link |
    | identity.survivorship, identity.survivors | record in a customer file, ranked; customer |
    | identity.golden_record, masked_golden_record, customers | customer |
    | identity.provenance_values | customer, attribute and record with a value |
    | provenance, provenance_counts | customer and attribute; of which there was a choice |
    | identity.quarantined_consents | consent record in quarantine that names a customer |
    | consents | customer, purpose, channel, moment, status and source |
    | customer_events, unification_account | event; rule |

    Parameters
    ----------
    cap
        The most records that may hold one key value; a value held by more is withdrawn entirely.

    Raises
    ------
    ConfigurationError
        When the run has no records yet.

    Examples
    --------
    >>> import datetime, tempfile
    >>> from pathlib import Path
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery, ingest
    >>> from klantprofiel.validation import validate
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Members(s.CustomerTable, maps_to=s.canonical.Customers):
    ...     '''Leden: one row per member.'''
    ...     purpose = "uitvoering overeenkomst"
    ...     retention = s.years(7)
    ...     customer_id = s.Text(label="Lidnummer", key=True)
    ...     email = s.Email(label="E-mailadres")
    >>> file = Path(tempfile.mkdtemp()) / "leden.csv"
    >>> _ = file.write_text("customer_id;email\n1;anna@hof.nl\n2;Anna@Hof.nl\n3;bert@hof.nl\n")
    >>> with Warehouse(file.parent / "klanten").run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     _ = ingest(run, [Delivery(table=Members, path=file)])
    ...     _ = validate(run)
    ...     unify(run)
    ...     run.rows("select record_id, customer_id from identity.customer_records order by 1")
    Samengevoegde klanten
      Klanten 2 · Klantnummers 3 · Nieuw 2 · Gegroeid 0 · Opgegaan in een ander 0 · Afgesplitst 0
    [('members/1', 'K-000001'), ('members/2', 'K-000001'), ('members/3', 'K-000002')]
    """
    if not run.has("identity.customers"):
        raise ConfigurationError(
            "this run has no records yet",
            expected="the canonical tables that `validate(run)` makes",
            todo="call `validate(run)` before `unify(run)`",
        )
    standardise(run)
    run.view(known_customers())
    for table, types in LINKS.items():
        run.make(load_sql(__package__, table), types=types, cap=cap)
    n_events, n_divided = keep_registry(run)
    run.make(load_sql(__package__, "customers"), types={"n_records": COUNT})
    for table in GOLDEN:
        run.make(load_sql(__package__, table))
    run.view(provenance_values())
    run.make(masked_golden_record())
    run.make(load_sql(__package__, "provenance_counts"))
    run.view(provenance())
    keep_quarantined_consents(run)
    run.make(load_sql(__package__, "consents"))
    ((n_customers, n_records),) = run.rows("select count(*), coalesce(sum(n_records), 0) from customers")
    account = run.rows(
        "select rule, n_records, n_values, n_withdrawn, n_divided, n_edges "
        "from unification_account order by rule"
    )
    return Unified(n_records, n_customers, n_events, tuple(account), n_divided)
