"""Wat het CRM elke nacht levert: klanten, en wat zij zeiden over het gebruik van hun gegevens."""

import dataclasses

from klantprofiel import schema as s

CSV = s.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y", timestamp_format="%d-%m-%Y %H:%M:%S")


class CrmCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten uit het CRM: one row per customer number, new and changed ones daily."""

    source = "crm"
    rank = 1  # the counter asks for a name and a birth date; the web shop takes what is typed
    dialect = dataclasses.replace(CSV, encoding="cp1252")  # the counter's programme is of before Unicode
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True, pattern="[0-9]{7}")
    initials = s.Initials(label="Voorletters", source="voorletters", nullable=True)
    given_name = s.GivenName(label="Voornaam", source="voornaam", nullable=True)
    surname_prefix = s.SurnamePrefix(label="Tussenvoegsel", source="tussenvoegsel", nullable=True)
    surname = s.Surname(label="Achternaam", source="achternaam")
    sex = s.Sex(
        label="Geslacht", source="geslacht", values={"V": "female", "M": "male", "X": "other"}, nullable=True
    )
    birth_date = s.BirthDate(label="Geboortedatum", source="geboortedatum", nullable=True)
    email = s.Email(label="E-mailadres", source="e-mail", nullable=True)
    phone = s.Phone(label="Telefoonnummer", source="telefoon", nullable=True)
    loyalty_number = s.IdNumber(label="Klantenkaart", source="klantenkaart", nullable=True)
    street = s.Street(label="Straat", source="straat", nullable=True)
    house_number = s.HouseNumber(label="Huisnummer", source="huisnummer", nullable=True)
    house_number_addition = s.Text(label="Toevoeging", source="toevoeging", nullable=True, personal=True)
    postal_code = s.PostalCode(label="Postcode", source="postcode", nullable=True)
    place = s.Place(label="Woonplaats", source="plaats", nullable=True)
    country = s.Text(label="Land", source="land", nullable=True)
    household_size = s.Text(label="Personen in het huishouden", source="gezinsgrootte", nullable=True)
    registered_on = s.Date(label="Ingeschreven op", source="ingeschreven_op")
    updated_on = s.Date(label="Gewijzigd op", source="gewijzigd_op", nullable=True)

    registered_by_now = s.rule(
        "registered_on <= $as_of + interval 1 day",  # a delivery at night holds the hours after midnight
        because="een inschrijving van later dan morgen is een tikfout in het jaartal",
    )


class CrmConsents(s.EventTable, maps_to=s.canonical.Consents):
    """Toestemmingen uit het CRM: one row per statement of a customer, with its moment."""

    source = "crm"
    dialect = CSV
    purpose = "wettelijke plicht"  # who processes on consent must be able to show it (AVG, article 7)
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    about = s.Choice(
        label="Doel",
        source="doel",
        name="purpose",
        key=True,
        values={
            "nieuwsbrief": "nieuwsbrief",
            "catalogus": "catalogus",
            "belactie": "belactie",
            "segmentatie": "segmentatie",
            "direct marketing": "direct_marketing",
        },
    )
    channel = s.Choice(
        label="Kanaal",
        source="kanaal",
        key=True,
        values={"e-mail": "email", "post": "post", "telefoon": "phone", "analyse": "analysis", "alle": "all"},
    )
    stated_at = s.Timestamp(label="Vastgelegd op", source="vastgelegd_op", key=True)
    status = s.Choice(
        label="Verklaring",
        source="verklaring",
        key=True,
        values={"gegeven": "given", "ingetrokken": "withdrawn", "bezwaar": "objected"},
    )

    stated_by_now = s.rule(
        "cast(stated_at as date) <= $as_of + interval 1 day",
        because="een verklaring van later dan morgen kan nog niet gedaan zijn",
    )
