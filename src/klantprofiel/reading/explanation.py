"""Why source rows are one customer, and why two customers are two, as anyone may read it: values stay masked.

What is shown was written by the run that linked: bits per comparison, the exact rules, what the guard said
and the number of a decision. Who decided, and why, stands in the ledger, which only its owner reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed, Share, dutch_number
from klantprofiel.schema import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.warehouse import Ledger, Tables

TABLE: Final = "match_explanations"
MOST: Final = 12
"""So many links are shown one by one; a group of more rows is held together by links like these."""

FIXED: Final = (
    "first_customer_id", "first_rank", "customer_id", "rank", "rules", "verdict", "score", "p_household",
    "decision_id", "decided", "is_household",
)  # fmt: skip

SAME_BITS: Final = 1e-4  # m, u and h are kept to six digits
COMPARISONS: Final = {
    "id_number": "Klantenkaart- of ander nummer",
    "address": "Adres",
    "told_year": "Geboortejaar in het e-mailadres",
    "second_initial": "Tweede voorletter",
    "source": "Bron",
}
RULES: Final = {
    "email": "zelfde e-mailadres",
    "phone_surname": "zelfde telefoonnummer en achternaam",
    "loyalty_number": "zelfde klantenkaartnummer",
}
VERDICTS: Final = {
    "kept": "bijeengehouden",
    "below": "te weinig overeenkomst",
    "guard": "uiteengehouden: de andere bronregels van de groep spreken tegen",
    "ambiguous": "uiteengehouden: deze bronregel zegt niets over de persoon en past bij meer mensen",
    "cut": "uiteengehouden: de groep was te groot en is geknipt",
    "decision": "uiteengehouden door een besluit",
    "joined": "bijeengehouden door een besluit",
}
DECIDED: Final = {
    "join": "besloten dat dit een persoon is",
    "split": "besloten dat dit verschillende personen zijn",
}
START: Final = "Uitgangskans: zomaar twee bronregels"
NO_TABLE: Final = "Deze release bewaart niet hoe haar bronregels gekoppeld zijn."
ALONE: Final = "Deze klant komt uit een enkele bronregel; er is niets samengevoegd."
NO_ROWS: Final = "Geen klantbestand kent deze klant: alleen gebeurtenissen noemen hem."
UNRELATED: Final = (
    "Tussen deze klanten is geen paar bronregels dat op elkaar lijkt: geen sleutel koppelt hen, en wat "
    "vergeleken is bleef onder de grens van wat bewaard wordt."
)
SPLIT_LEDGER: Final = "Wie dit besloot en waarom staat in het grootboek, dat alleen de eigenaar leest."
BITS: Final = "Een bit erbij verdubbelt de kans dat het dezelfde persoon is; onder nul wordt die kleiner."


@dataclass(frozen=True)
class Link:
    """A pair of source rows: what speaks for and against one person, in bits, and what became of it.

    Attributes
    ----------
    first, other
        The numbers of the rows among those of their customers.
    rules
        The exact rules that link them.
    score, p_household
        Bits for one person against two, and the chance (0 to 1) that two would be one household; None where
        the pair was never scored.
    bits
        Per comparison the bits that it adds; a comparison that could not be made is absent.
    verdict
        `kept`, `below`, `guard`, `ambiguous`, `cut`, `decision` or `joined`.
    decision_id, decided
        The decision on this pair, and whether it was a `join` or a `split`.
    is_household
        Whether both rows were found to be of one household.
    """

    first: int
    other: int
    rules: tuple[str, ...] = ()
    score: float | None = None
    p_household: float | None = None
    bits: Mapping[str, float] = field(default_factory=dict)
    verdict: str = "kept"
    decision_id: int | None = None
    decided: str = ""
    is_household: bool = False

    def steps(self) -> list[tuple[str, float]]:
        """Return the steps from the chance of any two rows to the score, the largest first."""
        if self.score is None:
            return []
        largest_first = sorted(self.bits.items(), key=lambda step: (-abs(step[1]), step[0]))
        return [("", self.score - sum(self.bits.values())), *largest_first]


@dataclass(frozen=True, repr=False)
class Explanation(Displayed):
    """Why the rows of a customer are one person, or why two customers are two; made by `explain`.

    Attributes
    ----------
    customer_ids
        The customer, or the two customers.
    links
        The pairs of rows that tell it, the strongest first.
    rows
        Per customer its source rows: number, source, file, line, day of delivery.
    levels
        Per comparison its degrees of likeness: bits and Dutch label, the most alike first.
    decisions
        Per decision who took it and why, where the ledger could be read.
    is_told
        Whether the release keeps how its rows were linked.
    """

    customer_ids: tuple[str, ...]
    links: tuple[Link, ...]
    rows: Mapping[str, Sequence[tuple[Any, ...]]]
    is_told: bool = True
    levels: Mapping[str, Sequence[tuple[float, float, str]]] = field(default_factory=dict, compare=False)
    decisions: Mapping[int, str] = field(default_factory=dict, compare=False)

    @property
    def is_one(self) -> bool:
        """Whether it is about one customer."""
        return len(self.customer_ids) == 1

    def summary(self) -> Summary:
        """Return the explanation, in Dutch: rows, then a waterfall per link."""
        shown = self._shown()
        tables = [self._rows(), *(self._waterfall(link) for link in shown)]
        return {
            "title": self._title(),
            "facts": self._facts(),
            "tables": [table for table in tables if table["rows"]],
            "notes": list(self._notes(shown)),
        }

    def _title(self) -> str:
        whom = " en ".join(self.customer_ids)
        return f"Waarom {whom} een persoon is" if self.is_one else f"Waarom {whom} twee personen zijn"

    def _shown(self) -> tuple[Link, ...]:
        """Return the links that hold the rows together; of two customers, the best pair alone."""
        if not self.is_one:
            return self.links[:1]
        reached = {number: {number} for link in self.links for number in (link.first, link.other)}
        needed = []
        for link in self.links:
            if reached[link.first] is not reached[link.other]:
                together = reached[link.first] | reached[link.other]
                reached |= dict.fromkeys(together, together)
                needed.append(link)
        return tuple(needed[:MOST])

    def _facts(self) -> dict[str, object]:
        if self.is_one:
            n_rows = len(self.rows.get(self.customer_ids[0], ()))
            return {"Bronregels": n_rows, "Vergeleken paren": len(self.links)}
        if not self.links:
            return {"Vergeleken paren": 0}
        best = self.links[0]
        return {
            "Score in bits": best.score,
            "Kans op huisgenoten": _share(best.p_household),
            "Zelfde huishouden": any(link.is_household for link in self.links),
            "Vergeleken paren": len(self.links),
        }

    def _rows(self) -> SummaryTable:
        rows = [
            (self._named(customer_id, row[0]), *row[1:])
            for customer_id in self.customer_ids
            for row in self.rows.get(customer_id, ())
        ]
        columns = ("Bronregel", "Bron", "Bestand", "Regel", "Geleverd op")
        return {
            "title": "Bronregels",
            "columns": columns,
            "rows": [(*row[:3], _line(row[3]), row[4]) for row in rows],
        }

    def _waterfall(self, link: Link) -> SummaryTable:
        rows, total = [], 0.0
        for name, bits in link.steps():
            total += bits
            label = _comparison(name) if name else START
            likeness = self._likeness(name, bits, link.p_household or 0.0)
            rows.append((label, likeness, _bits(bits), _bits(total)))
        rows += [(RULES.get(rule, rule), "sleutel", "", "") for rule in link.rules]
        rows.append((f"Oordeel: {VERDICTS.get(link.verdict, link.verdict)}", "", "", ""))
        if link.decided:
            told = f"Besluit {link.decision_id}: {DECIDED.get(link.decided, link.decided)}"
            rows.append((told, self.decisions.get(link.decision_id or 0, ""), "", ""))
        first, other = self.customer_ids[0], self.customer_ids[-1]
        ends = f"{self._named(first, link.first)} en {self._named(other, link.other)}"
        return {
            "title": f"Bronregels {ends}",
            "columns": ("Wat is vergeleken", "Wat bleek", "Bits", "Samen"),
            "rows": rows,
        }

    def _named(self, customer_id: str, number: int) -> str:
        return str(number) if self.is_one else f"{customer_id}/{number}"

    def _likeness(self, name: str, bits: float, p_household: float) -> str:
        """Return the label of the level that has these bits; of which the bits vary is the highest.

        The bits are those against strangers and against a household, by how likely either is.
        """
        levels = self.levels.get(name, ())
        for against_strangers, against_household, label in levels:
            expected = against_strangers + p_household * (against_household - against_strangers)
            if abs(expected - bits) < SAME_BITS:
                return label
        return levels[0][2] if levels else ""

    def _notes(self, shown: Sequence[Link]) -> Iterable[str]:
        if not self.is_told:
            yield NO_TABLE
        elif self.is_one and not self.rows.get(self.customer_ids[0]):
            yield NO_ROWS
        elif self.is_one and not self.links:
            yield ALONE
        elif not self.links:
            yield UNRELATED
        if any(link.score is not None for link in shown):
            yield BITS
        if len(shown) < len(self.links) and self.is_one:
            yield f"Nog {len(self.links) - len(shown)} vergeleken paren van deze klant zijn niet getoond."
        if any(link.decided and link.decision_id not in self.decisions for link in shown):
            yield SPLIT_LEDGER


def explain_one(tables: Tables, customer_id: str, ledger: Ledger | None = None) -> Explanation:
    """Explain why the source rows of a customer are one person."""
    query = f"select * from {TABLE} where first_customer_id = $number and customer_id = $number"
    links = _links(tables, query, number=customer_id)
    return _explained(tables, (customer_id,), links, ledger)


def explain_two(tables: Tables, customer_id: str, other_id: str, ledger: Ledger | None = None) -> Explanation:
    """Explain why two customers are two: by the pair of rows that looks most like one person."""
    query = (
        f"select * from {TABLE} where (first_customer_id = $number and customer_id = $other) "
        "or (first_customer_id = $other and customer_id = $number)"
    )
    links = _links(tables, query, first_is=customer_id, number=customer_id, other=other_id)
    return _explained(tables, (customer_id, other_id), links, ledger)


def _explained(
    tables: Tables, customer_ids: tuple[str, ...], links: Iterable[Link], ledger: Ledger | None
) -> Explanation:
    strongest_first = sorted(links, key=_weakness)
    return Explanation(
        customer_ids,
        tuple(strongest_first),
        {customer_id: _source_rows(tables, customer_id) for customer_id in customer_ids},
        is_told=tables.has(TABLE),
        levels=_levels(tables),
        decisions=_decisions(ledger, strongest_first),
    )


def _weakness(link: Link) -> tuple[bool, bool, float, int, int]:
    """Put a decision first, then an exact rule, then the highest score."""
    score = float("-inf") if link.score is None else link.score
    return not link.decided, not link.rules, -score, link.first, link.other


def _links(tables: Tables, query: str, *, first_is: str = "", **values: str) -> list[Link]:
    if not tables.has(TABLE):
        return []
    rows = tables.arrow(query, **values).to_pylist()
    return [_link(row, is_turned=bool(first_is) and row["first_customer_id"] != first_is) for row in rows]


def _link(row: Mapping[str, Any], *, is_turned: bool) -> Link:
    first, other = row["first_rank"], row["rank"]
    return Link(
        other if is_turned else first,
        first if is_turned else other,
        tuple((row["rules"] or "").split()),
        row["score"],
        row["p_household"],
        {name: bits for name, bits in row.items() if name not in FIXED and bits is not None},
        _verdict(row),
        row["decision_id"],
        row["decided"] or "",
        bool(row["is_household"]),
    )


def _verdict(row: Mapping[str, Any]) -> str:
    """Return what became of a pair; where nothing was noted it is together, or there was too little."""
    implied = "kept" if row["first_customer_id"] == row["customer_id"] else "below"
    return row["verdict"] or implied


def _source_rows(tables: Tables, number: str) -> list[tuple[Any, ...]]:
    if not tables.has("source_rows"):
        return []
    return tables.rows(
        "select survival_rank, source, file_name, line_number, delivered_on from source_rows "
        "where customer_id = $number order by survival_rank",
        number=number,
    )


def _levels(tables: Tables) -> dict[str, list[tuple[float, float, str]]]:
    """Return per comparison the bits of each level, against strangers and a household, and its label."""
    if not tables.has("link_levels"):
        return {}
    rows = tables.rows(
        "select comparison, weight, weight + log2(u / h), label from link_levels "
        "where weight is not null order by comparison, level desc"
    )
    levels: dict[str, list[tuple[float, float, str]]] = {}
    for comparison, against_strangers, against_household, label in rows:
        levels.setdefault(comparison, []).append((against_strangers, against_household, label))
    return levels


def _decisions(ledger: Ledger | None, links: Sequence[Link]) -> dict[int, str]:
    """Return who took the decisions on these links and why, when the ledger is ours to read."""
    named = {link.decision_id for link in links if link.decision_id is not None}
    if not named or ledger is None:
        return {}
    from klantprofiel.unification.decisions import decided  # noqa: PLC0415  most explanations need no decision

    return {
        each.decision_id: f"{each.by}: {each.because}"
        for each in decided(ledger)
        if each.decision_id in named
    }


def _comparison(name: str) -> str:
    columns = canonical.Customers.columns
    return COMPARISONS.get(name) or (columns[name].label if name in columns else name)


def _bits(bits: float) -> str:
    return dutch_number(bits, decimals=1)


def _share(share: float | None) -> object:
    return None if share is None else Share(share)


def _line(line: int | None) -> str | None:
    return None if line is None else str(line)
