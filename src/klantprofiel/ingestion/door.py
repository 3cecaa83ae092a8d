"""The door of the room: deliveries are held against their contract and landed, each once."""

from __future__ import annotations

import contextlib
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from klantprofiel.display.progress import working
from klantprofiel.errors import DeclarationError, DeliveryError, KlantprofielError
from klantprofiel.ingestion.arrival import Arrival, arrivals
from klantprofiel.ingestion.bsn_values import FEWEST_VALUES, refuse_values
from klantprofiel.ingestion.glance import MOST_BYTES, MOST_FILES, Small, beyond_doubt
from klantprofiel.ingestion.land import Land
from klantprofiel.ingestion.places import Place
from klantprofiel.ingestion.process.readers import Readers
from klantprofiel.ingestion.readable import Landed, check_kinds, sample_step
from klantprofiel.ingestion.reading import read
from klantprofiel.ingestion.result import Ingested, TakenIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from klantprofiel.ingestion.delivery import Delivery
    from klantprofiel.ingestion.landing import Landing
    from klantprofiel.ingestion.reading import Reading
    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

Key: TypeAlias = tuple[str, str]  # the name of a table, and the hash of what was delivered for it
Begun: TypeAlias = "dict[Key, tuple[Landing, Callable[[], Reading]]]"

_NO_NUMBERS: Final = frozenset({"DATE", "TIMESTAMP", "BOOLEAN"})  # what a number cannot be read as


def ingest(run: Run, deliveries: Iterable[Delivery]) -> Ingested:
    r"""Land the delivered files, each as the text that it holds; the same bytes for the same table land once.

    The tables of the deliveries are declared for the rest of the run. Nothing is sniffed: dialect and columns
    are those of the declaration. Records that cannot be read at all land too, for quarantine.

    Parameters
    ----------
    run
        The run that builds the next release.
    deliveries
        What came in: files, folders, patterns and frames.

    Files are read in a process of their own, with a limit on memory and time: what a file does to its reader
    stays there. Columns that nobody declared are kept aside.

    Returns
    -------
    Ingested
        One row per file or frame: new or known, and how many records it holds.

    Raises
    ------
    DeliveryError
        When a file is not there, cannot be read within the limits, lacks a column, has one of another kind or
        one of citizen service numbers; of that file nothing has landed then.
    ConfigurationError
        When a delivery is of a later day than the run.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory, "winkels.csv")
    ...     _ = file.write_text("shop_id\n1\n2\n")
    ...     with Warehouse(directory + "/klanten").run("nightly", datetime.date(2026, 10, 1)) as run:
    ...         ingested = ingest(run, [Delivery(Shops, file)])
    >>> [(taken.file_name, taken.is_new, taken.n_records) for taken in ingested.taken_in]
    [('winkels.csv', True, 2)]
    """
    deliveries = list(deliveries)
    for delivery in deliveries:
        _declare(run, delivery.table)
    arrived = [arrival for delivery in deliveries for arrival in arrivals(run, delivery)]
    known = _known(run, arrived)
    new: dict[Key, Arrival] = {}
    for arrival in arrived:
        if arrival.key not in known:
            new.setdefault(arrival.key, arrival)  # the first of two that are the same
    taken_in = []
    with _begun(run, list(new.values())) as begun:
        clear = _Clear(run, begun, list(new.values()))
        for arrival in arrived:
            if arrival.key in known:
                taken = _known_already(arrival, *known[arrival.key])
            else:
                taken = _take_in(run, arrival, *begun[arrival.key], is_clear=clear.knows(arrival))
                known[arrival.key] = (arrival.name, taken.n_records)
            if taken.is_new or taken.known_as:
                _offer(run, arrival)
            taken_in.append(taken)
    return Ingested(tuple(taken_in))


def _declare(run: Run, table: type[Table]) -> None:
    known = run.declarations.setdefault(table.name, table)
    if known is not table:
        raise DeclarationError(
            f"{known.__qualname__} and {table.__qualname__} both declare the table {table.name}",
            expected="one declaration per table, used for all its deliveries",
            todo="give one of them another name",
        )


def _known(run: Run, arrived: Sequence[Arrival]) -> dict[Key, tuple[str, int]]:
    """Return name and number of records of the deliveries that landed before this call."""
    known = {}
    if run.has("batches"):
        rows = run.rows("select table_name, sha256, file_name, n_records from batches")
        known = {(table, sha256): (name, n_records) for table, sha256, name, n_records in rows}
    for arrival in arrived:
        land = Land(run.land, arrival.table.name)
        if arrival.key not in known and land.has(arrival.sha256):
            batch = land.batch(arrival.sha256)
            known[arrival.key] = (batch.file_name, batch.n_records)
    return known


def _offer(run: Run, arrival: Arrival) -> None:
    """Tell the run of what day this delivery is; a known one under its own name is no delivery of today."""
    latest = run.offered.get(arrival.table.name, arrival.delivered_on)
    run.offered[arrival.table.name] = max(latest, arrival.delivered_on)


