from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from klantprofiel.display import Muted, Share, dutch, to_json
from klantprofiel.errors import NotFoundError
from klantprofiel.reading import open_release
from tests.unit.reading.conftest import AS_OF, EARLIER, LATER, NUMBERS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Warehouse

DECLARED = {
    "value_nature_score": ("Natuur", "behoeften", "number", "schaal 1 t/m 7", "te weinig vragen beantwoord"),
    "motive_ease_score": ("Gemak", "behoeften", "number", "schaal 1 t/m 7", "te weinig vragen beantwoord"),
    "grade": ("Cijfer", "ervaring", "number", "van 0 tot 10", "nooit contact"),
    "n_complaints": ("Aantal klachten", "ervaring", "count", "klachten", "nooit contact"),
}
THEMES = ("psychology", "psychology", "psychology", "service_experience")
FIRST, *OTHERS = NUMBERS


@pytest.fixture
def release(warehouse: Warehouse) -> Iterator[Release]:
    """Return the village after another run, that knows more of its first customer."""
    with warehouse.run("nightly", as_of=AS_OF) as run:
        for name, columns in tables().items():
            run.write(name, pa.table(columns), describes=f"{name}.", grain="One row per case.")
    with open_release(warehouse.store.root) as release:
        yield release


def tables() -> dict[str, dict[str, list[object]]]:
    """Return profiles with more variables, the golden record as it may be shown, and what changed of it."""
    unknown: list[object] = [None] * len(OTHERS)
    fields = ("label", "facet", "kind", "unit", "missing")
    more: dict[str, list[object]] = {
        field: [each[place] for each in DECLARED.values()] for place, field in enumerate(fields)
    }
    more |= {"name": [*DECLARED], "basis": ["behavioural"] * 4, "theme": [*THEMES]}
    more |= {"purpose": ["segmentatie"] * 4, "protected": [False] * 4, "special": [False] * 4}
    known = {"value_nature_score": None, "motive_ease_score": 5.5, "grade": 7.25, "n_complaints": 1}
    return {
        "profiles": {name: [*column] for name, column in TABLES["profiles"].items()}
        | {name: [value, *unknown] for name, value in known.items()},
        "variables": {name: [*column, *more[name]] for name, column in TABLES["variables"].items()},
        "masked_golden_record": {
            "customer_id": [*NUMBERS],
            "given_name": ["A***", *unknown],
            "surname": ["V***"] * 12,
            "sex": ["female", *unknown],
            "email": ["a***@***.nl", *unknown],
            "updated_on": ["2026-09", *unknown],
            "email_rank": [1] * 12,
        },
        "attribute_changes": {
            "customer_id": [FIRST] * 3,
            "attribute": ["email", "email", "sex"],
            "valid_from": [date(2026, 8, 1), date(2026, 9, 1), date(2026, 8, 1)],
            "valid_to": [date(2026, 9, 1), None, None],
            "recorded_at": [EARLIER, LATER, EARLIER],
            "replaced_at": [None, None, LATER],
            "masked": [None, "a***@***.nl", "female"],
        },
        "batches": {"batch_id": ["b1", "b2"], "recorded_at": [EARLIER, LATER]},
        "survey_answers": {"customer_id": [FIRST, "K-000003"]},
    }


def test_a_customer_is_read_with_variables_segments_and_sources(release: Release) -> None:
    customer = release.customer("K-000001")
    assert customer.variables["recency_days"] == 3
    assert customer.segments == {"behoeften": "S1"}
    assert customer.sources == ("crm", "kassa", "webwinkel")
    assert customer.merged_from is None


def test_provenance_names_source_and_rule_and_masks_the_value(release: Release) -> None:
    email = release.customer("K-000001").provenance("email")
    assert (email.source, email.rule, email.n_values, email.n_distinct) == ("crm", "best_source", 3, 2)
    assert email.masked == "j•••@d•••.nl"
    assert "E-mailadres" in str(email)
    assert "beste bron" in str(email)
    with pytest.raises(NotFoundError, match="did you mean 'email'"):
        release.customer("K-000001").provenance("emial")
    with pytest.raises(NotFoundError, match="no source gave 'email'"):
        release.customer("K-000002").provenance("email")


@pytest.mark.parametrize("number", ["K-000090", "K-000091"])
def test_a_merged_customer_is_found_under_the_number_it_has_now(release: Release, number: str) -> None:
    customer = release.customer(number)
    assert (customer.customer_id, customer.merged_from) == ("K-000001", number)
    assert "samengevoegd" in str(customer)


@pytest.mark.parametrize("written", ["k-000001", "1", "K1", "K-1", " K-000001"])
def test_a_number_in_another_form_is_recognised(release: Release, written: str) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'K-000001'"):
        release.customer(written)


