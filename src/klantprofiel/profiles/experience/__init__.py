"""What customers went through and what they expect: contacts, answers, reviews; promises and preferences.

contact_days, review_days, promise_days, preference_days   facts, by the day in UTC
service_experience, recommendation, reviewing              themes of the facet ervaring, as of a date
promise_keeping, stated_preferences                        themes of the facet verwachtingen
experience_account                                         what became of what the sources delivered
experience_measures                                        NPS, CSAT, CES and so on of all customers together
estimates.py                                               the figures of a group, with their intervals
"""

from __future__ import annotations

from functools import partial
from typing import Final

from klantprofiel.profiles.experience.estimates import Estimate, mean_of, net_promoter_score, share_of
from klantprofiel.profiles.experience.measures import make_experience_measures
from klantprofiel.profiles.theme import Facts, Theme
from klantprofiel.profiles.variable import Variable

__all__ = [
    "THEMES",
    "Estimate",
    "make_experience_measures",
    "mean_of",
    "net_promoter_score",
    "share_of",
]

COUNT: Final = "BIGINT"
NO_CONTACTS_KNOWN: Final = "geen bron levert contacten"
NO_CONTACT: Final = "nooit contact gehad"
NO_CONTACT_THIS_YEAR: Final = "geen contact in het laatste jaar"
NO_ANSWER: Final = "nooit beantwoord"
NO_ANSWER_THIS_YEAR: Final = "in het laatste jaar niet beantwoord"
NO_PROMISES_KNOWN: Final = "geen bron levert toezeggingen"

_felt = partial(Variable, facet="ervaring", basis=None)
_did = partial(Variable, facet="ervaring", basis="behavioural")
_answered = partial(Variable, facet="ervaring", basis=None, purpose="onderzoek")
_expects = partial(Variable, facet="verwachtingen", basis=None)
_prefers = partial(Variable, facet="verwachtingen", kind="category", unit="")

EXPERIENCE_ACCOUNT: Final = Facts(name="experience_account", package=__package__)
CONTACT_DAYS: Final = Facts(name="contact_days", package=__package__)
REVIEW_DAYS: Final = Facts(name="review_days", package=__package__, types={"rating_sum": COUNT})
PROMISE_DAYS: Final = Facts(name="promise_days", package=__package__)
PREFERENCE_DAYS: Final = Facts(name="preference_days", package=__package__)

