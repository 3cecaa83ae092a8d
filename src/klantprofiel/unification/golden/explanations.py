"""Why records are one customer and why others are not, without the numbers by which sources know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.decisions import decisions_in_force
from klantprofiel.warehouse import Statement, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from klantprofiel.warehouse import Run

TABLE: Final = "match_explanations"
DECIDED: Final = "identity.decided_pairs"
TOUCHED: Final = "identity.touched_customers"
SCORES: Final = ("identity.link_pairs", "identity.closing_pairs")
EDGES: Final = "identity.key_pairs"
VERDICTS: Final = "identity.group_verdicts"
HOUSEHOLDS: Final = "identity.households"
CLAIMS: Final = "identity.survivorship"

ENDS: Final = ("first_record_id", "record_id")
BESIDES: Final = ("score", "p_household")
"""What a table of scored pairs tells besides the bits of each comparison."""

TOLD: Final = ("rules", "verdict", *BESIDES, "decision_id", "decided")
"""What is told of a pair besides the bits."""


# The pairs of touched customers, and the records at both ends.
_MINE: Final = f"select distinct record_id from {CLAIMS} semi join {TOUCHED} using (customer_id)"
_THEIRS: Final = "from {table} where first_record_id in (from mine) or record_id in (from mine)"
_ENDS: Final = "select {columns} from {table} semi join ends using (record_id)"
_READ: Final = {CLAIMS: "record_id, customer_id, survival_rank", HOUSEHOLDS: "record_id, household_id"}


def keep_explanations(run: Run, *, anew: bool = False) -> None:
    """Make `match_explanations`, or only its rows about touched customers, from what linking left behind.

    Tables of linking that are not there explain nothing. What somebody decided is told by its number: who
    and why stand in the ledger. `anew` says that everybody is touched.
    """
    _keep_decided(run)
    statement = explanations(
        scores={table: _comparisons(run, table) for table in SCORES if run.has(table)},
        others=[table for table in (EDGES, VERDICTS, HOUSEHOLDS) if run.has(table)],
    )
    if anew or not run.has(TABLE) or tuple(run.columns(TABLE)) != statement.columns:
        run.make(statement)  # another model compares other things, and touches everybody
    else:
        run.execute(f"delete from {TABLE} where first_customer_id in (select customer_id from {TOUCHED})")
        rows = run.read(statement, reading=_theirs(run, statement))
        run.renew(statement, key="customer_id", touched=TOUCHED, rows=rows)
    run.drop(DECIDED)


def _theirs(run: Run, statement: Statement) -> dict[str, Any]:
    """Return what explains touched customers, of each table that the statement reads."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    mine = run.arrow(_MINE)
    pairs = {
        table: run.arrow(_THEIRS.format(table=table), mine=mine)
        for table in statement.tables
        if table not in (*_READ, TOUCHED)
    }
    ids = [frame[end] for frame in pairs.values() for end in ENDS]
    ends = pa.table(
        {"record_id": pa.chunked_array([chunk for column in ids for chunk in column.chunks], pa.string())}
    )
    records = {
        table: run.arrow(_ENDS.format(table=table, columns=columns), ends=ends)
        for table, columns in _READ.items()
        if table in statement.tables
    }
    return pairs | records


