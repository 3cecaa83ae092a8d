"""The door of the room: which records are one customer, and what is best known of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError
from klantprofiel.unification.clusters import (
    CAP,
    group_records,
    keep_grouping,
    keep_households,
    keep_keys,
    scope_of,
)
from klantprofiel.unification.customer_records import keep_registry
from klantprofiel.unification.decisions import (
    decisions_in_force,
    touched_by_decisions,
    with_unlinked,
)
from klantprofiel.unification.golden import keep_explanations, known_customers, renew_golden
from klantprofiel.unification.linkage import load_model, score
from klantprofiel.unification.quarantined_consents import keep_quarantined_consents
from klantprofiel.unification.standard import link_records, standardise
from klantprofiel.unification.touched import (
    forget_touched,
    keep_state,
    state_before,
    state_now,
    touch_customers,
    touch_more,
    touch_records,
    values_of,
)
from klantprofiel.unification.training import train_model
from klantprofiel.unification.unified import unified
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.unification.linkage import Model
    from klantprofiel.unification.unified import Unified
    from klantprofiel.warehouse import Run

COUNT: Final = "BIGINT"
RECORDS: Final = "identity.touched_records"
CUSTOMERS: Final = "identity.touched_customers"

_NAMED: Final = """
with known as (select record_id from identity.source_records semi join named using (record_id)),
linked as (select record_id from identity.link_records semi join named using (record_id))
select
    record_id,
    record_id in (select record_id from known) as is_known,
    record_id in (select record_id from linked) as is_linked
from named
order by record_id
"""


def unify(run: Run, *, cap: int = CAP, anew: bool = False) -> Unified:
    r"""Find out which source records are one customer, and keep the best that is known of each.

    Records are compared by names, birth date, e-mail, telephone, numbers and address, in standard form. An
    equal key (e-mail address; phone number and surname; loyalty number; IBAN) proposes a link, and a model
    that Splink trains weighs all that is compared. People of one household are kept apart, by what they do
    not share, also where they share a key. A key value that more than `cap` records hold is withdrawn, a
    placeholder links nothing, and what people decided goes before. The model is trained once and then frozen
    in the release; `klantprofiel identity train` replaces it. A customer number that only events mention is a
    customer too. Ids (`K-000001`) are carried over from the release before and never used twice.

    Only records that came, changed or went since the release before are compared again, with all others, and
    only groups that they touch are formed again; the result is that of doing all anew.

    Reads the canonical tables `identity.customers`, `identity.orders` and so on, and `sources`. Makes:

    | table | one row per |
    | --- | --- |
    | identity.source_records, identity.customer_records | customer number of a source |
    | identity.standard_values, identity.placeholder_values | kind and value |
    | identity.link_records, identity.match_keys | record in a customer file; its keys |
    | link_model, link_levels, identity.term_frequencies | the frozen model |
    | identity.link_pairs, identity.match_edges | pair that was compared; link |
    | identity.households | record |
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
    anew
        Compare and group all records again, whatever changed; the frozen model and the ids stay.

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
    ...     unify(run).n_customers
    ...     run.rows("select record_id, customer_id from identity.customer_records order by 1")
    2
    [('members/1', 'K-000001'), ('members/2', 'K-000001'), ('members/3', 'K-000002')]
    """
    if not run.has("identity.customers"):
        raise ConfigurationError(
            "this run has no records yet",
            expected="the canonical tables that `validate(run)` makes",
            todo="call `validate(run)` before `unify(run)`",
        )
    model = load_model(run)
    before = state_before(run)
    now = state_now(run, cap=cap, model=model.to_json() if model else "")
    anew = anew or model is None or before is None or before.made_by != now.made_by
    touch_records(run, anew=anew)
    if before is not None:
        touch_more(run, touched_by_decisions(run.warehouse.ledger, after=before.last_decision))
    standardise(run, anew=anew)
    if anew:
        run.view(known_customers())
    if model is None:
        model = train_model(run)
        now = state_now(run, cap=cap, model=model.to_json())
    elif anew:
        run.make(link_records())
    touch_more(run, keep_keys(run, cap=cap, came=None if anew else _renew_link_records(run)))
    score(run, model)
    kept = keep_registry(run, _grouped(run, model, cap=cap, anew=anew))
    touch_customers(run, kept.customers)
    _keep_customers(run, anew=anew)
    keep_households(run, model)
    renew_golden(run, anew=anew)
    keep_explanations(run, anew=anew)
    keep_quarantined_consents(run)
    run.make(load_sql(__package__, "consents"))
    keep_state(run, now)
    forget_touched(run)
    return unified(run, model, kept.n_events)


def _renew_link_records(run: Run) -> Any:  # noqa: ANN401  an Arrow table
    """Make the rows of touched records in `identity.link_records` anew, and return them."""
    records = run.arrow(f"from identity.customers semi join {RECORDS} using (record_id)")
    known = {"identity.customers": records, "identity.standard_values": values_of(run, records)}
    rows = run.read(link_records(), reading=known)
    run.renew(link_records(), key="record_id", touched=RECORDS, rows=rows)
    return rows


def _keep_customers(run: Run, *, anew: bool) -> None:
    """Count of how many records each customer is put together, or each that is touched."""
    statement, types = load_sql(__package__, "customers"), {"n_records": COUNT}
    if anew:
        run.make(statement, types=types)
        return
    registry = run.arrow(f"from identity.customer_records semi join {CUSTOMERS} using (customer_id)")
    records = run.arrow(
        "from identity.source_records semi join registry using (record_id)", registry=registry
    )
    known = {"identity.customer_records": registry, "identity.source_records": records}
    rows = run.read(statement, reading=known)
    run.renew(statement, key="customer_id", touched=CUSTOMERS, types=types, rows=rows)


def _grouped(run: Run, model: Model, *, cap: int, anew: bool) -> Any:  # noqa: ANN401  an Arrow table
    """Form the groups of all records that may belong to another one now, and return them."""
    ledger = run.warehouse.ledger
    named = _records_among(run, touched_by_decisions(ledger, after=0))
    known, linked = (named.filter(named[column])["record_id"] for column in ("is_known", "is_linked"))
    together, apart = decisions_in_force(ledger, among=linked)
    scope = None
    if not anew:
        touched = run.arrow(f"select record_id from {RECORDS} order by 1")["record_id"]
        scope = scope_of(run, touched, together)
    grouping = group_records(run, model, scope=scope, together=together, apart=apart)
    keep_grouping(run, grouping, scope, model=model, cap=cap)
    return with_unlinked(grouping.groups, decisions_in_force(ledger, among=known)[0])


def _records_among(run: Run, named: Sequence[str]) -> Any:  # noqa: ANN401  an Arrow table
    """Return of some records, in order, whether they are there, and whether a customer file holds them."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    return run.arrow(_NAMED, named=pa.table({"record_id": pa.array(named, pa.string())}))
