"""Wat de winkels elke nacht leveren: kassabonnen op klantenkaart, en de lijst van winkels."""

from klantprofiel import schema as s

CSV = s.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y", timestamp_format="%d-%m-%Y %H:%M:%S")


class TillReceipts(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonnen: one row per receipt line, a return being a line of its own; without a card, nobody's."""

    source = "kassa"
    customers_of = "crm"  # a card leads to the customer number of the CRM
    dialect = CSV
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    order_id = s.Text(label="Bonnummer", source="bonnr", key=True)
    line_id = s.Text(label="Regel", source="regel", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr", nullable=True)
    store_id = s.Text(label="Winkelnummer", source="winkelnr")
    ordered_at = s.Timestamp(label="Tijdstip", source="tijdstip")
    channel = s.Choice(label="Kanaal", source="kanaal", values=("winkel",))
    product_id = s.Text(label="Artikelnummer", source="artikelnr")
    quantity = s.Integer(label="Aantal", source="aantal", unit="stuks", minimum=1)
    amount_eur = s.Amount(label="Betaald bedrag", source="bedrag", unit="EUR")
    discount_eur = s.Amount(label="Korting", source="korting", unit="EUR", minimum=0)
    is_return = s.Flag(label="Retour", source="retour", values={"J": True, "N": False})

    ordered_by_now = s.rule(
        "cast(ordered_at as date) <= $as_of + interval 1 day",  # a delivery at night: past midnight too
        because="een kassa stond eens in 2062",
    )
    returns_cost = s.rule(
        "is_return = (amount_eur < 0) or amount_eur = 0", because="alleen een retour geeft geld terug"
    )


class TillStores(s.ReferenceTable, maps_to=s.canonical.Stores):
    """Winkels: one row per store, again when it closes."""

    source = "kassa"
    dialect = CSV
    quarantine = s.at_most(share=0)

    store_id = s.Text(label="Winkelnummer", source="winkelnr", key=True)
    store_name = s.Text(label="Winkelnaam", source="winkelnaam")
    postal_code = s.PostalCode(label="Postcode", source="postcode")
    place = s.Place(label="Plaats", source="plaats")
    opened_on = s.Date(label="Geopend op", source="geopend_op")
    closed_on = s.Date(label="Gesloten op", source="gesloten_op", nullable=True)
