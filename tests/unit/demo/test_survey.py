"""The survey: what a researcher would find in it, held against what the persons really think."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from klantprofiel.demo.attitudes import CONSTRUCTS, make_attitudes
from klantprofiel.demo.draws import read_list
from klantprofiel.demo.experiences import make_experiences
from klantprofiel.demo.survey import WAVES, truth
from tests.unit.demo.sources import KIND_NAMES, column, made, person_of, world

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Floats, Ints

FILE = "onderzoek.xlsx"
ITEMS = read_list("survey_items")
N_ITEMS = len(ITEMS["item"])
CONSTRUCT = np.array(ITEMS["construct"])
REVERSED = np.array([each == "ja" for each in ITEMS["reversed"]])


@cache
def answers() -> Floats:
    """Return respondents by items; what was skipped is not a number."""
    given: Floats = made(FILE).rows["antwoord"].to_numpy().astype(float)
    return given.reshape(-1, N_ITEMS)


def respondents() -> Ints:
    return person_of(FILE)[::N_ITEMS]


def items_of(construct: str) -> Floats:
    """Return the answers to the items of a construct, reversed ones turned around."""
    turned: Floats = np.where(REVERSED, 6 - answers(), answers())[:, construct == CONSTRUCT]
    return turned


def alpha(items: Floats) -> float:
    """Cronbach's alpha (Cronbach, Psychometrika 16, 1951) over who answered all items."""
    whole = items[~np.isnan(items).any(axis=1)]
    k = whole.shape[1]
    return float(k / (k - 1) * (1 - whole.var(axis=0, ddof=1).sum() / whole.sum(axis=1).var(ddof=1)))


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_the_items_of_a_construct_hang_together(construct: str) -> None:
    assert 0.74 < alpha(items_of(construct)) < 0.88


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_scores_follow_what_people_really_think_but_not_exactly(construct: str) -> None:
    score = np.nanmean(items_of(construct), axis=1)
    true = make_attitudes(world()).scores[respondents(), CONSTRUCTS.index(construct)]
    known = ~np.isnan(score)
    assert 0.7 < np.corrcoef(score[known], true[known])[0, 1] < 0.95


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_planted_kinds_differ_and_overlap(construct: str) -> None:
    true = make_attitudes(world()).scores[:, CONSTRUCTS.index(construct)]
    kind = world().people.kind
    means = np.array([true[kind == each].mean() for each in range(len(KIND_NAMES))])
    explained = float((means[kind] ** 2).mean())  # of a variance of 1
    assert 0.2 < explained < 0.6


def test_a_reversed_item_runs_against_the_others() -> None:
    block = answers()[:, CONSTRUCT == "prijsbewustzijn"]
    block = block[~np.isnan(block).any(axis=1)]
    turned = REVERSED[CONSTRUCT == "prijsbewustzijn"]
    assert np.corrcoef(block[:, ~turned].mean(axis=1), block[:, turned].mean(axis=1))[0, 1] < -0.3


def test_some_people_agree_with_everything() -> None:
    statements = answers()[:, np.isin(CONSTRUCT, CONSTRUCTS)]
    straight = np.ptp(statements, axis=1) == 0
    attentive = statements[~straight & ~np.isnan(statements).any(axis=1)]
    turned = REVERSED[np.isin(CONSTRUCT, CONSTRUCTS)]
    forward, backward = attentive[:, ~turned], attentive[:, turned]
    agreeing = (forward.mean(axis=1) - 3) + (backward.mean(axis=1) - 3)
    assert agreeing.std() > 0.4


def test_some_give_one_answer_to_all_statements_and_some_hurry() -> None:
    statements = answers()[:, np.isin(CONSTRUCT, CONSTRUCTS)]
    straight = np.nanmax(statements, axis=1) == np.nanmin(statements, axis=1)
    seconds = made(FILE).rows["duur_sec"].to_numpy()[::N_ITEMS]
    hurried = seconds < np.median(seconds) / 2
    assert 0.03 < straight.mean() < 0.08
    assert 0.04 < hurried.mean() < 0.13
    assert hurried[straight].mean() > 0.3 > hurried[~straight].mean()


