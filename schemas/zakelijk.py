"""Wat de zakelijke verkoop elke nacht levert: bedrijven en hun bestellingen op rekening.

A company is a customer beside consumers, with tables of its own: it is never unified with persons, has no
personal variables, and no mailing to persons is made from it.
"""

from klantprofiel import schema as s

CSV = s.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y", timestamp_format="%d-%m-%Y %H:%M:%S")


class CompanyCustomers(s.CustomerTable, maps_to=s.canonical.Companies):
    """Zakelijke klanten: one row per company, with the person who buys for it."""

    source = "zakelijk"
    dialect = CSV
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    company_id = s.Text(label="Klantnummer", source="klantnr", key=True, pattern="Z[0-9]{6}")
    company_name = s.Text(label="Bedrijfsnaam", source="bedrijfsnaam", personal=True)  # often the owner's
    kvk_number = s.IdNumber(label="KvK-nummer", source="kvk_nummer", pattern="[0-9]{8}")
    vat_number = s.IdNumber(
        label="Btw-nummer", source="btw_nummer", pattern="NL[0-9]{9}B[0-9]{2}", nullable=True
    )
    sector = s.Text(label="Branche", source="branche", nullable=True)
    contact_name = s.Surname(label="Contactpersoon", source="contactpersoon", nullable=True)
    email = s.Email(label="E-mailadres", source="e_mail", nullable=True)
    phone = s.Phone(label="Telefoonnummer", source="telefoon", nullable=True)
    street = s.Street(label="Straat", source="straat", nullable=True)
    house_number = s.HouseNumber(label="Huisnummer", source="huisnummer", nullable=True)
    postal_code = s.PostalCode(label="Postcode", source="postcode", nullable=True)
    place = s.Place(label="Plaats", source="plaats", nullable=True)
    customer_since_on = s.Date(label="Klant sinds", source="klant_sinds")

    customer_by_now = s.rule(
        "customer_since_on <= $as_of + interval 1 day",
        because="een bedrijf dat later dan morgen klant wordt, is het nog niet",
    )


class CompanyOrders(s.EventTable, maps_to=s.canonical.BusinessOrders):
    """Bestellingen op rekening: one row per order line of a company; amounts without VAT."""

    source = "zakelijk"
    dialect = CSV
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    order_id = s.Text(label="Bestelnummer", source="bestelnr", key=True)
    line_id = s.Text(label="Regelnummer", source="regelnr", key=True)
    company_id = s.Text(label="Klantnummer", source="klantnr")
    ordered_on = s.Date(label="Besteld op", source="besteld_op")
    product_id = s.Text(label="Artikelnummer", source="artikelnr")
    quantity = s.Integer(label="Aantal", source="aantal", unit="stuks", minimum=1)
    net_amount_eur = s.Amount(label="Bedrag zonder btw", source="bedrag_excl_btw", unit="EUR", minimum=0)
    term_days = s.Choice(label="Betaaltermijn in dagen", source="betaaltermijn", values=("14", "30", "60"))

    ordered_by_now = s.rule(
        "ordered_on <= $as_of + interval 1 day",
        because="een bestelling van later dan morgen bestaat nog niet",
    )
