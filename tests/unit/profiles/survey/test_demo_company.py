"""The survey of the demo company: the planted attitudes and careless respondents are found again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pytest

from klantprofiel.demo.attitudes import CONSTRUCTS, make_attitudes
from klantprofiel.demo.survey import WAVES, truth
from klantprofiel.profiles.survey.constructs import psychology
from klantprofiel.project import find_project
from tests.spec.ascii import given_rows
from tests.spec.questionnaires import make_steps
from tests.unit.demo.sources import made, person_of, world

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Floats
    from klantprofiel.warehouse import Run

QUESTIONS: Final = find_project(__file__).schema("onderzoek").SurveyItems


@cache
def surveyed_company() -> Run:
    """Return a run with the tables of the survey; the customer is the person behind the number."""
    run = given_rows({})
    rows = made("onderzoek.xlsx").rows.append_column("person", pa.array(person_of("onderzoek.xlsx")))
    for name, query in {
        "survey_answers": """
            select 'o' as source, 'crm/' || klantnr as record_id, onderzoek as survey_id, meting as wave,
            vraag as item_id, cast(beantwoord_op as timestamp) as answered_at,
            cast(antwoord as varchar) as answer, cast(duur_sec as bigint) as seconds from rows
        """,
        "customer_records": """
            select distinct 'crm/' || klantnr as record_id,
            'P-' || lpad(cast(person as varchar), 8, '0') as customer_id from rows
        """,
    }.items():
        run.write(f"identity.{name}", run.arrow(query, rows=rows), describes="x.", grain="One row per x.")
    items = [
        {
            "source": "o",
            "item_id": row["vraag"],
            "construct": row["begrip"],
            "measures": QUESTIONS.measures.codes[row["soort"]],
            "item_text": row["tekst"],
            "lowest": int(row["laagste"]),
            "highest": int(row["hoogste"]),
            "is_reversed": row["omgekeerd"] == "ja",
            "is_special": False,
            "brand": row["merk"],
            "delivered_on": None,
            "batch_id": "b",
            "line_number": 1,
        }
        for row in made("vragen.csv").rows.to_pylist()
    ]
    run.write("identity.survey_items", pa.Table.from_pylist(items), describes="x.", grain="One row per x.")
    make_steps(run, ("survey_account",))
    psychology(run)
    return run


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_scale_is_found_reliable_in_every_wave(construct: str) -> None:
    rows = surveyed_company().rows(
        "select wave, n_complete, alpha_low, alpha, alpha_high, verdict, alpha_standardised "
        "from survey_reliability where construct = $construct order by wave",
        construct=construct,
    )
    assert {row[0] for row in rows} == {wave.name for wave in WAVES}
    for _, n_complete, low, alpha, high, verdict, standardised in rows:
        assert n_complete > 30
        assert low < alpha < high
        assert 0.68 < alpha < 0.9
        assert verdict in {"good", "sufficient"}
        assert standardised == pytest.approx(alpha, abs=0.02)  # items alike in spread


def test_planted_careless_respondents_are_flagged_and_hardly_anybody_else() -> None:
    planted = {
        (row["meting"], row["person_id"]): (row["is_straight"], row["is_hurried"])
        for row in truth(world()).to_pylist()
    }
    found = {
        (wave, person): (straight, hurried)
        for wave, person, straight, hurried in surveyed_company().rows(
            "select wave, customer_id, coalesce(is_straight, false), coalesce(is_hurried, false) "
            "from survey_quality"
        )
    }
    for place, least_found, least_right in ((0, 0.95, 0.95), (1, 0.6, 0.85)):
        flagged = {key for key, flags in found.items() if flags[place]}
        true = {key for key, flags in planted.items() if flags[place]}
        assert len(flagged & true) / len(true) > least_found
        assert len(flagged & true) / len(flagged) > least_right


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_scores_follow_what_people_really_think_better_without_the_careless(construct: str) -> None:
    run = surveyed_company()
    true = make_attitudes(world()).scores[:, CONSTRUCTS.index(construct)]
    ((measures,),) = run.rows("select distinct measures from survey_items where score_of = $of", of=construct)
    column = f"{measures}_{construct.replace('-', '_')}_score"
    scores = dict(run.rows(f"select customer_id, {column} from psychology where {column} is not null"))
    attentive = correlation(scores, true)
    everybody = correlation(
        dict(
            run.rows(
                """
                select customer_id, sum(scored) / count(*) from survey_answers
                join survey_items using (source, item_id)
                where construct = $construct
                group by customer_id, wave
                qualify row_number() over (partition by customer_id order by wave desc) = 1
                """,
                construct=construct,
            )
        ),
        true,
    )
    assert 0.8 < attentive < 0.95
    assert attentive > everybody


def test_nobody_else_has_a_score_and_no_score_lies_off_its_scale() -> None:
    run = surveyed_company()
    assert run.rows("select count(*) from psychology anti join survey_answers using (customer_id)") == [(0,)]
    assert run.rows(
        """
        select count(*) from survey_scores join survey_items using (source, measures, score_of)
        where score not between lowest and highest
        """
    ) == [(0,)]


def correlation(scores: dict[str, float], true: Floats) -> float:
    persons = np.array([int(person.removeprefix("P-")) for person in scores])
    return float(np.corrcoef(list(scores.values()), true[persons])[0, 1])
