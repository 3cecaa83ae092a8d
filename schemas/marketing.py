"""Wat het CRM elke nacht levert over wat beloofd, afgesproken en aangeboden is."""

from klantprofiel import schema as s

CSV = s.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y", timestamp_format="%d-%m-%Y %H:%M:%S")


class CrmPromises(s.EventTable, maps_to=s.canonical.Promises):
    """Toezeggingen en voorkeuren: one row per promise or preference, and again when a promise turned out."""

    source = "crm"
    dialect = CSV
    purpose = "uitvoering overeenkomst"
    retention = s.years(2)
    quarantine = s.at_most(share=0.02)

    promise_id = s.Text(label="Nummer", source="nummer", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr")
    kind = s.Choice(label="Soort", source="soort", values={"toezegging": "promise", "voorkeur": "preference"})
    subject = s.Choice(
        label="Onderwerp",
        source="onderwerp",
        values={
            "terugbellen": "call_back",
            "levering": "delivery",
            "terugbetaling": "refund",
            "vervanging": "replacement",
            "contactkanaal": "contact_channel",
            "bezorgmoment": "delivery",
            "belangstelling": "interest",
        },
    )
    content = s.Text(label="Inhoud", source="inhoud")
    preference = s.Choice(
        label="Voorkeur, als vaste waarde",
        source="voorkeur",
        nullable=True,
        values={
            "e-mail": "email",
            "telefoon": "phone",
            "whatsapp": "whatsapp",
            "post": "post",
            "avond": "evening",
            "zaterdag": "saturday",
            "ochtend": "morning",
            "afhalen": "pickup",
            "moestuin": "vegetable_garden",
            "wonen": "home",
            "klussen": "workshops",
            "aanbiedingen": "offers",
        },
    )
    stated_at = s.Timestamp(label="Vastgelegd op", source="vastgelegd_op")
    due_on = s.Date(label="Toegezegd voor", source="toegezegd_voor", nullable=True)
    is_kept = s.Flag(label="Nagekomen", source="nagekomen", values={"ja": True, "nee": False}, nullable=True)

    stated_by_now = s.rule(
        "cast(stated_at as date) <= $as_of + interval 1 day",
        because="wat later dan morgen is vastgelegd, kan nog niet gezegd zijn",
    )
    due_after_stating = s.rule(
        "due_on >= cast(stated_at as date)", because="een toezegging voor gisteren is een tikfout"
    )
    term_with_promise = s.rule(
        "kind = 'preference' or due_on is not null",
        because="een toezegging zonder datum is niet te bewaken",
    )


class CrmSubscriptions(s.EventTable, maps_to=s.canonical.Subscriptions):
    """Abonnementen: one row per subscription, when it begins and again when it has ended."""

    source = "crm"
    dialect = CSV
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    subscription_id = s.Text(label="Abonnementsnummer", source="abonnementsnr", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr")
    product_id = s.Text(label="Artikelnummer", source="artikelnr")
    started_on = s.Date(label="Begonnen op", source="begonnen_op")
    ended_on = s.Date(label="Beëindigd op", source="beeindigd_op", nullable=True)
    amount_eur = s.Amount(label="Maandbedrag", source="maandbedrag", unit="EUR", minimum=0)

    started_by_now = s.rule(
        "started_on <= $as_of + interval 1 day",
        because="een abonnement van later dan morgen is nog niet begonnen",
    )
    ended_after_start = s.rule(
        "ended_on >= started_on", because="een abonnement eindigt niet voor het begint"
    )


class CrmSubscriptionPlans(s.ReferenceTable, maps_to=s.canonical.Products):
    """Abonnementsvormen: one row per thing that one can subscribe to, with what it costs a month."""

    source = "crm"
    dialect = CSV
    quarantine = s.at_most(share=0)

    product_id = s.Text(label="Artikelnummer", source="artikelnr", key=True)
    product_name = s.Text(label="Omschrijving", source="omschrijving")
    category = s.Text(label="Categorie", source="categorie")
    brand = s.Text(label="Merk", source="merk")
    price_eur = s.Amount(label="Maandprijs", source="maandprijs", unit="EUR", minimum=0)
    cost_price_eur = s.Amount(label="Kosten per maand", source="maandkosten", unit="EUR", minimum=0)


class CrmCampaignContacts(s.EventTable, maps_to=s.canonical.CampaignContacts):
    """Campagnecontacten: one row per customer and campaign, delivered two weeks after, with what followed."""

    source = "crm"
    dialect = CSV
    purpose = "gerechtvaardigd belang: meten of campagnes werken"
    retention = s.years(3)
    quarantine = s.at_most(share=0.02)

    campaign_id = s.Text(label="Campagne", source="campagne", key=True)
    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    contacted_at = s.Timestamp(label="Benaderd op", source="benaderd_op")
    channel = s.Choice(
        label="Kanaal", source="kanaal", values={"e-mail": "email", "post": "post", "telefoon": "phone"}
    )
    response = s.Choice(
        label="Reactie",
        source="reactie",
        values={
            "geen": "none",
            "geopend": "opened",
            "geklikt": "clicked",
            "verzilverd": "redeemed",
        },
    )

    contacted_by_now = s.rule(
        "cast(contacted_at as date) <= $as_of", because="een campagne wordt pas na afloop gemeld"
    )
    unopened_post = s.rule(
        "channel <> 'post' or response in ('none', 'redeemed')",
        because="van papier is niet te zien of het geopend is",
    )
