"""The tables that every source maps onto: fifteen, with one set of names, types and units for all rooms.

A source maps a column by giving it the canonical name; what it does not deliver is NULL. Columns a source has
besides keep their own names and stay in its own table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.schema.codes import Choice, Flag, Sex
from klantprofiel.schema.declaration import unknown_name
from klantprofiel.schema.moments import BirthDate, Date, Timestamp
from klantprofiel.schema.numbers import Amount, Integer, Scale
from klantprofiel.schema.tables import CanonicalTable, CustomerTable, EventTable, ReferenceTable
from klantprofiel.schema.texts import (
    Email,
    GivenName,
    HouseNumber,
    IdNumber,
    Initials,
    Phone,
    Place,
    PostalCode,
    Street,
    Surname,
    SurnamePrefix,
    Text,
)


class Customers(CanonicalTable, delivered_as=CustomerTable):
    """Customers: one row per person as one source knows them."""

    customer_id = Text(label="Klantnummer", key=True)
    given_name = GivenName(label="Voornaam")
    initials = Initials(label="Voorletters")
    surname_prefix = SurnamePrefix(label="Tussenvoegsel")
    surname = Surname(label="Achternaam")
    sex = Sex(label="Geslacht")
    birth_date = BirthDate(label="Geboortedatum")
    email = Email(label="E-mailadres")
    phone = Phone(label="Telefoonnummer")
    loyalty_number = IdNumber(label="Klantenkaartnummer")
    iban = IdNumber(label="IBAN")
    street = Street(label="Straat")
    house_number = HouseNumber(label="Huisnummer")
    house_number_addition = Text(label="Huisnummertoevoeging", personal=True)
    postal_code = PostalCode(label="Postcode")
    place = Place(label="Woonplaats")
    country = Text(label="Land")
    household_size = Text(label="Huishoudgrootte, zoals geleverd")
    age_band = Text(label="Leeftijdsklasse, zoals geleverd", protected=True)
    registered_on = Date(label="Ingeschreven op")
    updated_on = Date(label="Bijgewerkt op")


class Orders(CanonicalTable, delivered_as=EventTable, required=("ordered_at",), optional=("line_id",)):
    """Orders: one row per order line, a return being a line of its own; amounts in euro, VAT included."""

    order_id = Text(label="Bestelnummer", key=True)
    line_id = Text(label="Regelnummer", key=True)
    customer_id = Text(label="Klantnummer")
    ordered_at = Timestamp(label="Besteld op")
    product_id = Text(label="Productnummer")
    store_id = Text(label="Winkelnummer")
    channel = Text(label="Kanaal")
    quantity = Integer(label="Aantal")
    amount_eur = Amount(label="Betaald bedrag", unit="EUR")
    discount_eur = Amount(label="Korting", unit="EUR")
    is_return = Flag(label="Retour")


class Products(CanonicalTable, delivered_as=ReferenceTable):
    """Products: one row per product."""

    product_id = Text(label="Productnummer", key=True)
    product_name = Text(label="Productnaam")
    category = Text(label="Categorie")
    brand = Text(label="Merk")
    price_eur = Amount(label="Verkoopprijs", unit="EUR")
    cost_price_eur = Amount(label="Kostprijs", unit="EUR")


class Stores(CanonicalTable, delivered_as=ReferenceTable):
    """Stores: one row per store."""

    store_id = Text(label="Winkelnummer", key=True)
    store_name = Text(label="Winkelnaam")
    postal_code = PostalCode(label="Postcode")
    place = Place(label="Plaats")
    opened_on = Date(label="Geopend op")
    closed_on = Date(label="Gesloten op")


class Areas(CanonicalTable, delivered_as=ReferenceTable):
    """Areas: one row per postal area, the four digits of a Dutch postal code.

    Each file of a source holds all its areas: those of an earlier file that it leaves out no longer count. A
    negative number is unknown, as CBS writes it. `urbanity` is its class: 1 (very urban) to 5 (not urban).
    """

    pc4 = Text(label="Postcode, vier cijfers", key=True)
    municipality = Text(label="Gemeente")
    province = Text(label="Provincie")
    urbanity = Integer(label="Stedelijkheid")
    area_type = Text(label="Gebiedstype")
    population = Integer(label="Inwoners", unit="inwoners")
    households = Integer(label="Particuliere huishoudens", unit="huishoudens")
    latitude = Amount(label="Breedtegraad (WGS84)", unit="graden", decimals=4)
    longitude = Amount(label="Lengtegraad (WGS84)", unit="graden", decimals=4)
    origin = Text(label="Herkomst")


class Companies(CanonicalTable, delivered_as=CustomerTable):
    """Companies: one row per company as one source knows it; no company is a person."""

    company_id = Text(label="Klantnummer van het bedrijf", key=True)
    company_name = Text(label="Bedrijfsnaam", personal=True)  # often the owner's
    kvk_number = IdNumber(label="KvK-nummer")
    sector = Text(label="Branche")
    postal_code = PostalCode(label="Postcode")
    place = Place(label="Plaats")
    customer_since_on = Date(label="Klant sinds")


class BusinessOrders(CanonicalTable, delivered_as=EventTable, required=("company_id", "ordered_on")):
    """Business orders: one row per order line of a company; amounts in euro, without VAT."""

    order_id = Text(label="Bestelnummer", key=True)
    line_id = Text(label="Regelnummer", key=True)
    company_id = Text(label="Klantnummer van het bedrijf")
    ordered_on = Date(label="Besteld op")
    product_id = Text(label="Productnummer")
    quantity = Integer(label="Aantal")
    net_amount_eur = Amount(label="Bedrag zonder btw", unit="EUR")


class Contacts(CanonicalTable, delivered_as=EventTable):
    """Contacts: one row per conversation with customer service, whoever began it.

    `ease` is the customer effort score (CES): 1 is much effort, 7 is none. `satisfaction` is the satisfaction
    with this contact (CSAT): 1 is very dissatisfied, 5 is very satisfied.
    """

    contact_id = Text(label="Contactnummer", key=True)
    customer_id = Text(label="Klantnummer")
    contacted_at = Timestamp(label="Contact op")
    channel = Text(label="Kanaal")
    subject = Text(label="Onderwerp")
    is_complaint = Flag(label="Klacht")
    is_resolved = Flag(label="Opgelost")
    waiting_seconds = Integer(label="Wachttijd", unit="seconden")
    handling_seconds = Integer(label="Behandeltijd", unit="seconden")
    ease = Scale(label="Hoe makkelijk ging het (CES)", lowest=1, highest=7)
    satisfaction = Scale(label="Tevredenheid over het contact (CSAT)", lowest=1, highest=5)


class Reviews(CanonicalTable, delivered_as=EventTable):
    """Reviews: one row per review of a product or of the company."""

    review_id = Text(label="Reviewnummer", key=True)
    customer_id = Text(label="Klantnummer")
    product_id = Text(label="Productnummer")
    reviewed_at = Timestamp(label="Geschreven op")
    rating = Scale(label="Waardering", lowest=1, highest=5)
    review_text = Text(label="Reviewtekst", personal=True)


class SurveyAnswers(CanonicalTable, delivered_as=EventTable):
    """Survey answers: one row per person, wave and item."""

    survey_id = Text(label="Onderzoek", key=True)
    wave = Text(label="Meting", key=True)
    customer_id = Text(label="Klantnummer", key=True)
    item_id = Text(label="Vraag", key=True)
    answered_at = Timestamp(label="Beantwoord op")
    answer = Text(label="Antwoord")
    seconds = Integer(label="Duur van de hele vragenlijst", unit="seconden")


class SurveyItems(
    CanonicalTable,
    delivered_as=ReferenceTable,
    required=("construct", "measures", "lowest", "highest"),
):
    """Survey items: one row per item of a source's surveys, with the construct it measures and its scale.

    `measures` says what kind of thing a construct is. Items of a motive, value or attitude form one scale; an
    item about a need, an expectation or a medium stands for itself. `is_special` tells that the answer is a
    special category of personal data (GDPR, article 9), such as health, belief or political opinion: what the
    item counts towards is left out of every segmentation. An item of which it is not told is not special.
    """

    item_id = Text(label="Vraag", key=True)
    construct = Text(label="Begrip")
    measures = Choice(
        label="Wat de vraag meet",
        values=(
            "motive",
            "value",
            "attitude",
            "need",
            "expectation",
            "media",
            "satisfaction",
            "recommendation",
            "effort",
            "image",
        ),
    )
    item_text = Text(label="Tekst van de vraag")
    lowest = Integer(label="Laagste antwoord")
    highest = Integer(label="Hoogste antwoord")
    is_reversed = Flag(label="Omgekeerd gesteld")
    is_special = Flag(label="Bijzonder persoonsgegeven (artikel 9 AVG)")
    brand = Text(label="Merk")


class Consents(CanonicalTable, delivered_as=EventTable):
    """Consents: one row per statement a person made about one purpose and channel."""

    customer_id = Text(label="Klantnummer", key=True)
    consent_purpose = Text(label="Doel", name="purpose", key=True)
    channel = Text(label="Kanaal", key=True)
    stated_at = Timestamp(label="Verklaard op", key=True)
    status = Choice(label="Status", values=("given", "withdrawn", "objected"), key=True)


class Promises(CanonicalTable, delivered_as=EventTable):
    """Promises and preferences: one row per thing promised to, or preferred by, a person.

    `preference` says what is preferred in a word of a closed list, where `content` holds the text. Of these
    subjects the last one stated is in the profiles: `contact_channel`, `delivery` and `interest`.
    """

    promise_id = Text(label="Nummer", key=True)
    customer_id = Text(label="Klantnummer")
    kind = Choice(label="Soort", values=("promise", "preference"))
    subject = Text(label="Onderwerp")
    content = Text(label="Inhoud", personal=True)
    preference = Text(label="Voorkeur, als vaste waarde")
    stated_at = Timestamp(label="Vastgelegd op")
    due_on = Date(label="Toegezegd voor")
    is_kept = Flag(label="Nagekomen")


class Subscriptions(CanonicalTable, delivered_as=EventTable):
    """Subscriptions: one row per period in which a person held a product; amount in euro per month."""

    subscription_id = Text(label="Abonnementsnummer", key=True)
    customer_id = Text(label="Klantnummer")
    product_id = Text(label="Productnummer")
    started_on = Date(label="Begonnen op")
    ended_on = Date(label="Beëindigd op")
    amount_eur = Amount(label="Maandbedrag", unit="EUR")


class CampaignContacts(CanonicalTable, delivered_as=EventTable):
    """Campaign contacts: one row per person a campaign reached, with what followed."""

    campaign_id = Text(label="Campagne", key=True)
    customer_id = Text(label="Klantnummer", key=True)
    contacted_at = Timestamp(label="Benaderd op")
    channel = Text(label="Kanaal")
    response = Choice(label="Reactie", values=("none", "opened", "clicked", "redeemed"))


TABLES: Final[tuple[type[CanonicalTable], ...]] = (
    Customers,
    Orders,
    Products,
    Stores,
    Areas,
    Companies,
    BusinessOrders,
    Contacts,
    Reviews,
    SurveyAnswers,
    SurveyItems,
    Consents,
    Promises,
    Subscriptions,
    CampaignContacts,
)

if not TYPE_CHECKING:  # a type checker knows the names; Python learns here which one was meant

    def __getattr__(name: str) -> object:
        raise unknown_name("klantprofiel.schema.canonical", name, [table.__name__ for table in TABLES])
