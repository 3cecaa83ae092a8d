from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import NotFoundError

if TYPE_CHECKING:
    from klantprofiel.reading import Release


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


def test_the_card_shows_units_and_what_is_unknown(release: Release) -> None:
    card = str(release.customer("K-000002"))
    assert "€ 12,50" in card
    assert "25,0%" in card
    assert "onbekend" in card
    assert "3 dagen" in str(release.customer("K-000001"))
    assert "<table" in release.customer("K-000001")._repr_html_()
