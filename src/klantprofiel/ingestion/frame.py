"""A frame in memory as a delivery: pandas, polars, Arrow, or whatever gives its columns as Arrow does."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from klantprofiel.ingestion.piece import Piece

_VERSION: Final = b"klantprofiel frame 1\n"  # part of the hash: another way to land is another delivery


def to_arrow(frame: object, name: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return a frame as an Arrow table with a column per header.

    Raises
    ------
    ConfigurationError
        When it is no frame.
    DeliveryError
        When a column holds values of several kinds, or the index of a pandas frame has a name.
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return _from_pandas(frame, name)
    if not hasattr(frame, "__arrow_c_stream__"):
        raise _no_frame(frame, name)
    try:
        return _plain(pa.table(frame))
    except (pa.ArrowException, TypeError, ValueError):
        raise _no_frame(frame, name) from None


@dataclass(frozen=True)
class Frame:
    """An Arrow table that is read as a Parquet file is: this is what such a reader asks of its file."""

    table: Any

    @property
    def n_rows(self) -> int:
        """How many rows it has."""
        return int(self.table.num_rows)

    @property
    def schema_arrow(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """The headers and types."""
        return self.table.schema

    @property
    def metadata(self) -> Any:  # noqa: ANN401  the same
        """What knows the number of rows: the table itself."""
        return self.table

    def iter_batches(self, n_rows: int, columns: object = None) -> Iterator[Any]:  # noqa: ARG002  all are there
        """Yield the rows, so many at a time, with all columns as one stretch of memory each."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        for start in range(0, self.table.num_rows, n_rows):
            part = self.table.slice(start, n_rows)
            arrays = [pa.concat_arrays(column.chunks) for column in part.columns]
            yield pa.RecordBatch.from_arrays(arrays, names=part.column_names)


def content_hash(pieces: Iterable[Piece]) -> str:
    """Return 64 hexadecimal digits for the text that pieces hold, however it is cut into pieces."""
    parts: dict[str, Any] = {}
    for piece in pieces:
        for kind, table in (("column", piece.table), ("extra", piece.extra)):
            for header in table.column_names if table is not None else ():
                _add(parts, f"{kind} {header}", table.column(header))
        for reject in piece.rejects:
            part = parts.setdefault("rejects", hashlib.sha256())
            part.update(repr((reject.line, reject.rule, reject.raw_text)).encode())
    whole = hashlib.sha256(_VERSION)
    for label, part in parts.items():
        whole.update(f"{label}\n{part.hexdigest()}\n".encode())
    return whole.hexdigest()


def _add(parts: dict[str, Any], label: str, column: Any) -> None:  # noqa: ANN401  pyarrow ships no types
    """Add the values of a column, and their lengths apart: what follows on what is then never in doubt."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    texts = column.cast(pa.large_string())
    lengths = pc.fill_null(pc.binary_length(texts), -1)
    for kind, values in (("lengths", lengths), ("values", texts.drop_null())):
        part = parts.setdefault(f"{label} {kind}", hashlib.sha256())
        for chunk in values.chunks:
            fresh = pa.concat_arrays([chunk, chunk.slice(0, 0)])  # no offset, and no bytes besides its own
            part.update(fresh.buffers()[-1] or b"")


def _from_pandas(frame: Any, name: str) -> Any:  # noqa: ANN401  pandas may not be there
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    named = [str(level) for level in frame.index.names if level is not None]
    if named:
        raise DeliveryError(
            f"{name}: the index of the frame holds {', '.join(map(repr, named))}",
            expected="rows whose every value is in a column; an index without a name is left alone",
            todo="deliver frame.reset_index(), or frame.reset_index(drop=True) to leave it out",
        )
    if frame.columns.nlevels > 1:
        raise DeliveryError(
            f"{name}: the columns of the frame have {frame.columns.nlevels} levels",
            expected="one header per column",
            todo='join them first, as in frame.columns = ["_".join(header) for header in frame.columns]',
        )
    headers = [str(header) for header in frame.columns]
    columns = [_column(frame.iloc[:, at], header, name) for at, header in enumerate(headers)]
    return pa.Table.from_arrays(columns, headers)


def _plain(table: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return a table in which categories are texts of the kind that every function of Arrow knows."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) and pa.types.is_string_view(field.type.value_type):
            chunks = [
                pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.large_string()))
                for chunk in table.column(at).chunks
            ]
            kind = pa.dictionary(field.type.index_type, pa.large_string())
            table = table.set_column(at, pa.field(field.name, kind), pa.chunked_array(chunks, kind))
    return table


def _column(values: Any, header: str, name: str) -> Any:  # noqa: ANN401  pandas may not be there
    """Return a pandas column as an Arrow array in which NaN, NaT and None are no value."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    try:
        if _mixes_moments(values):
            raise pa.ArrowInvalid
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):  # whose text may hold a value
        raise DeliveryError(
            f"{name}: the column {header!r} holds values of several kinds, or of one Arrow does not know",
            expected="values of one kind: texts, numbers, dates, moments with or without a zone, booleans",
            todo=f'make them one kind, as in frame["{header}"].astype("string")',
        ) from None
    return pa.nulls(len(array)) if array.null_count == len(array) else array  # its type is pandas' guess


def _mixes_moments(values: Any) -> bool:  # noqa: ANN401  pandas may not be there
    """Whether dates, moments and moments with a zone stand beside each other: Arrow would cut them to one."""
    from datetime import date, datetime  # noqa: PLC0415  beside what it is for

    if values.dtype != object:
        return False
    kinds = {
        (isinstance(value, datetime), getattr(value, "tzinfo", None) is not None)
        for value in values
        if isinstance(value, date) and value == value  # noqa: PLR0124  NaT, a moment that is none, is not itself
    }
    return len(kinds) > 1


def _no_frame(frame: object, name: str) -> ConfigurationError:
    is_lazy = hasattr(frame, "collect")
    return ConfigurationError(
        f"{name} is delivered as a {type(frame).__module__.partition('.')[0]} {type(frame).__name__}",
        expected="a pandas or polars DataFrame, an Arrow table, or another frame with named columns",
        todo="deliver frame.collect()" if is_lazy else "make it a frame whose columns are those of the table",
    )