@pytest.mark.parametrize("unknown", ["K-000013", "Jansen", "", "0", "K-999999999999"])
def test_an_unknown_customer_is_refused_without_naming_another(release: Release, unknown: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        release.customer(unknown)
    assert "did you mean" not in str(caught.value)


def test_a_card_per_facet_shows_units_and_what_absence_means(release: Release) -> None:
    known, unknown = (release.customer(number).summary()["cards"] for number in ("K-000001", "K-000002"))
    assert [card["title"] for card in known] == ["Gegevens", "Leefwereld", "Behoeften", "Ervaring"]
    assert [(label, dutch(value)) for label, value in known[0]["facts"]][-2:] == [
        ("Dagen sinds laatste aankoop", "3 dagen"),
        ("Besteding", "€ 12,50"),
    ]
    assert known[1]["facts"] == [("Aandeel online", Share(0.25))]
    assert known[2]["facts"][0] == ("Gemak", "5,5 (schaal 1 t/m 7)")
    assert known[3]["facts"] == [("Cijfer", "7,25 (van 0 tot 10)"), ("Aantal klachten", "1 klacht")]
    assert unknown[0]["facts"][-1] == ("Dagen sinds laatste aankoop", Muted("nooit besteld"))
    assert unknown[3]["facts"] == [
        ("Aantal klachten", Muted("nooit contact")),
        ("Cijfer", Muted("niet ondervraagd")),
    ]


def test_the_card_shows_the_golden_record_masked_and_its_name_as_one(release: Release) -> None:
    facts = dict(release.customer("K-000001").summary()["cards"][0]["facts"])
    assert list(facts.items())[:3] == [
        ("Naam", "A*** V***"),
        ("Geslacht", "vrouw"),
        ("E-mailadres", "a***@***.nl"),
    ]
    facts = dict(release.customer("K-000002").summary()["cards"][0]["facts"])
    assert facts["Naam"] == "V***"
    assert isinstance(facts["Geslacht · E-mailadres · Bijgewerkt op"], Muted)


def test_who_never_answered_a_survey_has_one_line_and_who_did_hears_what_is_missing(release: Release) -> None:
    never, once = (release.customer(number).summary()["cards"][2] for number in ("K-000002", "K-000003"))
    assert never["facts"] == [("Wat een vragenlijst vertelt", Muted("niet ondervraagd"))]
    assert once["facts"] == [("Natuur · Gemak", Muted("te weinig vragen beantwoord"))]


def test_the_card_begins_with_the_segment_and_what_marks_it(release: Release) -> None:
    assert release.customer("K-000001").summary()["facts"] == {
        "Segment (behoeften)": "S1: Trouw",
        "Bronnen": ("crm", "kassa", "webwinkel"),
    }


def test_what_is_unknown_is_soft_on_a_card_and_null_for_machines(release: Release) -> None:
    customer = release.customer("K-000002")
    assert "(nooit besteld)" in str(customer)
    assert '<dd class="muted">nooit besteld</dd>' in customer._repr_html_()
    assert "nooit besteld" not in to_json(customer.summary())


def test_a_name_that_is_not_there_names_the_nearest(release: Release) -> None:
    customer = release.customer("K-000001")
    with pytest.raises(NotFoundError, match="did you mean 'recency_days'"):
        customer.variables["recency"]
    with pytest.raises(NotFoundError, match="did you mean 'behoeften'"):
        customer.segments["behoefte"]
    with pytest.raises(NotFoundError, match="did you mean 'email'"):
        customer.person["e_mail"]
    with pytest.raises(NotFoundError, match="did you mean 'email'"):
        customer.history("emial")


def test_history_tells_since_when_it_holds_and_since_when_it_is_known(release: Release) -> None:
    history = release.customer("K-000001").history("email")
    assert [(v.masked, v.valid_from, v.valid_to, v.days_late) for v in history.versions] == [
        (None, date(2026, 8, 1), date(2026, 9, 1), 31),
        ("a***@***.nl", date(2026, 9, 1), None, 1),
    ]
    whole = release.customer("K-000001").history()
    assert len(whole) == 3
    assert "vrouw" in str(whole)
    assert whole.summary()["facts"]["Waarvan later verbeterd"] == 1
    assert [version.attribute for version in whole.versions] == ["sex", "email", "email"]  # as on the card


def test_how_late_news_came_is_not_told_of_what_was_in_the_first_delivery(release: Release) -> None:
    first, second = release.customer("K-000001").history("email").versions
    assert (first.is_from_start, second.is_from_start) == (True, False)
    assert (first.row()[5], second.row()[5]) == ("", 1)
    notes = release.customer("K-000001").history("email").summary()["notes"]
    assert notes[0] == "Zonder aantal dagen: dit stond al in de eerste levering."


def test_what_never_changed_is_said_in_words(release: Release) -> None:
    assert "niets gewijzigd" in str(release.customer("K-000002").history())
    assert len(release.customer("K-000001").history("phone")) == 0
