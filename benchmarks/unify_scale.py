"""Customer files of any size: those of the demo company without its purchases, the last of them held back.

Households, namesakes, name-derived e-mail addresses, shared mailboxes and second numbers grow with the number
of persons; typing errors, other notations, gaps and placeholders are those of the demo company. Its 135
surnames do for a small town and not for a million people, so 1,600 composed ones carry the bearers that the
fifty counted ones leave. Nothing is made that judging would refuse, so that every record is linked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import numpy as np
import pyarrow.compute as pc
from benchmarks.unify_data import customer_tables

import klantprofiel as kp
from klantprofiel.demo.dated import Calendar
from klantprofiel.demo.deliveries import SOURCES
from klantprofiel.demo.draws import read_list
from klantprofiel.demo.habits import make_habits
from klantprofiel.demo.people import make_people
from klantprofiel.demo.registrations import make_registrations
from klantprofiel.demo.world import World
from klantprofiel.demo.writers import ready

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from klantprofiel.demo.registrations import Registrations

RECORDS_PER_PERSON: Final = 1.393
HELD_BACK: Final = 0.01  # of the records, for the run after the first
SEED: Final = 1
PARTS: Final = ("first", "later")
POPULATION: Final = 17_500_000
FRONTS: Final = (
    "Hooge Zand Water Berg Bos Brink Dijk Eiken Groen Heide Hof Kamp Kerk Klooster Koren Land Linden Maas "
    "Meer Molen Noord Oost Ooster Polder Rijn Roos Schil Schoon Steen Veen Veld Vliet Wester Wilgen Winter "
    "Zee Zomer Zuid Zwart Duin"
)
BACKS: Final = (
    "huis veld kamp dijk berg man stra sma ma ink ing meijer brink hof laar beek bos haar horst hoek kerk "
    "koop mans meer molen oord poel rode schot stein straten veen ven voort waard water weg wijk zee zicht"
)
FILES: Final[dict[str, Callable[[World], Registrations]]] = {
    "klanten.csv": lambda world: world.crm,
    "webaccounts.parquet": lambda world: world.webshop,
}


def write(work: Path, n_records: int) -> None:
    """Write the files of about so many records, per part, and who is who as truth.parquet."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who writes needs it
    import pyarrow.parquet as pq  # noqa: PLC0415  the same

    world = _registers(round(n_records / (1 - HELD_BACK) / RECORDS_PER_PERSON))
    rng = np.random.default_rng(SEED)
    truths = []
    for source in SOURCES:
        if source.name not in FILES:
            continue
        rows, registered = source.make(world).rows, FILES[source.name](world)
        is_later = rng.random(len(rows)) < HELD_BACK
        for part, mask in zip(PARTS, (~is_later, is_later), strict=True):
            chosen = rows.filter(pa.array(mask))
            (work / part).mkdir(exist_ok=True)
            ready(chosen, source.name, source.encoding).write(0, len(chosen), work / part / source.name)
        records = pc.binary_join_element_wise(registered.source, registered.number, "/")
        truths.append(pa.table({"record_id": records, "person": pa.array(registered.person)}))
    pq.write_table(pa.concat_tables(truths), work / "truth.parquet")


def deliveries(work: Path, part: str) -> list[kp.Delivery]:
    """Return the deliveries of a part: `first` or `later`."""
    return [kp.Delivery(table, work / part / name) for name, table in customer_tables().items()]


def _registers(customers: int) -> World:
    with patch("klantprofiel.demo.people.read_list", _with_more_surnames):
        people = make_people(customers, SEED)
    habits = make_habits(people.kind, SEED)
    crm, webshop = make_registrations(habits, SEED)
    none: Any = None  # nobody buys anything
    return World(SEED, Calendar(0), people, habits, crm, webshop, none, none, none)


def _with_more_surnames(name: str) -> dict[str, tuple[str, ...]]:
    """Return a list of the demo company; that of surnames with the composed ones, as common as names go."""
    listed = read_list(name)
    if name != "surnames":
        return listed
    composed = tuple(front + back for front in FRONTS.split() for back in BACKS.split())
    shares = 1 / np.arange(20, 20 + len(composed))
    bearers = shares / shares.sum() * (POPULATION - sum(map(int, listed["bearers"])))
    more = {"surname": composed, "bearers": tuple(map(str, np.round(bearers).astype(int)))}
    return {header: values + more.get(header, ("",) * len(composed)) for header, values in listed.items()}