@contextlib.contextmanager
def _begun(run: Run, new: Sequence[Arrival]) -> Iterator[Begun]:
    """Have new deliveries written aside, files by other processes; at the end nothing is left aside."""
    with contextlib.ExitStack() as stack:
        advance = stack.enter_context(working("Leveringen lezen", sum(arrival.n_bytes for arrival in new)))
        landings = {arrival.key: stack.enter_context(arrival.landing(run)) for arrival in new}
        readers = stack.enter_context(Readers(sum(isinstance(arrival.origin, Place) for arrival in new)))
        begun: Begun = {}
        for arrival in new:
            task = arrival.task(run, landings[arrival.key])
            if isinstance(arrival.origin, Place):
                reading = readers.read(arrival.origin.path, task, arrival.n_bytes, advance).result
            else:
                reading = partial(read, arrival.origin, task)
            begun[arrival.key] = (landings[arrival.key], reading)
        yield begun


class _Clear:
    """Knows which small files are beyond doubt, looking at some of them at once when the first has its turn.

    A file that cannot be read ends the look: its error is for its own turn, after those before it landed.
    """

    def __init__(self, run: Run, begun: Begun, new: Sequence[Arrival]) -> None:
        self._run = run
        self._begun = begun
        self._waiting = deque(new)
        self._clear: set[Key] = set()

    def knows(self, arrival: Arrival) -> bool:
        """Whether this delivery, the next new one, needs no judgement of its own."""
        if self._waiting and self._waiting[0].key == arrival.key:
            self._look()
        return arrival.key in self._clear

    def _look(self) -> None:
        first = self._waiting.popleft()
        together = [first]
        while self._waiting and len(together) < MOST_FILES and _are_alike(first, self._waiting[0]):
            together.append(self._waiting.popleft())
        small: dict[Path, tuple[Key, Small]] = {}
        for arrival in together if len(together) > 1 else ():
            landing, reading = self._begun[arrival.key]
            try:
                counts = reading()
            except (KlantprofielError, OSError):
                break
            if not counts.extra_columns:
                path = landing.aside.records
                kept = Small(arrival.table, arrival.dialect, path, counts.n_records, counts.certain_kinds)
                small[path] = arrival.key, kept
        files = [each for _, each in small.values()]
        clear = beyond_doubt(self._run, files, tuple(_may_hold_numbers(first.table)))
        self._clear |= {small[path][0] for path in clear}


def _are_alike(one: Arrival, other: Arrival) -> bool:
    """Whether two deliveries are small files of one table, which can be looked at together."""
    are_files = isinstance(one.origin, Place) and isinstance(other.origin, Place)
    return are_files and one.table is other.table and max(one.n_bytes, other.n_bytes) <= MOST_BYTES


def _take_in(
    run: Run, arrival: Arrival, landing: Landing, reading: Callable[[], Reading], *, is_clear: bool
) -> TakenIn:
    """Judge what was read as a whole, and put it in place."""
    counts = reading()
    landed = Landed(landing.aside.records, counts.n_records, arrival.dialect)
    if not is_clear:
        check_kinds(run, landed, arrival.table, arrival.name, besides=counts.certain_kinds)
        _refuse_citizen_numbers(run, arrival, landing, counts)
    if isinstance(arrival.origin, Place) and arrival.origin.has_changed():
        raise DeliveryError(
            f"{arrival.name} changed while it was read",
            expected="a file that is whole before it is delivered",
            todo="have it written under another name and renamed when it is whole, then run again",
        )
    landing.settle()
    return TakenIn(
        arrival.table.name,
        arrival.name,
        is_new=True,
        n_records=counts.n_records,
        n_rejected=counts.n_rejected,
        extra_columns=counts.extra_columns,
    )


def _refuse_citizen_numbers(run: Run, arrival: Arrival, landing: Landing, counts: Reading) -> None:
    if counts.n_records < FEWEST_VALUES:
        return
    step = sample_step(counts.n_records)
    refuse_values(run, landing.aside.records, _may_hold_numbers(arrival.table), step, arrival.name)
    if landing.aside.extra.exists():
        extra = {header: header for header in counts.extra_columns}
        refuse_values(run, landing.aside.extra, extra, step, arrival.name)


def _may_hold_numbers(table: type[Table]) -> dict[str, str]:
    """Return the header of each column that could hold citizen service numbers, by its name."""
    columns = table.columns.items()
    return {name: column.header for name, column in columns if column.sql_type not in _NO_NUMBERS}


def _known_already(arrival: Arrival, name: str, n_records: int) -> TakenIn:
    return TakenIn(
        arrival.table.name,
        arrival.name,
        is_new=False,
        n_records=n_records,
        known_as="" if name == arrival.name else name,
    )