SERVICE: Final = Theme(
    name="service_experience",
    package=__package__,
    references=(EXPERIENCE_ACCOUNT,),
    facts=(CONTACT_DAYS,),
    variables=(
        _did(
            name="n_contacts_365",
            label="Contacten in het laatste jaar",
            kind="count",
            unit="contacten",
            missing=NO_CONTACTS_KNOWN,
        ),
        _did(
            name="contact_recency_days",
            label="Dagen sinds laatste contact",
            kind="count",
            unit="dagen",
            missing=NO_CONTACT,
        ),
        _did(
            name="service_channel_main",
            label="Meest gebruikte kanaal voor contact",
            kind="category",
            unit="",
            missing=f"{NO_CONTACT_THIS_YEAR} waarvan het kanaal bekend is",
        ),
        _felt(
            name="waiting_median_seconds",
            label="Wachttijd (mediaan)",
            kind="number",
            unit="seconden",
            missing=f"{NO_CONTACT_THIS_YEAR} waarvan de wachttijd bekend is",
        ),
        _felt(
            name="first_contact_resolution_share",
            label="Opgelost bij het eerste contact",
            kind="share",
            unit="deel van de eerste contacten",
            missing=f"{NO_CONTACT_THIS_YEAR} waarvan de afloop bekend is",
        ),
        _felt(
            name="n_complaints_365",
            label="Klachten in het laatste jaar",
            kind="count",
            unit="klachten",
            missing=NO_CONTACTS_KNOWN,
        ),
        _felt(
            name="n_complaints_open",
            label="Klachten die nog open staan",
            kind="count",
            unit="klachten",
            missing=NO_CONTACTS_KNOWN,
        ),
        _felt(
            name="csat_last",
            label="Tevredenheid over het contact (CSAT), laatste antwoord",
            kind="count",
            unit="van 1 tot 5",
            missing=NO_ANSWER,
        ),
        _felt(
            name="csat_mean",
            label="Tevredenheid over het contact (CSAT), gemiddeld in het laatste jaar",
            kind="number",
            unit="van 1 tot 5",
            missing=NO_ANSWER_THIS_YEAR,
        ),
        _felt(
            name="ces_last",
            label="Gemak van het contact (CES), laatste antwoord",
            kind="count",
            unit="van 1 (veel moeite) tot 7 (geen)",
            missing=NO_ANSWER,
        ),
        _felt(
            name="ces_mean",
            label="Gemak van het contact (CES), gemiddeld in het laatste jaar",
            kind="number",
            unit="van 1 (veel moeite) tot 7 (geen)",
            missing=NO_ANSWER_THIS_YEAR,
        ),
    ),
)
RECOMMENDATION: Final = Theme(
    name="recommendation",
    package=__package__,
    windows=(),
    days_since=("nps_recency_days",),
    variables=(
        _answered(
            name="nps_score",
            label="Aanbeveling (NPS), laatste antwoord",
            kind="count",
            unit="van 0 tot 10",
            missing=NO_ANSWER,
        ),
        _answered(name="nps_group", label="NPS-groep", kind="category", unit="", missing=NO_ANSWER),
        _answered(
            name="nps_recency_days",
            label="Dagen sinds het antwoord op de NPS-vraag",
            kind="count",
            unit="dagen",
            missing=NO_ANSWER,
        ),
        _answered(
            name="satisfaction_score",
            label="Tevredenheid in het onderzoek",
            kind="number",
            unit="van 0 tot 100",
            missing=NO_ANSWER,
        ),
    ),
)
REVIEWING: Final = Theme(
    name="reviewing",
    package=__package__,
    facts=(REVIEW_DAYS,),
    variables=(
        _did(
            name="n_reviews",
            label="Geschreven reviews",
            kind="count",
            unit="reviews",
            missing="geen bron levert reviews",
        ),
        _felt(
            name="review_rating_mean",
            label="Gemiddelde waardering in reviews",
            kind="number",
            unit="sterren van 1 tot 5",
            missing="nooit een review met sterren geschreven",
        ),
    ),
)
PROMISE_KEEPING: Final = Theme(
    name="promise_keeping",
    package=__package__,
    facts=(PROMISE_DAYS,),
    variables=(
        _expects(
            name="promise_kept_share",
            label="Toezeggingen die zijn nagekomen",
            kind="share",
            unit="deel van de toezeggingen die het laatste jaar afliepen",
            missing="in het laatste jaar liep er geen toezegging af waarvan de afloop bekend is",
        ),
        _expects(
            name="n_promises_open",
            label="Toezeggingen die nog open staan",
            kind="count",
            unit="toezeggingen",
            missing=NO_PROMISES_KNOWN,
        ),
        _expects(
            name="n_promises_overdue",
            label="Toezeggingen over de datum",
            kind="count",
            unit="toezeggingen",
            missing=NO_PROMISES_KNOWN,
        ),
    ),
)
PREFERENCES: Final = Theme(
    name="stated_preferences",
    package=__package__,
    windows=(),
    facts=(PREFERENCE_DAYS,),
    variables=(
        _prefers(
            name="preferred_channel",
            basis="behavioural",
            label="Gewenst contactkanaal",
            missing="nooit een voorkeur voor een kanaal genoemd",
        ),
        _prefers(
            name="preferred_delivery",
            basis="behavioural",
            label="Gewenste bezorging",
            missing="nooit een voorkeur voor bezorging genoemd",
        ),
        _prefers(
            name="preferred_interest",
            basis="psychological",
            label="Genoemde belangstelling",
            missing="nooit belangstelling genoemd",
        ),
    ),
)

THEMES: Final = (SERVICE, RECOMMENDATION, REVIEWING, PROMISE_KEEPING, PREFERENCES)
