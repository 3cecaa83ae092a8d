"""Wat de klantenservice en de reviewpagina elke nacht leveren: contacten en reviews, als regels JSON."""

from klantprofiel import schema as s

JSON = s.JsonLines(zone="UTC")


class ServiceContacts(s.EventTable, maps_to=s.canonical.Contacts):
    """Contacten met de klantenservice: one row per contact; of who gave no known number, nobody's."""

    source = "klantenservice"
    customers_of = "crm"  # the contact centre looks callers up in the CRM
    dialect = JSON
    purpose = "uitvoering overeenkomst"
    retention = s.years(2)
    quarantine = s.at_most(share=0.02)

    contact_id = s.Text(label="Contactnummer", source="contactnr", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr", nullable=True)
    contacted_at = s.Timestamp(label="Contact op", source="tijdstip")
    channel = s.Choice(
        label="Kanaal",
        source="kanaal",
        values={
            "telefoon": "phone",
            "e-mail": "email",
            "chat": "chat",
            "whatsapp": "whatsapp",
            "winkelbalie": "counter",
        },
    )
    subject = s.Text(label="Onderwerp", source="onderwerp")
    order_id = s.Text(label="Bestelling of bon", source="bestelnr", nullable=True)
    is_complaint = s.Flag(label="Klacht", source="klacht")
    is_resolved = s.Flag(label="Opgelost bij het eerste contact", source="opgelost", nullable=True)
    waiting_seconds = s.Integer(label="Wachttijd", source="wachttijd_sec", unit="seconden", minimum=0)
    handling_seconds = s.Integer(
        label="Behandeltijd", source="behandeltijd_sec", unit="seconden", minimum=0, nullable=True
    )
    ease = s.Scale(  # customer effort score: 1 is much effort, 7 is none
        label="Hoe makkelijk ging het (CES)", source="moeite", lowest=1, highest=7, nullable=True
    )
    satisfaction = s.Scale(
        label="Tevredenheid over het contact (CSAT)",
        source="tevredenheid",
        lowest=1,
        highest=5,
        nullable=True,
    )

    contacted_by_now = s.rule(
        "cast(contacted_at as date) <= $as_of + interval 1 day",
        because="een contact van later dan morgen is nog niet geweest",
    )
    rated_beyond_counter = s.rule(
        "channel <> 'counter' or (ease is null and satisfaction is null)",
        because="aan de winkelbalie wordt niets gevraagd",
    )


class WebReviews(s.EventTable, maps_to=s.canonical.Reviews):
    """Reviews op de website: one row per review of a product, or of the company where no product is named."""

    source = "reviews"
    customers_of = "webshop"  # one reviews under an account
    dialect = JSON
    purpose = "gerechtvaardigd belang: verbeteren van assortiment en dienstverlening"
    retention = s.years(3)
    quarantine = s.at_most(share=0.02)

    review_id = s.Text(label="Reviewnummer", source="reviewnr", key=True)
    customer_id = s.Text(label="Accountnummer", source="accountnr")
    product_id = s.Text(label="Artikelnummer", source="artikelnr", nullable=True)
    order_id = s.Text(label="Bestelling", source="bestelnr", nullable=True)
    reviewed_at = s.Timestamp(label="Geschreven op", source="geschreven_op")
    rating = s.Scale(label="Sterren", source="sterren", lowest=1, highest=5)
    review_text = s.Text(label="Tekst", source="tekst", nullable=True)
    is_invited = s.Flag(label="Op uitnodiging", source="op_uitnodiging")

    reviewed_by_now = s.rule(
        "cast(reviewed_at as date) <= $as_of + interval 1 day",
        because="een review van later dan morgen is nog niet geschreven",
    )
