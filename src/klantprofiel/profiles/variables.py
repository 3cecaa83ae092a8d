"""The variables of the profiles, declared: every column but the customer's id, in its order."""

from __future__ import annotations

from typing import Final

from klantprofiel.profiles.variable import Variable

NO_ORDERS: Final = "nog nooit iets besteld"
NO_ADDRESS: Final = "geen Nederlandse postcode bekend"
NO_CATEGORIES: Final = "niets gekocht waarvan de categorie bekend is"
NO_AMOUNTS: Final = "van geen enkele bestelling is het bedrag bekend"

GEOGRAPHIC: Final = (
    Variable(
        name="region",
        label="Provincie",
        facet="leefwereld",
        basis="geographic",
        kind="category",
        unit="",
        missing=NO_ADDRESS,
        sources=("region",),
    ),
    Variable(
        name="postal_area",
        label="Postcodegebied",
        facet="leefwereld",
        basis="geographic",
        kind="category",
        unit="",
        missing=NO_ADDRESS,
        sources=("region",),
    ),
)

DEMOGRAPHIC: Final = (
    Variable(
        name="age_years",
        label="Leeftijd",
        facet="gegevens",
        basis="demographic",
        kind="count",
        unit="jaar",
        missing="geen geboortedatum bekend, of een die niet kan",
        sources=("demographics",),
        protected=True,
    ),
    Variable(
        name="age_band",
        label="Leeftijdsklasse",
        facet="gegevens",
        basis="demographic",
        kind="category",
        unit="",
        missing="geen geboortedatum bekend en geen klasse geleverd",
        sources=("demographics",),
        protected=True,
    ),
    Variable(
        name="household_size",
        label="Huishoudgrootte",
        facet="leefwereld",
        basis="demographic",
        kind="category",
        unit="",
        missing="door geen bron geleverd",
        sources=("demographics",),
    ),
)

PURCHASES: Final = (
    Variable(
        name="tenure_days",
        label="Dagen klant",
        facet="gegevens",
        basis="behavioural",
        kind="count",
        unit="dagen",
        missing="geen inschrijving en geen bestelling bekend",
        sources=("tenure",),
    ),
    Variable(
        name="recency_days",
        label="Dagen sinds laatste bestelling",
        facet="gegevens",
        basis="behavioural",
        kind="count",
        unit="dagen",
        missing=NO_ORDERS,
        sources=("behaviour",),
    ),
    Variable(
        name="frequency",
        label="Bestellingen",
        facet="gegevens",
        basis="behavioural",
        kind="count",
        unit="bestellingen",
        missing="komt niet voor: wie niets bestelde heeft 0",
        sources=("behaviour",),
    ),
    Variable(
        name="monetary_eur",
        label="Besteding",
        facet="gegevens",
        basis="behavioural",
        kind="amount",
        unit="EUR",
        missing=NO_AMOUNTS,
        sources=("behaviour",),
    ),
    Variable(
        name="spend_recent_eur",
        label="Besteding in de laatste 26 weken",
        facet="gegevens",
        basis="behavioural",
        kind="amount",
        unit="EUR",
        missing=NO_AMOUNTS,
        sources=("behaviour",),
    ),
    Variable(
        name="spend_before_eur",
        label="Besteding in de 26 weken daarvoor",
        facet="gegevens",
        basis="behavioural",
        kind="amount",
        unit="EUR",
        missing=NO_AMOUNTS,
        sources=("behaviour",),
    ),
    Variable(
        name="basket_eur",
        label="Bedrag per bestelling",
        facet="gegevens",
        basis="behavioural",
        kind="amount",
        unit="EUR",
        missing=f"{NO_ORDERS}, of {NO_AMOUNTS}",
        sources=("behaviour",),
    ),
    Variable(
        name="discount_share",
        label="Kortingsaandeel",
        facet="behoeften",
        basis="behavioural",
        kind="share",
        unit="deel van de volle prijs",
        missing="niets gekocht waarvan de korting bekend is",
        sources=("behaviour",),
    ),
)

HABITS: Final = (
    Variable(
        name="channel_main",
        label="Voornaamste kanaal",
        facet="behoeften",
        basis="behavioural",
        kind="category",
        unit="",
        missing="geen bestelling waarvan het kanaal bekend is",
        sources=("channel_mix",),
    ),
    Variable(
        name="online_share",
        label="Aandeel online",
        facet="behoeften",
        basis="behavioural",
        kind="share",
        unit="deel van de bestellingen",
        missing="geen bestelling waarvan het kanaal bekend is",
        sources=("channel_mix",),
    ),
    Variable(
        name="category_main",
        label="Voornaamste categorie",
        facet="behoeften",
        basis="behavioural",
        kind="category",
        unit="",
        missing=NO_CATEGORIES,
        sources=("category_mix",),
    ),
    Variable(
        name="n_categories",
        label="Aantal categorieën",
        facet="behoeften",
        basis="behavioural",
        kind="count",
        unit="categorieën",
        missing=NO_CATEGORIES,
        sources=("category_mix",),
    ),
    Variable(
        name="category_main_share",
        label="Aandeel van de grootste categorie",
        facet="behoeften",
        basis="behavioural",
        kind="share",
        unit="deel van de besteding",
        missing=NO_CATEGORIES,
        sources=("category_mix",),
    ),
    Variable(
        name="category_top3_share",
        label="Aandeel van de drie grootste categorieën",
        facet="behoeften",
        basis="behavioural",
        kind="share",
        unit="deel van de besteding",
        missing=NO_CATEGORIES,
        sources=("category_mix",),
    ),
    Variable(
        name="category_entropy",
        label="Spreiding over categorieën",
        facet="behoeften",
        basis="behavioural",
        kind="number",
        unit="nat (Shannon)",
        missing=NO_CATEGORIES,
        sources=("category_mix",),
    ),
    Variable(
        name="return_share",
        label="Aandeel retouren",
        facet="ervaring",
        basis="behavioural",
        kind="share",
        unit="deel van de bestelregels",
        missing=NO_ORDERS,
        sources=("behaviour",),
    ),
)

VARIABLES: Final = (*GEOGRAPHIC, *DEMOGRAPHIC, *PURCHASES, *HABITS)
