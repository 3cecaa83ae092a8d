"""Parquet by contract: typed columns as the text that loses nothing, so that one cast reads all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.bsn import refuse_named
from klantprofiel.ingestion.columns import Matched, match_columns
from klantprofiel.ingestion.faults import Fault, rule_of
from klantprofiel.ingestion.frame import Frame
from klantprofiel.ingestion.piece import Piece, Reject, with_lines
from klantprofiel.schema.casts import DOUBLE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.ingestion.contract import Contract, Field

BATCH_ROWS: Final = 1 << 17
LARGEST_EXACT: Final = 2**53  # up to here every whole number is a double

_WHOLE, _FRACTION, _WORDS = "whole numbers", "numbers with a fraction", "text"
_HELD_BY: Final = {  # which contents of a file can hold which declared type
    "VARCHAR": {_WORDS, _WHOLE},
    "BIGINT": {_WORDS, _WHOLE, _FRACTION},
    "DECIMAL": {_WORDS, _WHOLE, _FRACTION},
    "DATE": {_WORDS, "dates", "moments without a zone"},
    "TIMESTAMP": {_WORDS, "moments without a zone", "moments with a zone"},
    "BOOLEAN": {_WORDS, _WHOLE, "true and false"},
}
_ALWAYS_READ_BY: Final = {  # which contents can be read as a declared type whatever their values are
    "BIGINT": {_WHOLE},
    "DECIMAL": {_WHOLE, _FRACTION},
    "DATE": {"dates"},
    "TIMESTAMP": {"moments without a zone", "moments with a zone"},
}


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file of which the columns and their types keep the contract."""

    name: str
    columns: Matched
    declared: dict[str, Field]
    reader: Any

    def certain_kinds(self) -> frozenset[str]:
        """Return the declared columns whose type in the file says that their values can be read."""
        file_schema = self.reader.schema_arrow
        return frozenset(
            name
            for name, column in self.declared.items()
            if _contents(file_schema.field(column.header).type)
            in _ALWAYS_READ_BY.get(column.sql_type.partition("(")[0], set())
        )

    def pieces(self) -> Iterator[Piece]:
        """Yield the records as text, a piece at a time; `_line` is the number of the record, from 1."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        n_read = 0
        names = self.reader.schema_arrow.names
        headers = names if len(set(names)) == len(names) else None  # all, in the order of the file
        try:
            for batch in self.reader.iter_batches(BATCH_ROWS, columns=headers):
                texts = {
                    name: as_text(batch.column(at), self.declared[name].sql_type)
                    for name, at in self.columns.positions.items()
                }
                extra = {
                    name: any_text(batch.column(at)) for name, at in self.columns.extra_positions.items()
                }
                lines = np.arange(n_read + 1, n_read + batch.num_rows + 1)
                n_read += batch.num_rows
                yield _piece(
                    with_lines(pa.table(texts), lines),
                    with_lines(pa.table(extra), lines) if extra else None,
                )
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            corrupt = _corrupt_frame if isinstance(self.reader, Frame) else _corrupt
            raise corrupt(self.name, error) from None
        if n_read != self.reader.metadata.num_rows:
            raise DeliveryError(
                f"{self.name} yields {n_read} records",
                expected=f"the {self.reader.metadata.num_rows} that its footer counts",
                todo="have the file delivered again",
            )


def open_parquet(path: Path, contract: Contract, name: str) -> ParquetFile:
    """Read the footer of a Parquet file and hold it against the declared columns and their types.

    Raises
    ------
    DeliveryError
        When the file is truncated, misses a declared column, a column's type cannot hold its kind, or a
        struct has a field called a BSN.
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    from pyarrow import parquet  # noqa: PLC0415  the same

    try:
        reader = parquet.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise _corrupt(name, error) from None
    return open_typed(reader, contract, name)


def open_typed(reader: Any, contract: Contract, name: str) -> ParquetFile:  # noqa: ANN401  pyarrow ships no types
    """Hold headers and types of an open Parquet file, or of what reads as one, against the declaration."""
    file_schema = reader.schema_arrow
    matched = match_columns(contract, file_schema.names, name)
    for field in file_schema:
        refuse_named(_names_in(field.type), name)
    for column in contract.fields:
        found = _contents(file_schema.field(column.header).type)
        if not holds(found, column.sql_type):
            raise DeliveryError(
                f"{name}: the column {column.header!r} holds {found}",
                expected=f"{column.sql_type}, for which a file may hold "
                f"{', '.join(sorted(_HELD_BY[column.sql_type.partition('(')[0]]))}",
                todo="ask the supplier why the column changed; declare its new kind when that is right",
            )
    return ParquetFile(name, matched, {field.name: field for field in contract.fields}, reader)


def holds(contents: str, sql_type: str) -> bool:
    """Say whether a column with these contents can hold values of a declared type.

    >>> holds("whole numbers", "DECIMAL(18,2)"), holds("numbers with a fraction", "VARCHAR")
    (True, False)
    """
    return contents in _HELD_BY[sql_type.partition("(")[0]] | {"nothing"}


