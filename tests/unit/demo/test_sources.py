"""What holds for every smaller source of the fictional company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.demo import attitudes, experiences
from klantprofiel.demo.company import FIRST_DAY, LAST_DAY
from klantprofiel.demo.dirt import ROW_BEFORE
from klantprofiel.demo.world import make_world
from tests.unit.demo.sources import DAYS, N_PERSONS, OWN, column, made, person_of, source, world

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Days

KEYS = {
    "klantcontacten.jsonl": ["contactnr"],
    "reviews.jsonl": ["reviewnr"],
    "onderzoek.xlsx": ["meting", "klantnr", "vraag"],
    "vragen.csv": ["vraag"],
    "toezeggingen.csv": ["nummer"],
    "abonnementen.csv": ["abonnementsnr"],
    "abonnementsvormen.csv": ["artikelnr"],
    "campagnes.csv": ["campagne", "klantnr"],
    "zakelijke_klanten.csv": ["klantnr"],
    "zakelijke_bestellingen.csv": ["bestelnr", "regelnr"],
}
HAPPENED = {
    "klantcontacten.jsonl": "tijdstip",
    "reviews.jsonl": "geschreven_op",
    "onderzoek.xlsx": "beantwoord_op",
    "toezeggingen.csv": "vastgelegd_op",
    "abonnementen.csv": "begonnen_op",
    "campagnes.csv": "benaderd_op",
    "zakelijke_klanten.csv": "klant_sinds",
    "zakelijke_bestellingen.csv": "besteld_op",
}


def days(name: str, header: str) -> Days:
    values = made(name).rows[header].combine_chunks()
    if pa.types.is_string(values.type):
        date = pc.utf8_slice_codeunits(values, 0, 10)
        values = pc.strptime(date, "%Y-%m-%d" if name.endswith("jsonl") else "%d-%m-%Y", "s")
    moments: Days = values.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return moments


@pytest.mark.parametrize("name", OWN)
def test_every_row_is_delivered_on_a_day_of_the_calendar(name: str) -> None:
    delivered = made(name)
    assert len(delivered.day) == delivered.rows.num_rows > 0
    assert delivered.day.min() >= 0
    assert delivered.day.max() <= DAYS


@pytest.mark.parametrize("name", OWN)
def test_the_same_world_gives_the_same_rows(name: str) -> None:
    again = source(name).make(make_world(N_PERSONS, seed=5, days=DAYS))
    assert again.rows.equals(made(name).rows)
    assert np.array_equal(again.day, made(name).day)


@pytest.mark.parametrize("name", OWN)
def test_a_key_comes_once_in_a_delivery(name: str) -> None:
    rows = made(name).rows.append_column("delivery", pa.array(made(name).day))
    assert rows.group_by([*KEYS[name], "delivery"]).aggregate([]).num_rows == rows.num_rows


@pytest.mark.parametrize("name", HAPPENED)
def test_nothing_is_delivered_before_it_happened_nor_later_than_the_last_day(name: str) -> None:
    happened = days(name, HAPPENED[name])
    first = np.datetime64(LAST_DAY) - DAYS
    assert (happened < first + made(name).day).all()
    if name != "zakelijke_klanten.csv":  # some companies are customers for longer than the history
        assert happened.min() >= np.datetime64(FIRST_DAY)


@pytest.mark.parametrize("name", [name for name in OWN if name.startswith(("kl", "on", "to", "ab", "ca"))])
def test_no_source_holds_a_number_that_the_crm_does_not_know(name: str) -> None:
    if "klantnr" in made(name).rows.column_names:
        known = {*world().crm.number.to_pylist(), None}
        assert set(column(name, "klantnr")) <= known


def test_reviews_are_written_under_accounts_of_the_web_shop() -> None:
    assert (person_of("reviews.jsonl", "accountnr") >= 0).all()


@pytest.mark.parametrize("name", OWN)
def test_every_stain_fits_a_column_of_its_file(name: str) -> None:
    rows = made(name).rows
    for stain in source(name).stains:
        kind = rows.schema.field(stain.column).type
        assert stain.value is ROW_BEFORE or pa.scalar(stain.value, kind) is not None


@settings(max_examples=15, deadline=None)
@given(customers=st.integers(1, 30), seed=st.integers(0, 2**32), n_days=st.integers(0, 365))
def test_a_world_however_small_has_all_sources(customers: int, seed: int, n_days: int) -> None:
    small = make_world(customers, seed=seed, days=n_days)
    for name in OWN:
        delivered = source(name).make(small)
        assert len(delivered.day) == delivered.rows.num_rows


def test_the_truth_has_a_row_for_every_person() -> None:
    for truth in (attitudes.truth(world()), experiences.truth(world())):
        assert truth.num_rows == N_PERSONS
        assert truth["person_id"][0].as_py() == "P-00000000"
