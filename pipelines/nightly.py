"""Elke nacht: from what was delivered up to and including a date to profiles."""

from datetime import date
from pathlib import Path

import klantprofiel as kp

project = kp.find_project(__file__)
crm, webshop, winkels, service, onderzoek, marketing, zakelijk, gebieden = (
    project.schema(name)
    for name in ("crm", "webshop", "winkels", "service", "onderzoek", "marketing", "zakelijk", "gebieden")
)

FILES = {
    "klanten.csv": crm.CrmCustomers,
    "toestemmingen.csv": crm.CrmConsents,
    "webaccounts.parquet": webshop.WebAccounts,
    "webbestellingen.parquet": webshop.WebOrders,
    "producten.parquet": webshop.WebProducts,
    "kassabonnen.csv": winkels.TillReceipts,
    "winkels.csv": winkels.TillStores,
    "klantcontacten.jsonl": service.ServiceContacts,
    "reviews.jsonl": service.WebReviews,
    "onderzoek.xlsx": onderzoek.SurveyResponses,
    "vragen.csv": onderzoek.SurveyItems,
    "toezeggingen.csv": marketing.CrmPromises,
    "abonnementen.csv": marketing.CrmSubscriptions,
    "abonnementsvormen.csv": marketing.CrmSubscriptionPlans,
    "campagnes.csv": marketing.CrmCampaignContacts,
    "zakelijke_klanten.csv": zakelijk.CompanyCustomers,
    "zakelijke_bestellingen.csv": zakelijk.CompanyOrders,
}


def main(warehouse: kp.Warehouse, as_of: date) -> None:
    """Take in what was delivered, and make the profiles as of that date."""
    with warehouse.run("nightly", as_of=as_of) as run:  # all tables are published, or none
        kp.ingest(run, delivered(as_of))
        kp.validate(run)  # the contracts in schemas/ say how much may be quarantined
        kp.unify(run)
        kp.build_profiles(run)


def delivered(as_of: date) -> list[kp.Delivery]:
    """Return the deliveries of every day up to and including `as_of`, oldest first, and the list of areas."""
    days = {
        date.fromisoformat(folder.name): folder for folder in project.path("leveringen").glob("????-??-??")
    }
    files = [
        kp.Delivery(table=table, path=file, delivered_on=day)
        for day, folder in sorted(days.items())
        if day <= as_of
        for name, table in FILES.items()
        for file in files_of(folder, name)
    ]
    return [kp.Delivery(gebieden.Pc4Areas, project.path("schemas/reference/pc4_fictief.csv")), *files]


def files_of(folder: Path, name: str) -> list[Path]:
    """Return a system's files of one day, none without news; one that is late has its day in its name."""
    stem, _, suffix = name.rpartition(".")
    late = sorted(folder.glob(f"{stem}_????-??-??.{suffix}"))
    return [*late, folder / name] if (folder / name).exists() else late
