"""What every kind of file is read into: some records at a time, readable ones apart from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Reject:
    """A record that cannot be read: the line where it starts, the rule that it breaks, and its text."""

    line: int
    rule: str
    raw_text: str


@dataclass(frozen=True)
class Piece:
    """Some of a file's records: the good ones as an Arrow table of text, the others as they are.

    The table has a column per declared column and `_line`; the records are in the file's order. `extra` has
    the same records, and `_line`, with the columns that nobody declared; None when there are none.
    """

    table: Any
    rejects: tuple[Reject, ...] = ()
    extra: Any = None

    @property
    def n_records(self) -> int:
        """How many records this piece accounts for."""
        return int(self.table.num_rows) + len(self.rejects)


def with_lines(table: Any, lines: NDArray[np.int64]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return the table with the column `_line` behind the others."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

    numbers = np.ascontiguousarray(lines, np.int64)
    buffers = [None, pa.py_buffer(numbers)]  # pa.array of a numpy array imports pandas, which takes a second
    return table.append_column("_line", pa.Array.from_buffers(pa.int64(), len(numbers), buffers))
