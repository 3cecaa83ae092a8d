"""People: the age, the household and the life stage of customers, and how long they are known.

living                  facts: how and where each customer lives, without a name, an address or a day of birth
demographics, tenure    the themes, as of a date
"""

from __future__ import annotations

from functools import partial
from typing import Final

from klantprofiel.profiles.purchases import PURCHASE_DAYS
from klantprofiel.profiles.theme import Facts, Theme
from klantprofiel.profiles.variable import Variable

NO_AGE: Final = "geen geboortedatum bekend, of een die niet kan"

_who = partial(Variable, facet="gegevens", unit="")
_home = partial(Variable, facet="leefwereld", basis="demographic", unit="")

LIVING: Final = Facts(name="living", package=__package__, is_state=True)

DEMOGRAPHICS: Final = Theme(
    name="demographics",
    package=__package__,
    facts=(LIVING,),
    variables=(
        Variable(
            name="age_years",
            label="Leeftijd",
            facet="gegevens",
            basis="demographic",
            kind="count",
            unit="jaar",
            missing=NO_AGE,
            protected=True,
        ),
        _who(
            name="age_band",
            label="Leeftijdsklasse",
            basis="demographic",
            kind="category",
            missing="geen geboortedatum bekend en geen klasse geleverd",
            protected=True,
        ),
        _home(
            name="household_size",
            label="Huishoudgrootte",
            kind="category",
            missing="door geen bron geleverd",
        ),
        Variable(
            name="n_household_customers",
            label="Klanten in het huishouden",
            facet="leefwereld",
            basis="demographic",
            kind="count",
            unit="klanten",
            missing="van geen huishouden bekend",
        ),
        _home(
            name="life_stage",
            label="Levensfase",
            kind="category",
            missing=f"{NO_AGE}, of het aantal personen in het huishouden is onbekend",
            protected=True,
        ),
    ),
)
TENURE: Final = Theme(
    name="tenure",
    package=__package__,
    facts=(LIVING, PURCHASE_DAYS),
    windows=(),
    days_since=("tenure_days",),
    variables=(
        Variable(
            name="tenure_days",
            label="Dagen klant",
            facet="gegevens",
            basis="behavioural",
            kind="count",
            unit="dagen",
            missing="geen inschrijving en geen bestelling bekend",
        ),
    ),
)

THEMES: Final = (DEMOGRAPHICS, TENURE)
