"""The files that the company's systems deliver: which there are, and how the rows are cut into nights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo import (
    business,
    campaigns,
    dirt,
    promises,
    purchase_files,
    registers,
    reviews,
    service,
    subscriptions,
    survey,
)
from klantprofiel.demo.consents import make_consents
from klantprofiel.demo.draws import stream
from klantprofiel.demo.files import AGAIN, DELIVERIES, ON_TIME, TOO_LATE, GeneratedFile
from klantprofiel.demo.writers import ready

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from klantprofiel.demo.dated import Calendar, Dated, Frame
    from klantprofiel.demo.dirt import Stain
    from klantprofiel.demo.draws import Ints
    from klantprofiel.demo.world import World

LATE: Final = 0.02  # share of the days whose file comes a day later, beside that day's own
REPEATED: Final = 0.02  # share of the days whose file comes again a day later, to the byte the same
QUIET_NIGHTS: Final = 3  # at the end: on these every file comes on time and once


@dataclass(frozen=True)
class Source:
    """One system: the name of its files, what makes their rows, and what goes wrong in them."""

    name: str
    make: Callable[[World], Dated]
    stains: tuple[Stain, ...] = ()  # none for the company's own lists
    encoding: str = "utf-8"
    is_sometimes_late: bool = False
    is_sometimes_repeated: bool = False


SOURCES: Final = (
    Source(
        "klanten.csv",
        registers.crm_customers,
        dirt.DIRTY_CRM,
        encoding="cp1252",
        is_sometimes_repeated=True,
    ),
    Source("toestemmingen.csv", make_consents, dirt.DIRTY_CONSENTS),
    Source("webaccounts.parquet", registers.webshop_accounts, dirt.DIRTY_ACCOUNTS),
    Source(
        "webbestellingen.parquet",
        purchase_files.web_orders,
        dirt.DIRTY_WEB_ORDERS,
        is_sometimes_repeated=True,
    ),
    Source("producten.parquet", purchase_files.products),
    Source("kassabonnen.csv", purchase_files.receipts, dirt.DIRTY_RECEIPTS, is_sometimes_late=True),
    Source("winkels.csv", purchase_files.stores),
    Source("klantcontacten.jsonl", service.make_contacts, service.STAINS, is_sometimes_late=True),
    Source("reviews.jsonl", reviews.make_reviews, reviews.STAINS),
    Source("onderzoek.xlsx", survey.make_survey, survey.STAINS),
    Source("vragen.csv", survey.make_items),
    Source("toezeggingen.csv", promises.make_promises, promises.STAINS),
    Source("abonnementen.csv", subscriptions.make_subscriptions, subscriptions.STAINS),
    Source("abonnementsvormen.csv", subscriptions.make_plans),
    Source("campagnes.csv", campaigns.make_campaign_contacts, campaigns.STAINS),
    Source("zakelijke_klanten.csv", business.make_companies, business.STAINS),
    Source("zakelijke_bestellingen.csv", business.make_company_orders, business.ORDER_STAINS),
)


def deliver(world: World, source: Source, root: Path) -> tuple[list[GeneratedFile], Frame]:
    """Write every file of one source under `root`; return the files, and which of their rows are dirt.

    A day without news has no file. The second table has one row per dirty row: file, record in it, kind and
    column.
    """
    dated = source.make(world)
    delivery = dated.day.astype(np.int16)
    order = np.argsort(delivery, kind="stable")  # of so short numbers, numpy sorts by radix
    rows = dated.rows if (order[1:] > order[:-1]).all() else dated.rows.take(pa.array(order))
    nights = world.calendar.delivery_days
    size = np.bincount(delivery, minlength=len(nights))
    starts = np.append(0, np.cumsum(size))
    rows, stained = dirt.plant(stream(world.seed, f"dirt in {source.name}"), rows, starts, source.stains)
    n_dirty = np.bincount(stained["file"].to_numpy(), minlength=len(nights))
    late, again = _late_and_again(world.seed, world.calendar, source, size)
    written, files, paths = ready(rows, source.name, source.encoding), [], []
    for number in range(len(nights)):
        paths.append(_path(nights, source.name, number, later=number in late))
        if not size[number]:
            continue
        (root / paths[-1]).parent.mkdir(parents=True, exist_ok=True)
        written.write(int(starts[number]), int(starts[number + 1]), root / paths[-1])
        counts = int(size[number]), int(n_dirty[number])
        arrived = nights[number + 1] if number in late else nights[number]
        manner = TOO_LATE if number in late else ON_TIME
        files.append(GeneratedFile(source.name, arrived, paths[-1], nights[number], manner, *counts))
        if number in again:
            copy = _path(nights, source.name, number, later=True)
            (root / copy).parent.mkdir(parents=True, exist_ok=True)
            (root / copy).write_bytes((root / paths[-1]).read_bytes())
            files.append(GeneratedFile(source.name, nights[number + 1], copy, nights[number], AGAIN, *counts))
    return files, _with_paths(stained, paths)


def _late_and_again(
    seed: int, calendar: Calendar, source: Source, size: Ints
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the deliveries whose file comes a day too late, and those whose file comes again a day later."""
    rng = stream(seed, f"late {source.name}")
    numbers = np.arange(1, max(calendar.days - QUIET_NIGHTS, 1))
    drawn = rng.permutation(numbers[size[numbers] > 0])
    n_late = int(np.ceil(LATE * len(drawn))) if source.is_sometimes_late else 0
    n_again = int(np.ceil(REPEATED * len(drawn))) if source.is_sometimes_repeated else 0
    return frozenset(drawn[:n_late].tolist()), frozenset(drawn[n_late:][:n_again].tolist())


def _path(nights: tuple[date, ...], name: str, number: int, *, later: bool) -> Path:
    """Return the path of a file; one that comes a day later has the day whose news it holds in its name."""
    if not later:
        return Path(DELIVERIES, nights[number].isoformat(), name)
    stem, _, suffix = name.rpartition(".")
    return Path(DELIVERIES, nights[number + 1].isoformat(), f"{stem}_{nights[number]}.{suffix}")


def _with_paths(stained: Frame, paths: list[Path]) -> Frame:
    names = pa.array([path.as_posix() for path in paths], pa.string())
    return stained.set_column(0, "file", names.take(stained["file"].combine_chunks()))