def as_text(values: Any, sql_type: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return a column as text: numbers in the shortest form that reads back, dates and moments in ISO 8601.

    Examples
    --------
    >>> import pyarrow as pa
    >>> as_text(pa.array([1.1, None, 2.0]), "DECIMAL(18,2)").to_pylist()
    ['1.1', None, '2']
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_float16(kind):
        values = values.cast(pa.float32())
    elif pa.types.is_timestamp(kind):
        values = _coarsest(values.cast(pa.timestamp(kind.unit, "UTC")) if kind.tz else values)
    texts = values.cast(pa.string())
    texts.validate(full=True)  # a writer may have put other bytes than UTF-8 in a column of text
    if pa.types.is_floating(kind) and sql_type == "BIGINT":
        exact = pc.and_(pc.equal(pc.floor(values), values), pc.less_equal(pc.abs(values), LARGEST_EXACT))
        whole = pc.if_else(exact, values, None).cast(pa.int64())
        texts = pc.coalesce(whole.cast(pa.string()), texts)
    elif pa.types.is_decimal(kind) and sql_type.startswith("DECIMAL"):
        return _exact(values, texts, int(sql_type.partition(",")[2].rstrip(")")))
    return pc.if_else(pc.equal(texts, ""), None, texts)


def any_text(values: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return a column that nobody declared as text; what has no text of its own as JSON, bytes as hex digits.

    Examples
    --------
    >>> import pyarrow as pa
    >>> any_text(pa.array([{"a": [1, None]}, None])).to_pylist()
    ['{"a": [1, null]}', None]
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    try:
        if not pa.types.is_duration(values.type):  # its text would be a number without a unit
            return as_text(values, "VARCHAR")
    except pa.ArrowException:
        pass  # it has no text
    found = values.to_pylist()
    texts = [
        None if value is None else json.dumps(value, default=_shown, ensure_ascii=False) for value in found
    ]
    return pa.array(texts, pa.string())


def _exact(values: Any, texts: Any, decimals: int) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return exact decimals as text that is never taken for a double with noise.

    What has the digits of a double, and more decimals than are declared, is written as a whole number and a
    power of ten, which no amount is read from: 12.99999999999999999 is 1299999999999999999e-17.
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    is_long = pc.greater(pc.binary_length(texts), DOUBLE_DIGITS)
    is_finer = pc.match_substring_regex(texts, rf"[.][0-9]{{{decimals},}}[1-9]|E")
    is_in_doubt = pc.fill_null(pc.and_(is_long, is_finer), fill_value=False)
    if not pc.any(is_in_doubt).as_py():
        return texts
    parts = (value.as_tuple() for value in values.filter(is_in_doubt).to_pylist())
    written = [f"{'-' * sign}{''.join(map(str, digits))}e{power}" for sign, digits, power in parts]
    return pc.replace_with_mask(texts, is_in_doubt, pa.array(written, pa.string()))


def _shown(value: Any) -> str:  # noqa: ANN401  whatever Arrow holds
    return value.hex() if isinstance(value, bytes) else str(value)


def _piece(records: Any, extra: Any) -> Piece:  # noqa: ANN401  pyarrow ships no types
    """Return the records with those apart that hold a NUL byte, which a text cannot hold."""
    import pyarrow.compute as pc  # noqa: PLC0415  costly, and only a delivery needs it

    broken = None
    for column in records.drop_columns("_line").columns:
        has_nul = pc.fill_null(pc.match_substring(column, "\0"), fill_value=False)
        broken = has_nul if broken is None else pc.or_(broken, has_nul)
    if not pc.any(broken).as_py():
        return Piece(records, extra=extra)
    rows = records.filter(broken).to_pylist()
    others = extra.drop_columns("_line").filter(broken).to_pylist() if extra else [{}] * len(rows)
    rejects = tuple(
        Reject(row.pop("_line"), rule_of(Fault.NUL_BYTE), json.dumps(row | other, ensure_ascii=False))
        for row, other in zip(rows, others, strict=True)
    )
    good = pc.invert(broken)
    return Piece(records.filter(good), rejects, extra.filter(good) if extra else None)


def _coarsest(moments: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return moments in the coarsest unit that loses nothing: fewer digits to write and to read."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    for unit in ("s", "ms", "us"):
        try:
            return moments.cast(pa.timestamp(unit, moments.type.tz))
        except pa.ArrowInvalid:
            continue
    return moments


def _contents(kind: Any) -> str:  # noqa: ANN401  pyarrow ships no types
    """Say in words what a column of an Arrow type holds."""
    from pyarrow import types  # noqa: PLC0415  costly, and only a delivery needs it

    if types.is_dictionary(kind):
        return _contents(kind.value_type)
    if types.is_timestamp(kind):
        return "moments with a zone" if kind.tz else "moments without a zone"
    if types.is_decimal(kind):
        return _FRACTION if kind.scale else _WHOLE
    words = {
        types.is_null: "nothing",
        types.is_string: _WORDS,
        types.is_large_string: _WORDS,
        types.is_string_view: _WORDS,
        types.is_integer: _WHOLE,
        types.is_floating: _FRACTION,
        types.is_boolean: "true and false",
        types.is_date: "dates",
        types.is_binary: "bytes",
        types.is_large_binary: "bytes",
    }
    return next((word for fits, word in words.items() if fits(kind)), f"values of type {kind}")


def _names_in(kind: Any) -> Iterator[str]:  # noqa: ANN401  pyarrow ships no types
    """Yield the names inside an Arrow type, at any depth."""
    from pyarrow import types  # noqa: PLC0415  costly, and only a delivery needs it

    if types.is_dictionary(kind):
        yield from _names_in(kind.value_type)
    for at in range(kind.num_fields):
        yield kind.field(at).name
        yield from _names_in(kind.field(at).type)


def _corrupt(name: str, error: Exception) -> DeliveryError:
    return DeliveryError(
        f"{name} cannot be read as Parquet ({type(error).__name__})",
        expected="a whole Parquet file",
        todo="have the file delivered again; it may have been cut off, or be of another format",
    )


def _corrupt_frame(name: str, error: Exception) -> DeliveryError:
    return DeliveryError(
        f"the frame {name} holds values that cannot be read ({type(error).__name__})",
        expected="texts in UTF-8, as Arrow asks of its columns of text",
        todo="decode the bytes to text before the frame is made",
    )
