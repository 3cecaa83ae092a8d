"""The files that the company's systems deliver each night: every file of every delivery, dirt and all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo import dirt, purchase_files, registers
from klantprofiel.demo.company import DELIVERY_DAYS, FIRST_DAY, delivery_of
from klantprofiel.demo.consents import make_consents
from klantprofiel.demo.draws import stream

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.demo.dirt import Stain
    from klantprofiel.demo.draws import Ints
    from klantprofiel.demo.registers import Frame
    from klantprofiel.demo.world import World

CUSTOMERS: Final = "klanten.csv"
CONSENTS: Final = "toestemmingen.csv"
ACCOUNTS: Final = "webaccounts.parquet"
WEB_ORDERS: Final = "webbestellingen.parquet"
RECEIPTS: Final = "kassabonnen.csv"
PRODUCTS: Final = "producten.parquet"
STORES: Final = "winkels.csv"
STAINS: Final[dict[str, tuple[Stain, ...]]] = {
    CUSTOMERS: dirt.DIRTY_CRM,
    CONSENTS: dirt.DIRTY_CONSENTS,
    ACCOUNTS: dirt.DIRTY_ACCOUNTS,
    WEB_ORDERS: dirt.DIRTY_WEB_ORDERS,
    RECEIPTS: dirt.DIRTY_RECEIPTS,
}


@dataclass(frozen=True)
class DeliveredFile:
    """One file of one delivery before it is written; `stained` tells which of its rows are dirt."""

    delivered_on: date
    name: str
    rows: Frame
    stained: Frame

    @property
    def path(self) -> Path:
        """Where it goes, relative to the project."""
        return Path("leveringen", self.delivered_on.isoformat(), self.name)


def make_deliveries(world: World) -> list[DeliveredFile]:
    """Return every file of every delivery, in the order of time; a system without news delivers nothing."""
    made = []
    daily = _daily_rows(world)
    for number, day in enumerate(DELIVERY_DAYS):
        batches = {
            name: table.filter(pa.array(delivery == number)) for name, (table, delivery) in daily.items()
        }
        if number:
            changed = _changes(world, daily[CUSTOMERS][0], number)
            batches[CUSTOMERS] = pa.concat_tables([batches[CUSTOMERS], changed])
        made += [_soiled(world.seed, day, name, rows) for name, rows in batches.items()]
        made += [
            DeliveredFile(day, name, rows, _nothing())
            for name, rows in _reference_rows(world, number).items()
        ]
    return [file for file in made if file.rows.num_rows]


def _daily_rows(world: World) -> dict[str, tuple[Frame, Ints]]:
    """Return for each file all its rows, and the number of the delivery that holds each of them."""
    consents, said_on = make_consents(world.habits, world.crm, world.seed)
    accounts = registers.webshop_accounts(world.people, world.webshop, world.in_crm, world.seed)
    online = world.is_online
    return {
        CUSTOMERS: (
            registers.crm_customers(world.people, world.crm, world.seed),
            delivery_of(world.crm.start),
        ),
        CONSENTS: (consents, delivery_of(said_on)),
        ACCOUNTS: (accounts, delivery_of(world.webshop.start)),
        WEB_ORDERS: (purchase_files.web_orders(world), world.lines.delivery[online]),
        RECEIPTS: (purchase_files.receipts(world), world.lines.delivery[~online]),
    }


def _changes(world: World, customers: Frame, number: int) -> Frame:
    """Return the CRM records that changed on the day before this delivery."""
    day = (DELIVERY_DAYS[number] - FIRST_DAY).days - 1
    return registers.changed_customers(world.people, world.crm, customers, day, world.seed)


def _reference_rows(world: World, number: int) -> dict[str, Frame]:
    if number == 0:
        return {PRODUCTS: purchase_files.products(world.assortment), STORES: purchase_files.stores()}
    if number == len(DELIVERY_DAYS) - 1:
        return {PRODUCTS: purchase_files.repriced_products(world.assortment, world.seed)}
    return {}


def _soiled(seed: int, day: date, name: str, rows: Frame) -> DeliveredFile:
    table, stained = dirt.plant(stream(seed, f"dirt in {name} of {day}"), rows, STAINS[name])
    return DeliveredFile(day, name, table, stained)


def _nothing() -> Frame:
    return dirt.plant(np.random.default_rng(0), pa.table({}), ())[1]
