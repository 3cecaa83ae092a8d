"""What customers buy: how recently, how often, for how much, how regularly, what, and over which channel.

product_categories                            reference: what kind of product each product is
orders_before_birth                           lines that count in no figure: their customer was not born yet
purchase_days, category_days, campaign_days   facts, by the day
purchasing, rhythm, channels, categories, campaigns   themes, as of a date
"""

from __future__ import annotations

from functools import partial
from typing import Final

from klantprofiel.profiles.theme import Facts, Theme
from klantprofiel.profiles.variable import Variable

NO_ORDERS: Final = "nog nooit iets besteld"
NO_AMOUNTS: Final = "van geen enkele bestelling is het bedrag bekend"
NO_CATEGORIES: Final = "niets gekocht waarvan de categorie bekend is"
NO_CHANNEL: Final = "geen bestelling waarvan het kanaal bekend is"
NO_PATTERN: Final = "minder dan vier dagen met een bestelling"
NO_SEASON: Final = "minder dan vier dagen met een bestelling, of nog geen jaar"
NO_CAMPAIGN: Final = "nooit door een campagne bereikt"

COUNT: Final = "BIGINT"
EURO: Final = "DECIMAL(18,2)"
_COUNTS: Final = dict.fromkeys(("n_orders", "n_lines", "n_return_lines"), COUNT)
_AMOUNTS: Final = dict.fromkeys(("net_eur", "bought_eur", "discountable_eur", "discount_eur"), EURO)

_what = partial(Variable, basis="behavioural", facet="gegevens")
_need = partial(Variable, basis="behavioural", facet="behoeften")

PURCHASE_DAYS: Final = Facts(name="purchase_days", package=__package__, types=_COUNTS | _AMOUNTS)
ORDERS_BEFORE_BIRTH: Final = Facts(name="orders_before_birth", package=__package__)
PRODUCT_CATEGORIES: Final = Facts(name="product_categories", package=__package__)
CATEGORY_DAYS: Final = Facts(
    name="category_days", package=__package__, types={"n_lines": COUNT, "bought_eur": EURO}
)
CAMPAIGN_DAYS: Final = Facts(name="campaign_days", package=__package__)

PURCHASING: Final = Theme(
    name="purchasing",
    package=__package__,
    references=(ORDERS_BEFORE_BIRTH,),
    windows=(182, 364),
    days_since=("recency_days",),
    facts=(PURCHASE_DAYS,),
    variables=(
        _what(
            name="recency_days",
            label="Dagen sinds laatste bestelling",
            kind="count",
            unit="dagen",
            missing=NO_ORDERS,
        ),
        _what(
            name="frequency",
            label="Bestellingen",
            kind="count",
            unit="bestellingen",
            missing="komt niet voor: wie niets bestelde heeft 0",
        ),
        _what(name="monetary_eur", label="Besteding", kind="amount", unit="EUR", missing=NO_AMOUNTS),
        _what(
            name="spend_recent_eur",
            label="Besteding in de laatste 26 weken",
            kind="amount",
            unit="EUR",
            missing=NO_AMOUNTS,
        ),
        _what(
            name="spend_before_eur",
            label="Besteding in de 26 weken daarvoor",
            kind="amount",
            unit="EUR",
            missing=NO_AMOUNTS,
        ),
        _what(
            name="spend_trend",
            label="Groei van de besteding in een half jaar",
            kind="number",
            unit="van -2, gestopt, tot 2, nieuw",
            missing="in beide halve jaren niets besteed",
        ),
        _what(
            name="basket_eur",
            label="Bedrag per bestelling",
            kind="amount",
            unit="EUR",
            missing=f"{NO_ORDERS}, of {NO_AMOUNTS}",
        ),
        _need(
            name="discount_share",
            label="Aandeel korting",
            kind="share",
            unit="deel van de prijs",
            missing="geen bestelling waarvan de korting bekend is",
        ),
        Variable(
            name="return_share",
            label="Aandeel retouren",
            facet="ervaring",
            basis="behavioural",
            kind="share",
            unit="deel van de bestelregels",
            missing=NO_ORDERS,
        ),
    ),
)
RHYTHM: Final = Theme(
    name="rhythm",
    package=__package__,
    windows=(),
    variables=(
        _what(
            name="cadence_days",
            label="Dagen tussen bestellingen (mediaan)",
            kind="number",
            unit="dagen",
            missing=NO_PATTERN,
        ),
        _what(
            name="cadence_variation",
            label="Onregelmaat van bestellen",
            kind="number",
            unit="variatiecoëfficiënt van de tussenpozen",
            missing=NO_PATTERN,
        ),
        _need(
            name="season_main",
            label="Seizoen met de meeste besteldagen",
            kind="category",
            unit="",
            missing=NO_SEASON,
        ),
        _need(
            name="season_main_share",
            label="Aandeel van dat seizoen",
            kind="share",
            unit="deel van de besteldagen",
            missing=NO_SEASON,
        ),
    ),
)
CHANNELS: Final = Theme(
    name="channels",
    package=__package__,
    windows=(),
    variables=(
        _need(name="channel_main", label="Voornaamste kanaal", kind="category", unit="", missing=NO_CHANNEL),
        _need(name="n_channels", label="Aantal kanalen", kind="count", unit="kanalen", missing=NO_CHANNEL),
        _need(
            name="online_share",
            label="Aandeel online",
            kind="share",
            unit="deel van de bestellingen",
            missing=NO_CHANNEL,
        ),
    ),
)
CATEGORIES: Final = Theme(
    name="categories",
    package=__package__,
    windows=(),
    references=(PRODUCT_CATEGORIES,),
    facts=(CATEGORY_DAYS,),
    variables=(
        _need(
            name="category_main",
            label="Voornaamste categorie",
            kind="category",
            unit="",
            missing=NO_CATEGORIES,
        ),
        _need(
            name="n_categories",
            label="Aantal categorieën",
            kind="count",
            unit="categorieën",
            missing=NO_CATEGORIES,
        ),
        _need(
            name="category_main_share",
            label="Aandeel van de grootste categorie",
            kind="share",
            unit="deel van de besteding",
            missing=NO_CATEGORIES,
        ),
        _need(
            name="category_top3_share",
            label="Aandeel van de drie grootste categorieën",
            kind="share",
            unit="deel van de besteding",
            missing=NO_CATEGORIES,
        ),
        _need(
            name="category_entropy",
            label="Spreiding over categorieën",
            kind="number",
            unit="entropie van Shannon; 0 is één categorie",
            missing=NO_CATEGORIES,
        ),
    ),
)
CAMPAIGNS: Final = Theme(
    name="campaigns",
    package=__package__,
    windows=(365,),
    days_since=("campaign_recency_days",),
    facts=(CAMPAIGN_DAYS,),
    variables=(
        _what(
            name="campaign_recency_days",
            label="Dagen sinds laatste campagne",
            kind="count",
            unit="dagen",
            missing=NO_CAMPAIGN,
        ),
        _what(
            name="campaign_contacts_365",
            label="Keren benaderd in het laatste jaar",
            kind="count",
            unit="keer",
            missing=NO_CAMPAIGN,
        ),
        _what(
            name="campaign_response_share",
            label="Respons op campagnes",
            kind="share",
            unit="deel van de keren waarvan het gevolg bekend is",
            missing="in het laatste jaar niet door een campagne bereikt",
        ),
    ),
)

THEMES: Final = (PURCHASING, RHYTHM, CHANNELS, CATEGORIES, CAMPAIGNS)