def test_the_truth_tells_who_did_not_read() -> None:
    told = truth(world())
    statements = answers()[:, np.isin(CONSTRUCT, CONSTRUCTS)]
    straight = np.nanmax(statements, axis=1) == np.nanmin(statements, axis=1)
    person = {(row["meting"], row["person_id"]) for row in told.filter(told["is_straight"]).to_pylist()}
    waves = column(FILE, "meting")[::N_ITEMS]
    found = {
        (wave, f"P-{each:08}")
        for wave, each, same in zip(waves, respondents(), straight, strict=True)
        if same
    }
    assert person <= found
    assert len(found) < 1.1 * len(person)


def test_four_waves_come_in_one_delivery_each_and_partly_from_the_same_people() -> None:
    wave = np.array(column(FILE, "meting"))
    assert [str(name) for name in dict.fromkeys(wave)] == [each.name for each in WAVES]
    for each in WAVES:
        assert len(np.unique(made(FILE).day[wave == each.name])) == 1
    first, second = (set(respondents()[wave[::N_ITEMS] == each.name]) for each in WAVES[:2])
    assert 0.25 < len(first & second) / len(first) < 0.65


def test_who_answers_is_a_small_part_and_not_the_average_customer() -> None:
    n = np.bincount(np.unique(respondents()), minlength=N_ITEMS)[: len(world().people)].sum()
    assert 0.03 < n / len(world().people) < 0.12
    kind = world().people.kind
    share = np.bincount(kind[np.unique(respondents())]) / np.bincount(kind)
    assert KIND_NAMES[int(share.argmax())] == "Tuinliefhebbers"
    assert KIND_NAMES[int(share.argmin())] == "Jonge stedelingen"


def test_some_items_are_skipped() -> None:
    assert 0.02 < np.isnan(answers()).mean() < 0.07


def test_answers_lie_on_the_scale_of_their_item() -> None:
    lowest, highest = (np.array(ITEMS[end], float) for end in ("lowest", "highest"))
    assert (np.nan_to_num(answers(), nan=1) >= np.minimum(lowest, 1)).all()
    assert (np.nan_to_num(answers(), nan=0) <= highest).all()
    assert (np.nanmin(answers(), axis=0) >= lowest).all()


def test_who_is_less_content_recommends_less() -> None:
    promoting = answers()[:, CONSTRUCT == "aanbeveling"].ravel()
    content = make_experiences(world()).contentment[respondents()]
    known = ~np.isnan(promoting)
    assert np.corrcoef(promoting[known], content[known])[0, 1] > 0.45
    score = (promoting[known] >= 9).mean() - (promoting[known] <= 6).mean()
    assert -0.25 < score < 0.35


def test_brands_have_an_image_of_their_own() -> None:
    brand, share = np.array(ITEMS["brand"]), np.nanmean(answers(), axis=0)

    def ticked(name: str, attribute: str) -> float:
        return float(share[(brand == name) & (attribute == CONSTRUCT)][0])

    assert ticked("Hamerstal", "betaalbaar") > ticked("Hoefblad", "betaalbaar")
    assert ticked("Nestwarm", "inspirerend") > ticked("Hamerstal", "inspirerend")
    assert ticked("Hoefblad", "ruime keuze") > ticked("Nestwarm", "ruime keuze")


def test_the_item_list_describes_every_item_that_is_asked() -> None:
    assert set(column(FILE, "vraag")) == set(column("vragen.csv", "vraag"))
    reversed_of = [name for name, turned in zip(CONSTRUCT, REVERSED, strict=True) if turned]
    assert set(reversed_of) == set(CONSTRUCTS)
