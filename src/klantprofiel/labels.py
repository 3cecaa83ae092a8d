"""Dutch labels of the words that several rooms share; code uses the keys, people read the values."""

from __future__ import annotations

from typing import Final

FACETS: Final = {
    "gegevens": "Gegevens",
    "leefwereld": "Leefwereld",
    "behoeften": "Behoeften",
    "verwachtingen": "Verwachtingen",
    "ervaring": "Ervaring",
}

BASES: Final = {
    "geographic": "Geografisch",
    "demographic": "Demografisch",
    "psychological": "Psychologisch",
    "behavioural": "Gedrag",
}

NO_BASIS: Final = "geen"

GROUNDS: Final = {
    "consent": "toestemming",
    "contract": "uitvoering overeenkomst",
    "legitimate_interest": "gerechtvaardigd belang",
    "legal_obligation": "wettelijke verplichting",
}

CHANNELS: Final = {
    "analysis": "analyse",
    "email": "e-mail",
    "phone": "telefoon",
    "post": "post",
    "store": "winkel",
    "web": "webwinkel",
}

SEXES: Final = {
    "female": "vrouw",
    "male": "man",
    "other": "anders",
}

FINDINGS: Final = {  # why a variable tells nothing, or too little, of a group of customers
    "empty": "bij geen enkele klant bekend",
    "constant": "bij alle klanten gelijk",
    "rare": "bij meer dan 99 van de 100 klanten onbekend",
    "unreliable": "de vragen ervan hangen te weinig samen (lage alfa)",
    "single_item": "op één stelling gebaseerd, waarvan de betrouwbaarheid niet te bepalen is",
}

ONE: Final = {  # of what is counted, how one is called
    "bestellingen": "bestelling",
    "categorieën": "categorie",
    "contacten": "contact",
    "dagen": "dag",
    "kanalen": "kanaal",
    "klachten": "klacht",
    "klanten": "klant",
    "paren": "paar",
    "records": "record",
    "reviews": "review",
    "seconden": "seconde",
    "toezeggingen": "toezegging",
}

UNKNOWN: Final = "onbekend"
