"""Wat het onderzoeksbureau na elke meting levert: antwoorden als werkblad, en de lijst van vragen."""

from klantprofiel import schema as s

CSV = s.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y", timestamp_format="%d-%m-%Y %H:%M:%S")


class SurveyResponses(s.EventTable, maps_to=s.canonical.SurveyAnswers):
    """Antwoorden op het klantonderzoek: one row per respondent, wave and item; skipped items are empty."""

    source = "onderzoek"
    customers_of = "crm"  # the agency mails the customer numbers that it was given
    dialect = s.Excel()
    purpose = "onderzoek"
    retention = s.years(3)
    quarantine = s.at_most(share=0.02)

    survey_id = s.Text(label="Onderzoek", source="onderzoek", key=True)
    wave = s.Text(label="Meting", source="meting", key=True, pattern="[0-9]{4}-K[1-4]")
    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True, pattern="[0-9]{7}")
    item_id = s.Text(label="Vraag", source="vraag", key=True, pattern="[ABEIMNT][0-9]{2}")
    answer = s.Text(label="Antwoord", source="antwoord", nullable=True)
    answered_at = s.Timestamp(label="Beantwoord op", source="beantwoord_op")
    seconds = s.Integer(
        label="Duur van de hele vragenlijst", source="duur_sec", unit="seconden", minimum=0, nullable=True
    )

    answered_by_now = s.rule(
        "cast(answered_at as date) <= $as_of", because="een meting wordt pas na afloop geleverd"
    )
    answer_on_scale = s.rule(
        "case when item_id like 'N%' then try_cast(answer as bigint) between 0 and 10 "
        "when item_id like 'T%' then try_cast(answer as bigint) between 1 and 10 "
        "when item_id = 'E01' then try_cast(answer as bigint) between 1 and 10 "
        "when item_id like 'E%' then try_cast(answer as bigint) between 1 and 72 "
        "when item_id like 'I%' then try_cast(answer as bigint) between 0 and 1 "
        "else try_cast(answer as bigint) between 1 and 5 end",
        because="het antwoord ligt buiten de schaal van de vraag",
    )
    answer_is_number = s.rule(
        "answer is null or try_cast(answer as bigint) is not null", because="een antwoord is een geheel getal"
    )


class SurveyItems(s.ReferenceTable, maps_to=s.canonical.SurveyItems):
    """Vragen van het klantonderzoek: one row per item, with the construct it measures and its scale."""

    name = "survey_questions"
    source = "onderzoek"
    dialect = CSV
    quarantine = s.at_most(share=0)

    item_id = s.Text(label="Vraag", source="vraag", key=True, pattern="[ABEIMNT][0-9]{2}")
    construct = s.Text(label="Begrip", source="begrip")
    measures = s.Choice(
        label="Wat de vraag meet",
        source="soort",
        values={
            "motief": "motive",
            "waarde": "value",
            "houding": "attitude",
            "behoefte": "need",
            "verwachting": "expectation",
            "media": "media",
            "tevredenheid": "satisfaction",
            "aanbeveling": "recommendation",
            "imago": "image",
        },
    )
    item_text = s.Text(label="Tekst van de vraag", source="tekst")
    lowest = s.Integer(label="Laagste antwoord", source="laagste")
    highest = s.Integer(label="Hoogste antwoord", source="hoogste")
    is_reversed = s.Flag(label="Omgekeerd gesteld", source="omgekeerd", values={"ja": True, "nee": False})
    brand = s.Text(label="Merk", source="merk", nullable=True)

    scale_in_order = s.rule("lowest < highest", because="een schaal loopt van laag naar hoog")
