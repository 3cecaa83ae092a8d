"""What is most worth a look: doubtful pairs, and groups that were cut or from which links were withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from klantprofiel.display import Displayed
from klantprofiel.schema import canonical
from klantprofiel.unification.decisions.consistency import Joined
from klantprofiel.unification.decisions.decision import decided, in_force
from klantprofiel.unification.decisions.preview import check_linked, model_of
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.unification.decisions.decision import Decision, Pair
    from klantprofiel.warehouse import Ledger, StoredRelease, Tables

WIDEST_BITS: Final = 10.0
"""Further from the threshold than a thousand to one is not doubtful."""

MASKED: Final = {
    "given_name": "given_name",
    "surname": "surname",
    "birth_date": "birth_date",
    "email": "email",
    "phone": "phone",
    "id_number": "loyalty_number",
    "postal_code": "postal_code",
    "place": "place",
}
"""The columns of `identity.link_records` that are shown, and the canonical column that masks each."""

NOT_BITS: Final = frozenset({"first_record_id", "record_id", "score", "p_household"})
LABELS: Final = {
    "address": "adres",
    "id_number": "nummer",
    "iban": "IBAN",
    "second_initial": "tweede voorletter",
    "source": "bron",
    "told_year": "geboortejaar in e-mail",
}
TELLING_BITS: Final = 1.0
"""A comparison that makes a match less than twice as likely, or as unlikely, tells too little to be named."""


@dataclass(frozen=True)
class DoubtfulPair:
    """Two records that may be one person.

    Attributes
    ----------
    first_record_id, record_id, first_customer_id, customer_id
        The records, and the customers that they are now.
    score
        Bits for (above zero) or against one person; None when the pair was never scored.
    n_records
        Records of these customers: what hangs on the answer.
    bits
        Bits per comparison, by its name; None for what could not be compared.
    first_masked, masked
        What is known of either record, by attribute, masked.
    """

    first_record_id: str
    record_id: str
    first_customer_id: str
    customer_id: str
    score: float | None
    n_records: int
    bits: Mapping[str, float | None]
    first_masked: Mapping[str, str | None]
    masked: Mapping[str, str | None]

    def flat(self) -> dict[str, object]:
        """Return the pair as one row, for JSON and CSV."""
        return {
            "what": "pair",
            "first_record_id": self.first_record_id,
            "record_id": self.record_id,
            "first_customer_id": self.first_customer_id,
            "customer_id": self.customer_id,
            "n_records": self.n_records,
            "score_bits": self.score,
            **{f"{name}_bits": bits for name, bits in self.bits.items()},
            **{f"first_{name}": value for name, value in self.first_masked.items()},
            **self.masked,
        }

    def row(self) -> tuple[object, ...]:
        """Return what a table with the columns `PAIR` shows, a line per record."""
        return (
            f"{self.first_record_id}\n{self.record_id}",
            f"{self.first_customer_id}\n{self.customer_id}",
            f"{_name(self.first_masked)}\n{_name(self.masked)}",
            *(
                f"{self.first_masked.get(name) or '-'}\n{self.masked.get(name) or '-'}"
                for name in ("birth_date", "email", "postal_code")
            ),
            f"voor: {self._telling(1)}\ntegen: {self._telling(-1)}",
            None if self.score is None else round(self.score, 1),
        )

    def _telling(self, sign: int) -> str:
        """Name the comparisons that speak for (1) or against (-1) one person, the strongest first."""
        known = [(bits * sign, name) for name, bits in self.bits.items() if bits is not None]
        return (
            ", ".join(_label(name) for bits, name in sorted(known, reverse=True) if bits > TELLING_BITS)
            or "-"
        )


@dataclass(frozen=True)
class DoubtfulGroup:
    """A component of linked records that is more than one customer, or was too large to judge as a whole.

    Attributes
    ----------
    component, customer_id
        Its lowest record, and its lowest customer.
    n_records, n_customers
        What it holds.
    n_guarded, n_cut
        Links withheld because they would make one person of several, and links across a cut.
    n_parts
        In how many parts it was cut for its size; 1 when it was not.
    """

    component: str
    customer_id: str
    n_records: int
    n_customers: int
    n_guarded: int
    n_cut: int
    n_parts: int

    def flat(self) -> dict[str, object]:
        """Return the group as one row, for JSON and CSV."""
        return {
            "what": "group",
            "first_record_id": self.component,
            "first_customer_id": self.customer_id,
            "n_records": self.n_records,
            "n_customers": self.n_customers,
            "n_guarded": self.n_guarded,
            "n_cut": self.n_cut,
            "n_parts": self.n_parts,
        }

    def row(self) -> tuple[object, ...]:
        """Return what a table with the columns `GROUP` shows."""
        counts = (self.n_records, self.n_customers, self.n_guarded, self.n_cut, self.n_parts)
        return (self.component, self.customer_id, *counts)


PAIR: Final = ("Records", "Klanten", "Naam", "Geboren", "E-mail", "Postcode", "Wat spreekt", "Bits")
GROUP: Final = (
    "Laagste record",
    "Laagste klant",
    "Records",
    "Klanten",
    "Achtergehouden",
    "Doorgesneden",
    "Delen",
)


@dataclass(frozen=True, repr=False)
class Review(Displayed):
    """What is most worth a look in one release; every personal value is masked."""

    release_id: str
    title: str
    pairs: tuple[DoubtfulPair, ...]
    groups: tuple[DoubtfulGroup, ...] = ()

    def rows(self) -> list[dict[str, object]]:
        """Return pairs and groups as flat rows, with every column in every row."""
        flat = [*(pair.flat() for pair in self.pairs), *(group.flat() for group in self.groups)]
        columns = dict.fromkeys(column for row in flat for column in row)
        return [{column: row.get(column) for column in columns} for row in flat]

    def summary(self) -> Summary:
        """Return what is worth a look, in Dutch."""
        tables: list[SummaryTable] = []
        if self.pairs:
            rows = [pair.row() for pair in self.pairs]
            tables.append({"title": "Paren", "columns": PAIR, "rows": rows})
        if self.groups:
            rows = [group.row() for group in self.groups]
            tables.append({"title": "Groepen", "columns": GROUP, "rows": rows})
        notes = [] if tables else ["Er is niets dat een blik waard is."]
        if self.pairs:
            notes = [
                "Dezelfde persoon: klantprofiel identity join RECORD RECORD --by NAAM --because REDEN.",
                "Niet dezelfde: klantprofiel identity split RECORD --from RECORD --by NAAM --because REDEN.",
            ]
        facts = {"Release": self.release_id, "Paren": len(self.pairs), "Groepen": len(self.groups)}
        return {"title": self.title, "facts": facts, "tables": tables, "notes": notes}


def review(release: StoredRelease, ledger: Ledger, *, n: int = 20) -> Review:
    """Return the `n` pairs and the `n` groups of a release that are most worth a look.

    Pairs come in order of doubt, that is how near their score is to the threshold of the model, weighted by
    how many records hang on them; those on which somebody decided are left out. Of groups, those that were
    cut for their size come first, then those in which most was withheld.

    Raises
    ------
    NotFoundError
        When the release has no scored pairs.
    """
    check_linked(release)
    decisions = in_force(decided(ledger))
    rows = release.rows(
        f"{load_sql(__package__, 'doubtful_pairs').sql()} limit {int(n)}",
        threshold_bits=threshold_bits(release),
        widest_bits=WIDEST_BITS,
        **_decided_on(decisions),
    )
    groups: tuple[DoubtfulGroup, ...] = ()
    if release.has("identity.group_verdicts") and release.has("identity.cut_components"):
        found = release.rows(load_sql(__package__, "doubtful_groups").sql(), n=n)
        groups = tuple(DoubtfulGroup(*row) for row in found)
    return Review(release.release_id, "Een blik waard", pair_facts(release, rows), groups)


def pair_facts(release: Tables, pairs: Sequence[Pair]) -> tuple[DoubtfulPair, ...]:
    """Return what is known of pairs of records, masked, in their order; of records that are gone nothing."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who reviews needs it

    wanted = pa.table(
        {
            "place": pa.array(range(len(pairs)), pa.int64()),
            "first_record_id": pa.array([first for first, _ in pairs], pa.string()),
            "record_id": pa.array([record for _, record in pairs], pa.string()),
        }
    )
    masked, scored = _masked(release, pairs), _scored(release, wanted)
    return tuple(
        DoubtfulPair(
            first_record_id=first,
            record_id=record,
            first_customer_id=first_customer,
            customer_id=customer,
            score=scored.get((first, record), {}).get("score"),
            n_records=n_records,
            bits={name: bits for name, bits in scored.get((first, record), {}).items() if name != "score"},
            first_masked=masked.get(first, {}),
            masked=masked.get(record, {}),
        )
        for _, first, record, first_customer, customer, n_records in release.rows(
            load_sql(__package__, "pair_facts").sql(), wanted=wanted
        )
    )


