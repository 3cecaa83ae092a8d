"""Reading one delivery from its first record to its last: the same in this process and in another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.bsn import refuse_named
from klantprofiel.ingestion.writer import Aside, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from klantprofiel.ingestion.columns import Matched
    from klantprofiel.ingestion.contract import Contract
    from klantprofiel.ingestion.piece import Piece


class Reader(Protocol):
    """A delivery of which the header keeps the contract, whatever its format."""

    @property
    def columns(self) -> Matched:
        """Where each declared column stands, and which columns nobody declared."""

    def pieces(self) -> Iterator[Piece]:
        """Yield the records, each in exactly one piece."""

    def certain_kinds(self) -> frozenset[str]:
        """Return the declared columns whose type in the delivery says that their values can be read."""


@dataclass(frozen=True)
class Task:
    """What a delivery is called, what it has to keep, and where it goes: another process can be asked."""

    name: str
    contract: Contract
    aside: Aside
    footer: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What became of the records of a delivery, which now stand aside."""

    n_records: int
    n_rejected: int
    extra_columns: tuple[str, ...]
    certain_kinds: frozenset[str]

    def to_json(self) -> dict[str, Any]:
        """Return the counts and names as JSON knows them."""
        return {
            "n_records": self.n_records,
            "n_rejected": self.n_rejected,
            "extra_columns": list(self.extra_columns),
            "certain_kinds": sorted(self.certain_kinds),
        }

    @classmethod
    def from_json(cls, given: Any) -> Self:  # noqa: ANN401  whatever came
        """Return what another process told; ValueError when that is not a reading at all."""
        counts = [given[name] for name in ("n_records", "n_rejected")]
        names = [given[name] for name in ("extra_columns", "certain_kinds")]
        are_counts = all(type(count) is int and count >= 0 for count in counts)
        are_names = all(isinstance(name, str) for listed in names for name in listed)
        if not (are_counts and are_names):
            raise ValueError
        return cls(counts[0], counts[1], tuple(names[0]), frozenset(names[1]))


def read(reader: Reader, task: Task, after_piece: Callable[[], None] = lambda: None) -> Reading:
    """Write all records of a delivery aside.

    Raises
    ------
    DeliveryError
        When the delivery cannot be read to its end, or has a column of BSNs.
    OSError
        When the disk refuses what is written.
    """
    refuse_named([*(field.header for field in task.contract.fields), *reader.columns.extra], task.name)
    columns = [field.name for field in task.contract.fields]
    with Writer(task.aside, columns) as writer, ThreadPoolExecutor(max_workers=1) as writing:
        written = writing.submit(lambda: None)
        for piece in _pieces(reader, task.name):  # one is written while the next is read
            written.result()
            written = writing.submit(writer.add, piece)
            after_piece()
        written.result()
        writer.close(task.footer, reader.columns.extra)
    return Reading(writer.n_records, writer.n_rejected, reader.columns.extra, reader.certain_kinds())


def unreadable(name: str, error: OSError) -> DeliveryError:
    """Return the error of a file that the system does not let us read."""
    return DeliveryError(
        f"{name} cannot be read: {error.strerror or type(error).__name__}",
        expected="a file that stays where it is, and that this user may read",
        todo="see whether the file and its disk are still there, then run again",
    )


def _pieces(reader: Reader, name: str) -> Iterator[Piece]:
    try:
        yield from reader.pieces()
    except OSError as error:
        raise unreadable(name, error) from None
