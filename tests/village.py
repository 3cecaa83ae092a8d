"""One small village of customers, written by hand, each there for a reason; journeys are about its people.

The reason stands beside each. Deliveries are CSV files of two sources: the CRM knows the village best, the
web shop knows some of them under its own account numbers.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery

if TYPE_CHECKING:
    from pathlib import Path

FIRST_DAY = date(2026, 9, 1)
SECOND_DAY = date(2026, 9, 2)

CRM = """klantnr;voornaam;tussenvoegsel;achternaam;geboren;email;telefoon;kaart;postcode;huisnr;gewijzigd
1;Anna;de;Vries;02-03-1980;anna@example.nl;0201230001;;1011AB;1;01-08-2026
2;Bert;;Jansen;04-05-1975;bert@example.nl;0201230002;;1011AB;2;01-08-2026
3;Carla;van den;Berg;06-07-1990;carla.crm@example.nl;0201230003;;3511AB;3;01-08-2026
4;Dirk;;Bakker;08-09-1985;dirk.crm@example.nl;0201230004;K-77;3511AB;4;01-08-2026
5;Els;;Mulder;10-11-1970;els@example.nl;0201230005;;9711AB;5;01-08-2026
6;Frits;;Mulder;12-12-1968;frits@example.nl;0201230005;;9711AB;5;01-08-2026
7;Gerda;;Smit;01-02-1960;info@example.nl;;;9711AB;7;01-08-2026
8;Henk;;Visser;03-04-1955;info@example.nl;;;9711AB;8;01-08-2026
9;Ilse;;Meijer;05-06-1995;ilse@example.nl;0201230009;;6211AB;9;01-08-2026
10;Jan;;Bos;07-08-1982;jan@example.nl;0201230010;;6211AB;10;01-08-2026
11;Kees;;Vos;09-10-1977;kees@example.nl;0201230011;;6211AB;11;01-08-2026
12;Loes;;Kok;31-02-1988;loes@example.nl;0201230012;;6211AB;12;01-08-2026
"""
REASONS = {
    "1": "an ordinary customer who said yes to the newsletter",
    "2": "has a web account with the same e-mail address in capitals",
    "3": "has a web account with another e-mail address, and the same phone and surname written otherwise",
    "4": "has a web account that shares only the loyalty number",
    "5": "shares phone and surname with her husband",
    "6": "shares phone and surname with his wife",
    "7": "left a shared mailbox as e-mail address",
    "8": "left the same shared mailbox",
    "9": "said yes to the newsletter, and no on the second day",
    "10": "objects to being segmented",
    "11": "never ordered anything",
    "12": "has a birth date that does not exist: her row is quarantined, her orders count",
    "99": "is known from orders only",
}

ACCOUNTS = """account;naam;email;telefoon;kaart
a2;Jansen;BERT@Example.NL;;
a3;VAN DEN BERG;carla@example.com;+31 20 123 0003;
a4;Bakker;dirk@example.com;;k-77
"""

ORDERS = """order;regel;klantnr;besteld;artikel;aantal;bedrag;korting;retour
o1;1;1;01-07-2026 10:00:00;p1;1;10,00;0,00;N
o2;1;1;01-08-2026 10:00:00;p2;2;20,50;1,50;N
o2;2;1;01-08-2026 10:00:00;p1;1;-10,00;0,00;J
o3;1;2;15-03-2026 12:00:00;p1;1;99,95;0,00;N
o4;1;3;20-08-2026 09:00:00;p2;1;15,00;0,00;N
o5;1;9;21-08-2026 09:00:00;p1;3;45,00;5,00;N
o6;1;10;22-08-2026 09:00:00;p1;1;12,00;0,00;N
o7;1;12;23-08-2026 09:00:00;p2;1;8,00;0,00;N
o8;1;99;24-08-2026 09:00:00;p1;1;30,00;0,00;N
"""

CONSENTS = """klantnr;doel;kanaal;op;status
1;nieuwsbrief;email;01-08-2026 09:00:00;ja
2;nieuwsbrief;email;01-08-2026 09:00:00;ja
9;nieuwsbrief;email;01-08-2026 09:00:00;ja
10;segmentatie;analysis;01-08-2026 09:00:00;bezwaar
10;nieuwsbrief;email;01-08-2026 09:00:00;ja
"""
CONSENTS_SECOND_DAY = """klantnr;doel;kanaal;op;status
9;nieuwsbrief;email;02-09-2026 09:00:00;nee
"""

PURPOSES = """purposes:
  segmentatie:
    label: Segmentatie
    description: Groepen van klanten onderscheiden.
    channels:
      analysis: {ground: legitimate_interest}
  nieuwsbrief:
    label: Nieuwsbrief
    description: Wekelijkse nieuwsbrief.
    channels:
      email: {ground: consent}
