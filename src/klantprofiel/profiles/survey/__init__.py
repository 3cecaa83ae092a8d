"""What customers think and want, from surveys: scores of motives, values, attitudes, needs and media habits.

survey_items, survey_account   the list of items; what became of each answer
survey_answers                 facts: answers on the scale of their item, reversed ones turned as well
survey_quality                 who answered without reading
survey_scores                  the mean of the items of a scale, per customer and wave
survey_reliability             Cronbach's alpha and item-total statistics; Reliability(tables) shows them
psychology                     the theme: each customer's last scores; its variables follow from the items
"""

from __future__ import annotations

from typing import Final

from klantprofiel.profiles.survey.constructs import psychology
from klantprofiel.profiles.survey.reliability import Reliability
from klantprofiel.profiles.theme import Facts, Theme

SURVEY_ITEMS: Final = Facts(name="survey_items", package=__package__)
SURVEY_ACCOUNT: Final = Facts(name="survey_account", package=__package__)
SURVEY_ANSWERS: Final = Facts(name="survey_answers", package=__package__)

PSYCHOLOGY: Final = Theme(
    name="psychology",
    package=__package__,
    references=(SURVEY_ITEMS, SURVEY_ACCOUNT),
    facts=(SURVEY_ANSWERS,),
    make=psychology,
)

THEMES: Final = (PSYCHOLOGY,)

__all__ = ["PSYCHOLOGY", "SURVEY_ACCOUNT", "SURVEY_ANSWERS", "SURVEY_ITEMS", "THEMES", "Reliability"]
