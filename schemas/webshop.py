"""Wat de webshop elke nacht levert: accounts, bestelregels en het assortiment."""

from klantprofiel import schema as s

PARQUET = s.Parquet(zone="UTC")


class WebAccounts(s.CustomerTable, maps_to=s.canonical.Customers):
    """Accounts van de webshop: one row per account, new ones daily."""

    source = "webshop"
    rank = 2
    dialect = PARQUET
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    customer_id = s.Text(label="Accountnummer", source="accountnr", key=True, pattern="W[0-9]{7}")
    email = s.Email(label="E-mailadres", source="e_mail", nullable=True)
    phone = s.Phone(label="Telefoonnummer", source="telefoon", nullable=True)
    loyalty_number = s.IdNumber(label="Klantenkaart", source="klantenkaart", nullable=True)
    given_name = s.GivenName(label="Voornaam", source="voornaam", nullable=True)
    surname_prefix = s.SurnamePrefix(label="Tussenvoegsel", source="tussenvoegsel", nullable=True)
    surname = s.Surname(label="Achternaam", source="achternaam")
    street = s.Street(label="Straat", source="straat", nullable=True)
    house_number = s.HouseNumber(label="Huisnummer", source="huisnummer", nullable=True)
    house_number_addition = s.Text(label="Toevoeging", source="toevoeging", nullable=True, personal=True)
    postal_code = s.PostalCode(label="Postcode", source="postcode", nullable=True)
    place = s.Place(label="Woonplaats", source="plaats", nullable=True)
    registered_on = s.Date(label="Aangemaakt op", source="aangemaakt_op")

    registered_by_now = s.rule(
        "registered_on <= $as_of + interval 1 day",  # a delivery at night holds the hours after midnight
        because="een account van later dan morgen bestaat nog niet",
    )


class WebOrders(s.EventTable, maps_to=s.canonical.Orders):
    """Bestellingen uit de webshop: one row per order line, a return being a line of its own."""

    source = "webshop"
    dialect = PARQUET
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    order_id = s.Text(label="Bestelnummer", source="bestelnr", key=True)
    line_id = s.Text(label="Regelnummer", source="regelnr", key=True)
    customer_id = s.Text(label="Accountnummer", source="accountnr")
    ordered_at = s.Timestamp(label="Besteld op", source="besteld_op")
    channel = s.Choice(label="Kanaal", source="kanaal", values=("webshop", "app"))
    product_id = s.Text(label="Artikelnummer", source="artikelnr")
    quantity = s.Integer(label="Aantal", source="aantal", unit="stuks", minimum=1)
    amount_eur = s.Amount(label="Betaald bedrag", source="bedrag", unit="EUR")
    discount_eur = s.Amount(label="Korting", source="korting", unit="EUR", minimum=0)
    is_return = s.Flag(label="Retour", source="retour", values={"ja": True, "nee": False})

    ordered_by_now = s.rule(
        "cast(ordered_at as date) <= $as_of + interval 1 day",
        because="de klok van een server liep eens jaren voor",
    )
    returns_cost = s.rule(
        "is_return = (amount_eur < 0) or amount_eur = 0", because="alleen een retour geeft geld terug"
    )


class WebProducts(s.ReferenceTable, maps_to=s.canonical.Products):
    """Assortiment: one row per product, new and repriced ones as they come."""

    source = "webshop"
    dialect = PARQUET
    quarantine = s.at_most(share=0)  # the company's own list: an error in it is stopped, not sifted

    product_id = s.Text(label="Artikelnummer", source="artikelnr", key=True)
    product_name = s.Text(label="Omschrijving", source="omschrijving")
    category = s.Text(label="Categorie", source="categorie")
    brand = s.Text(label="Merk", source="merk")
    price_eur = s.Amount(label="Verkoopprijs", source="verkoopprijs", unit="EUR", minimum=0)
    cost_price_eur = s.Amount(label="Kostprijs", source="kostprijs", unit="EUR", minimum=0)