"""


class VillageCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten uit het CRM: one row per customer."""

    source = "crm"
    rank = 1
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.2)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    given_name = s.GivenName(label="Voornaam", source="voornaam", nullable=True)
    surname_prefix = s.SurnamePrefix(label="Tussenvoegsel", source="tussenvoegsel", nullable=True)
    surname = s.Surname(label="Achternaam", source="achternaam")
    birth_date = s.BirthDate(label="Geboortedatum", source="geboren", nullable=True)
    email = s.Email(label="E-mailadres", nullable=True)
    phone = s.Phone(label="Telefoon", source="telefoon", nullable=True)
    loyalty_number = s.IdNumber(label="Klantenkaart", source="kaart", nullable=True)
    postal_code = s.PostalCode(label="Postcode", source="postcode", nullable=True)
    house_number = s.HouseNumber(label="Huisnummer", source="huisnr", nullable=True)
    updated_on = s.Date(label="Gewijzigd op", source="gewijzigd")


class VillageAccounts(s.CustomerTable, maps_to=s.canonical.Customers):
    """Accounts van de webwinkel: one row per account."""

    source = "webshop"
    rank = 2
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    customer_id = s.Text(label="Account", source="account", key=True)
    surname = s.Surname(label="Naam", source="naam", nullable=True)
    email = s.Email(label="E-mailadres", nullable=True)
    phone = s.Phone(label="Telefoon", source="telefoon", nullable=True)
    loyalty_number = s.IdNumber(label="Klantenkaart", source="kaart", nullable=True)


class VillageOrders(s.EventTable, maps_to=s.canonical.Orders):
    """Bestellingen: one row per order line."""

    customers_of = "crm"
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    order_id = s.Text(label="Bestelnummer", source="order", key=True)
    line_id = s.Text(label="Regel", source="regel", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr", nullable=True)
    ordered_at = s.Timestamp(label="Besteld op", source="besteld")
    product_id = s.Text(label="Artikel", source="artikel", nullable=True)
    quantity = s.Integer(label="Aantal", source="aantal", minimum=1)
    amount_eur = s.Amount(label="Bedrag", source="bedrag", unit="EUR")
    discount_eur = s.Amount(label="Korting", source="korting", unit="EUR", nullable=True)
    is_return = s.Flag(label="Retour", source="retour", values={"J": True, "N": False})


class VillageConsents(s.EventTable, maps_to=s.canonical.Consents):
    """Toestemmingen: one row per statement."""

    customers_of = "crm"
    purpose = "verantwoording"
    retention = s.years(7)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    consent_purpose = s.Text(label="Doel", source="doel", name="purpose", key=True)
    channel = s.Text(label="Kanaal", source="kanaal", key=True)
    stated_at = s.Timestamp(label="Verklaard op", source="op", key=True)
    status = s.Choice(
        label="Status", key=True, values={"ja": "given", "nee": "withdrawn", "bezwaar": "objected"}
    )


def deliveries(inbox: Path, day: date = FIRST_DAY) -> list[Delivery]:
    """Write what the sources deliver until `day` into `inbox`, and say which file is which table."""
    files = [
        ("klanten.csv", CRM, VillageCustomers),
        ("accounts.csv", ACCOUNTS, VillageAccounts),
        ("orders.csv", ORDERS, VillageOrders),
        ("toestemmingen.csv", CONSENTS, VillageConsents),
    ]
    if day >= SECOND_DAY:
        files.append(("toestemmingen-2.csv", CONSENTS_SECOND_DAY, VillageConsents))
    inbox.mkdir(exist_ok=True)
    for name, text, _ in files:
        (inbox / name).write_text(text, encoding="utf-8")
    return [Delivery(table, inbox / name) for name, _, table in files]
