"""Elke nacht: from what was delivered up to and including a date to profiles."""

from datetime import date

import klantprofiel as kp

project = kp.find_project(__file__)
crm, webshop, winkels = (project.schema(name) for name in ("crm", "webshop", "winkels"))

FILES = {
    "klanten.csv": crm.CrmCustomers,
    "toestemmingen.csv": crm.CrmConsents,
    "webaccounts.parquet": webshop.WebAccounts,
    "webbestellingen.parquet": webshop.WebOrders,
    "producten.parquet": webshop.WebProducts,
    "kassabonnen.csv": winkels.TillReceipts,
    "winkels.csv": winkels.TillStores,
}


def main(warehouse: kp.Warehouse, as_of: date) -> None:
    """Take in what was delivered, and make the profiles as of that date."""
    with warehouse.run("nightly", as_of=as_of) as run:  # all tables are published, or none
        kp.ingest(run, delivered(as_of))
        kp.validate(run)  # the contracts in schemas/ say how much may be quarantined
        kp.unify(run)
        kp.build_profiles(run)


def delivered(as_of: date) -> list[kp.Delivery]:
    """Return the deliveries of every day up to and including `as_of`, oldest first."""
    days = sorted(project.path("leveringen").glob("????-??-??"))
    return [
        kp.Delivery(table=table, path=day / name)
        for day in days
        if date.fromisoformat(day.name) <= as_of
        for name, table in FILES.items()
        if (day / name).exists()  # a system without news delivers nothing
    ]
