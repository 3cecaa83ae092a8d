"""What the tests of readers share: a table of texts in any dialect, and what a file of it is read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from klantprofiel import schema as s
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.formats import open_delivery

if TYPE_CHECKING:
    from pathlib import Path


class Read(NamedTuple):
    """The records, the rejects and the records' undeclared columns of a file."""

    records: list[tuple[Any, ...]]
    rejects: list[tuple[int, str, str]]
    extra: list[dict[str, Any]]


def table_of(dialect: s.Dialect, *headers: str, **columns: s.Column) -> type[s.Table]:
    """Return a table with a column of text per header, of which the first is the key, and other columns."""
    texts = {f"column_{at}": s.Text(label=h, source=h, key=at == 0) for at, h in enumerate(headers)}
    namespace = type(s.Table).__prepare__("Proef", (s.ReferenceTable,))
    body = {"__doc__": "Proef: one row per record.", "__module__": __name__, "dialect": dialect}
    for name, value in (body | texts | columns).items():
        namespace[name] = value
    made: type[s.Table] = type(s.Table)("Proef", (s.ReferenceTable,), namespace)  # type: ignore[misc]
    return made


def read(path: Path, table: type[s.Table]) -> Read:
    """Return what a file of a table is read as."""
    pieces = list(open_delivery(path, Contract.of(table), path.name).pieces())
    for piece in pieces:
        assert piece.extra is None or piece.extra["_line"].equals(piece.table["_line"])
    return Read(
        [tuple(row.values()) for piece in pieces for row in piece.table.to_pylist()],
        [(reject.line, reject.rule, reject.raw_text) for piece in pieces for reject in piece.rejects],
        [row for piece in pieces if piece.extra for row in piece.extra.to_pylist()],
    )