def threshold_bits(release: Tables) -> float:
    """Return the score above which two records by themselves are one person, by the model of the release."""
    return -model_of(release).guard_bits


def _masked(release: Tables, pairs: Sequence[Pair]) -> dict[str, dict[str, str | None]]:
    """Return the masked values of each record of the pairs that a customer file describes."""
    import pyarrow as pa  # noqa: PLC0415  the same

    records = sorted({record for pair in pairs for record in pair})
    wanted = pa.table({"record_id": pa.array(records, pa.string())})
    there = release.columns("identity.link_records")
    shown = [
        exp.alias_(canonical.Customers.columns[kind].mask(exp.column(name, table="records")), name)
        for name, kind in MASKED.items()
        if name in there
    ]
    query = (
        exp.select("records.record_id", *shown)
        .from_("identity.link_records as records")
        .join("wanted", on="wanted.record_id = records.record_id")
    )
    rows = release.arrow(query.sql("duckdb"), wanted=wanted).to_pylist()
    return {row.pop("record_id"): row for row in rows}


def _scored(release: Tables, wanted: Any) -> dict[Pair, dict[str, float | None]]:  # noqa: ANN401  pyarrow
    """Return the score and the bits per comparison of the pairs that were scored."""
    names = [name for name in release.columns("identity.link_pairs") if name not in NOT_BITS]
    columns = ", ".join(f'pairs."{name}"' for name in ("first_record_id", "record_id", "score", *names))
    tables = [name for name in ("identity.link_pairs", "identity.closing_pairs") if release.has(name)]
    queries = [
        f"select {columns} from {table} as pairs inner join wanted "
        "on wanted.first_record_id = pairs.first_record_id and wanted.record_id = pairs.record_id"
        for table in tables
    ]
    rows = release.rows(" union all ".join(queries), wanted=wanted)
    return {(first, record): dict(zip(("score", *names), bits, strict=True)) for first, record, *bits in rows}


def _decided_on(decisions: Sequence[Decision]) -> dict[str, Any]:
    """Return who is who by decisions, as the two tables that doubtful_pairs.sql asks for."""
    import pyarrow as pa  # noqa: PLC0415  the same

    joined = Joined(decisions)
    pairs = [pair for each in decisions if each.kind == "split" for pair in each.pairs()]
    apart = sorted({tuple(sorted(map(joined.person, pair))) for pair in pairs})
    records = joined.records()
    texts = {
        "decided_persons": {"record_id": records, "person": [joined.person(record) for record in records]},
        "decided_apart": {
            "person": [person for person, _ in apart],
            "other_person": [other for _, other in apart],
        },
    }
    return {
        table: pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
        for table, columns in texts.items()
    }


def _name(masked: Mapping[str, str | None]) -> str:
    return " ".join(filter(None, (masked.get("given_name"), masked.get("surname")))) or "-"


def _label(comparison: str) -> str:
    """Return the Dutch name of a comparison, as it stands in a sentence."""
    column = canonical.Customers.columns.get(comparison)
    return LABELS.get(comparison) or (column.label.lower() if column else comparison)