def explanations(*, scores: dict[str, tuple[str, ...]], others: Collection[str] = ()) -> Statement:
    """Return the table of every pair of records that was scored, linked by a key or decided on.

    Parameters
    ----------
    scores
        The comparisons of each table of scored pairs; the first table names the columns.
    others
        Which of the tables with edges by key, verdicts and households are there.

    Examples
    --------
    >>> explanations(scores={"identity.link_pairs": ("email", "address")}).columns[-3:]
    ('is_household', 'email', 'address')
    """
    bits = next(iter(scores.values()), ())
    names = (*TOLD, *bits)
    given = [
        *(_scored(table, own, bits) for table, own in scores.items()),
        *([_linked(bits)] if EDGES in others else []),
        *([_judged(bits)] if VERDICTS in others else []),
        _decided(bits),
    ]
    told = _listed(f"max({name}) as {name}" for name in names)
    household = (
        "coalesce(firsts.household_id = seconds.household_id, false)" if HOUSEHOLDS in others else "false"
    )
    return Statement.of(
        table=TABLE,
        describes="why records are one customer or two: scores, bits, rules, verdicts and decisions.",
        grain="One row per pair of source records that was scored, linked or decided on.",
        select=parse(
            f"""
            with given as ({" union all ".join(given)}),
            pairs as (
                select first_record_id, record_id, {told} from given group by first_record_id, record_id
            ),
            ends as ({_ends(others)}),
            told as (
                select
                    firsts.customer_id as first_customer_id, firsts.survival_rank as first_rank,
                    seconds.customer_id, seconds.survival_rank as rank, {household} as is_household,
                    {_listed(f"pairs.{name}" for name in names)}
                from pairs
                inner join ends as firsts on firsts.record_id = pairs.first_record_id
                inner join ends as seconds on seconds.record_id = pairs.record_id
                left join {TOUCHED} as touched on touched.customer_id = firsts.customer_id
                left join {TOUCHED} as also_touched on also_touched.customer_id = seconds.customer_id
                where coalesce(touched.customer_id, also_touched.customer_id) is not null
            )
            select
                first_customer_id, first_rank, customer_id, rank, rules, verdict, score, p_household,
                decision_id, decided, is_household {"".join(f", {name}" for name in bits)}
            from told
            order by first_customer_id, customer_id, first_rank, rank
            """
        ),
    )


def _ends(others: Collection[str]) -> str:
    """Return the SQL of the records by number, each as the best of its claims, with its household."""
    if HOUSEHOLDS not in others:
        return (
            "select record_id, customer_id, min(survival_rank) as survival_rank "
            f"from {CLAIMS} group by record_id, customer_id"
        )
    return (
        "select claims.record_id, claims.customer_id, min(claims.survival_rank) as survival_rank, "
        "max(homes.household_id) as household_id "
        f"from {CLAIMS} as claims "
        f"left join {HOUSEHOLDS} as homes on homes.record_id = claims.record_id "
        "group by claims.record_id, claims.customer_id"
    )


def _scored(table: str, own: tuple[str, ...], bits: tuple[str, ...]) -> str:
    known = {name: f"cast({name} as double)" for name in (*BESIDES, *own)}
    return _select(table, bits, known)


def _linked(bits: tuple[str, ...]) -> str:
    rules = "array_to_string(list_sort(list(rule) filter (where rule is not null)), ' ')"
    return f"{_select(EDGES, bits, {'rules': rules})} group by first_record_id, record_id"


def _judged(bits: tuple[str, ...]) -> str:
    return _select(VERDICTS, bits, {"verdict": "lower(cast(verdict as varchar))"})


def _decided(bits: tuple[str, ...]) -> str:
    return _select(DECIDED, bits, {"decision_id": "decision_id", "decided": "decided"})


def _select(table: str, bits: tuple[str, ...], known: dict[str, str]) -> str:
    """Return the SQL of pairs with all columns, of which those that a table does not know are null."""
    types = {"rules": "varchar", "verdict": "varchar", "decision_id": "bigint", "decided": "varchar"}
    types |= dict.fromkeys((*BESIDES, *bits), "double")
    names = (*TOLD, *bits)
    values = _listed(f"{known.get(name, f'cast(null as {types[name]})')} as {name}" for name in names)
    return f"select first_record_id, record_id, {values} from {table}"


def _comparisons(run: Run, table: str) -> tuple[str, ...]:
    return tuple(name for name in run.columns(table) if name not in (*ENDS, *BESIDES))


def _keep_decided(run: Run) -> None:
    """Write what people decided as pairs of records."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    together, apart = decisions_in_force(run.warehouse.ledger)
    frames = [
        pairs.append_column("decided", pa.array([decided] * len(pairs), pa.string()))
        for decided, pairs in (("join", together), ("split", apart))
    ]
    run.write(
        DECIDED,
        pa.concat_tables(frames),
        describes="what people decided on pairs of records; it is dropped when it has been told.",
        grain="One row per pair of records and decision.",
    )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(columns)
