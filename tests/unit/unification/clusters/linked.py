"""Records with scores that are easy to reckon: a model of a few comparisons, without Splink."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import duckdb
import pyarrow as pa
import pytest

from klantprofiel.unification.clusters import grouping, keep_grouping, keep_keys, keys, scope_of
from klantprofiel.warehouse import Run, RunEntry
from tests.spec.ascii import AS_OF, NO_WAREHOUSE, RECORDED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Warehouse

COMPARISONS: Final = {  # bits when equal, and when not
    "given_name": (6.0, -5.0),
    "surname": (5.0, -4.0),
    "birth_date": (9.0, -7.0),
    "sex": (1.0, -5.0),
    "email": (10.0, -2.0),
    "id_number": (12.0, -3.0),
    "address": (3.0, -2.0),
}
START: Final = -14.0
MODEL: Final = cast(
    "Model",
    SimpleNamespace(comparison_names=tuple(COMPARISONS), keep_bits=-2.0, guard_bits=1.5, unscored_bits=-3.5),
)
COLUMNS: Final = (
    "record_id", "source", "given_name", "surname", "other_surname", "birth_date", "sex", "email", "phone",
    "id_number", "iban", "address", "postal_code", "street", "house_number", "house_number_addition", "place",
)  # fmt: skip
Arrow: TypeAlias = Any  # pyarrow ships no types


def score(tables: Arrow, _model: object, pairs: Arrow) -> Arrow:
    """Score pairs by what is equal and what is not."""
    bits = ", ".join(
        f"case when a.{name} = b.{name} then {equal} when a.{name} <> b.{name} then {other} end as {name}"
        for name, (equal, other) in COMPARISONS.items()
    )
    total = " + ".join(f"coalesce({name}, 0)" for name in COMPARISONS)
    return tables.arrow(
        f"with found as (select pairs.first_record_id, pairs.record_id, {bits} from pairs "
        "inner join identity.link_records as a on a.record_id = pairs.first_record_id "
        "inner join identity.link_records as b on b.record_id = pairs.record_id) "
        f"select *, cast({START} + {total} as double) as score, cast(0.5 as double) as p_household "
        "from found order by all",
        pairs=pairs,
    )


@pytest.fixture
def _simple_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "_scored", score)
    monkeypatch.setattr(keys, "FEW", 100)  # however many are touched, only these are made anew


def empty_run() -> Run:
    """Return a run in memory without any table, also without the canonical ones."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("attach ':memory:' as identity")
    entry = RunEntry("000001-spec", "spec", AS_OF, RECORDED_AT, "started")
    return Run(cast("Warehouse", NO_WAREHOUSE), entry, AS_OF, connection)


def put_records(run: Run, rows: Sequence[Mapping[str, str | None]]) -> None:
    """Write `identity.link_records`."""
    filled = [{**row, "source": _source(row)} for row in rows]
    columns = {name: pa.array([row.get(name) for row in filled], pa.string()) for name in COLUMNS}
    run.write("identity.link_records", pa.table(columns), describes="given.", grain="One row per record.")


def _source(row: Mapping[str, str | None]) -> str:
    return str(row["record_id"]).partition("/")[0]


def decided(*pairs: tuple[str, str]) -> Arrow:
    ordered = sorted(tuple(sorted(pair)) for pair in pairs)
    return pa.table(
        {
            "first_record_id": pa.array([first for first, _ in ordered], pa.string()),
            "record_id": pa.array([other for _, other in ordered], pa.string()),
        }
    )


def block(run: Run) -> None:
    """Keep the scores of pairs that share a surname or an e-mail address, above the least that counts."""
    blocked = run.arrow(
        "select a.record_id as first_record_id, b.record_id from identity.link_records as a "
        "inner join identity.link_records as b on a.record_id < b.record_id "
        "and (a.surname = b.surname or a.email = b.email)"
    )
    found = run.arrow("from found where score > -2", found=score(run, MODEL, blocked))
    run.write("identity.link_pairs", found, describes="given.", grain="One row per pair.")


def linked(rows: Sequence[Mapping[str, str | None]], *, cap: int = 10) -> Run:
    """Return a run whose records have keys and scored pairs."""
    run = empty_run()
    put_records(run, rows)
    keep_keys(run, cap=cap)
    block(run)
    return run


def grouped(
    rows: Sequence[Mapping[str, str | None]], *, cap: int = 10, together: Arrow = None, apart: Arrow = None
) -> tuple[Run, set[frozenset[str]]]:
    """Return a run in which records are grouped, and the groups of two and more."""
    run = linked(rows, cap=cap)
    return run, regrouped(run, None, together=together, apart=apart, cap=cap)


def regrouped(
    run: Run, scope: Arrow, *, together: Arrow = None, apart: Arrow = None, cap: int = 10
) -> set[frozenset[str]]:
    """Group the records in scope, keep what was found, and return the groups of two and more."""
    nobody = decided()
    together, apart = together or nobody, apart or nobody
    found = grouping.group_records(run, MODEL, scope=scope, together=together, apart=apart)
    keep_grouping(run, found, scope, model=MODEL, cap=cap)
    members: dict[int, set[str]] = {}
    for record, group in zip(
        found.groups["record_id"].to_pylist(), found.groups["group_id"].to_pylist(), strict=True
    ):
        members.setdefault(group, set()).add(record)
    return {frozenset(group) for group in members.values() if len(group) > 1}


def deliver(
    run: Run,
    rows: Sequence[Mapping[str, str | None]],
    touched: set[str],
    *,
    together: Arrow = None,
    cap: int = 10,
) -> Arrow:
    """Change the records of a run, and return the scope of what is to be grouped anew."""
    put_records(run, rows)
    changed = pa.table({"record_id": pa.array(sorted(touched), pa.string())})
    run.write("identity.touched_records", changed, describes="given.", grain="One row per record.")
    reopened = keep_keys(run, cap=cap).to_pylist()
    block(run)
    return scope_of(run, sorted(touched | set(reopened)), together)
