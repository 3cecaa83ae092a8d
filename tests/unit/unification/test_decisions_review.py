"""What is most worth a look, and how precise the customers are by what people said of a random sample."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pytest

from klantprofiel.errors import ConfigurationError, KlantprofielError, NotFoundError
from klantprofiel.unification.decisions import (
    draw_sample,
    join,
    precision_estimate,
    preview,
    review,
    sample,
    split,
)
from klantprofiel.warehouse import Warehouse, open_owner
from tests.unit.unification import doubt

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.unification.decisions import Review
    from tests.unit.unification.doubt import Signed

SIGNED: Final[Signed] = {"by": "Els", "because": "zelfde adres"}


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setattr(preview, "regroup", doubt.regroup)
    monkeypatch.setattr("klantprofiel.unification.decisions.doubtful.threshold_bits", lambda _release: 0.0)
    warehouse = Warehouse(tmp_path / "klanten")
    doubt.publish(warehouse)
    return warehouse


def reviewed(warehouse: Warehouse, n: int = 20) -> Review:
    with open_owner(warehouse.store.root) as release:
        return review(release, warehouse.ledger, n=n)


def pairs(found: Review) -> list[tuple[str, str]]:
    return [(pair.first_record_id, pair.record_id) for pair in found.pairs]


def test_the_nearest_to_the_threshold_comes_first_weighted_by_what_hangs_on_it(warehouse: Warehouse) -> None:
    found = reviewed(warehouse)

    # web/2 against K-000001: .24 of 3 records; Bert's web/4: .22 of 3; the others are no doubt.
    assert pairs(found) == [("crm/1", "web/2"), ("crm/2", "web/4")]
    assert [(pair.score, pair.n_records) for pair in found.pairs] == [(-0.5, 3), (1.0, 3)]
    assert pairs(reviewed(warehouse, n=1)) == [("crm/1", "web/2")]


def test_groups_that_were_cut_come_first_then_those_with_withheld_links(warehouse: Warehouse) -> None:
    found = reviewed(warehouse)

    assert [(group.component, group.n_parts, group.n_guarded) for group in found.groups] == [
        ("crm/2", 2, 0),
        ("crm/1", 1, 1),
    ]
    assert [(group.n_records, group.n_customers, group.customer_id) for group in found.groups] == [
        (3, 1, "K-000003"),
        (3, 2, "K-000001"),
    ]


def test_what_is_decided_is_not_asked_again(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/1"], **SIGNED)
    split(warehouse, ["web/2"], apart_from=["web/1"], **SIGNED)  # and so from crm/1

    assert pairs(reviewed(warehouse)) == [("crm/2", "web/4")]
    join(warehouse, ["K-000003"], **SIGNED)
    assert pairs(reviewed(warehouse)) == []


def test_only_masked_values_are_shown(warehouse: Warehouse) -> None:
    found = reviewed(warehouse)
    shown = json.dumps(found.rows()) + str(found)

    secrets = ("anna", "vries", "bert", "jansen", "voorbeeld", "03-04", "3511AB", "1234567")
    assert [secret for secret in secrets if secret in shown] == []
    first = found.rows()[0]
    assert (first["first_given_name"], first["surname"], first["first_birth_date"]) == (
        "a***",
        "v***",
        "1980-**-**",
    )
    assert (first["first_email"], first["email"]) == ("a***@***.nl", "v***@***.nl")
    assert (first["given_name_bits"], first["email_bits"]) == (6.0, -4.0)
    assert "voor: voornaam" in str(found)
    assert "tegen: e-mailadres" in str(found)


def test_every_row_has_every_column(warehouse: Warehouse) -> None:
    rows = reviewed(warehouse).rows()

    assert [row["what"] for row in rows] == ["pair", "pair", "group", "group"]
    assert len({tuple(row) for row in rows}) == 1


def test_a_release_without_pairs_says_what_to_do(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "klanten")
    doubt.publish_unlinked(warehouse)
    with pytest.raises(NotFoundError, match=r"has no link_model, identity\.link_records"):
        reviewed(warehouse)


def test_a_draw_is_of_pairs_of_one_customer_and_noted_with_its_probability(warehouse: Warehouse) -> None:
    drawn = draw_sample(warehouse, n=2, random_state=1)

    (noted,) = warehouse.ledger.draws()
    assert (noted["n_pairs"], noted["probability"], noted["random_state"]) == (4, 0.5, 1)
    assert [tuple(pair) for pair in noted["pairs"]] == pairs(drawn)
    within = {("crm/1", "web/1"), ("crm/2", "web/3"), ("crm/2", "web/4"), ("web/3", "web/4")}
    assert len(within & set(pairs(drawn))) == 2
    assert pairs(draw_sample(warehouse, n=2, random_state=1)) == pairs(drawn)
    assert set(pairs(draw_sample(warehouse, n=9, random_state=2))) == within


def test_each_pair_is_drawn_equally_often() -> None:
    sizes = [2, 3, 7, 40]
    members = [
        (f"K-{customer}", f"r/{customer}{n:02}") for customer, size in enumerate(sizes) for n in range(size)
    ]
    table = pa.table({"customer_id": [c for c, _ in members], "record_id": [r for _, r in members]})

    class Release:
        def arrow(self, _query: str) -> pa.Table:
            return table

    drawn, n_pairs = sample._drawn(Release(), 10_000, 0)  # type: ignore[arg-type]  # noqa: SLF001

    customers = {record: customer for customer, record in members}
    assert n_pairs == sum(size * (size - 1) // 2 for size in sizes) == len(set(drawn))
    assert all(customers[first] == customers[record] and first < record for first, record in drawn)
    counts = np.zeros(n_pairs)
    for state in range(400):
        chosen, _ = sample._drawn(Release(), 80, state)  # type: ignore[arg-type]  # noqa: SLF001
        counts[[drawn.index(pair) for pair in chosen]] += 1
    expected = 400 * 80 / n_pairs
    assert abs(counts - expected).max() < 6 * np.sqrt(expected)


def test_precision_is_estimated_from_what_was_decided_on_the_draw(warehouse: Warehouse) -> None:
    draw_sample(warehouse, n=4, random_state=0)
    join(warehouse, ["crm/1", "web/1"], **SIGNED)
    join(warehouse, ["crm/2", "web/3"], **SIGNED)
    split(warehouse, ["web/4"], apart_from=["web/3"], **SIGNED)  # and so from crm/2

    with open_owner(warehouse.store.root) as release:
        found = precision_estimate(warehouse.ledger, release)

    assert (found.n_pairs, found.n_drawn, found.n_labelled, found.n_right) == (4, 4, 4, 2)
    assert found.precision == 0.5
    assert (found.low, found.high) == pytest.approx(sample.wilson_interval(2, 4))
    assert "50,0%" in str(found)


def test_what_is_not_decided_yet_does_not_count(warehouse: Warehouse) -> None:
    draw_sample(warehouse, n=4, random_state=0)
    with open_owner(warehouse.store.root) as release:
        found = precision_estimate(warehouse.ledger, release)

    assert (found.n_labelled, found.precision, found.low) == (0, None, None)
    assert "onbekend" in str(found)
    assert "Van 4 getrokken paren" in str(found)


def test_a_sample_of_an_earlier_release_is_named_as_such(warehouse: Warehouse) -> None:
    draw_sample(warehouse, n=4, random_state=0)
    join(warehouse, ["crm/1", "web/1"], **SIGNED)
    doubt.publish(warehouse)
    with open_owner(warehouse.store.root) as release:
        assert release.release_id == "000002-nightly"
        assert precision_estimate(warehouse.ledger, release).release_id == "000001-nightly"


def test_nothing_drawn_is_nothing_estimated(warehouse: Warehouse) -> None:
    with (
        open_owner(warehouse.store.root) as release,
        pytest.raises(NotFoundError, match="no pairs were drawn"),
    ):
        precision_estimate(warehouse.ledger, release)
    with pytest.raises(ConfigurationError, match="n is 0"):
        draw_sample(warehouse, n=0, random_state=1)


def test_where_no_customer_has_two_records_there_is_nothing_to_draw(warehouse: Warehouse) -> None:
    with warehouse.run("nightly", as_of=doubt.AS_OF) as run:
        run.execute("delete from identity.source_records where record_id not in ('crm/1', 'crm/2')")
    with pytest.raises(KlantprofielError, match="no customer has two records"):
        draw_sample(warehouse, n=2, random_state=1)


# Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3, to four decimals.
@pytest.mark.parametrize(
    ("n_right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_published_table(n_right: int, n: int, low: float, high: float) -> None:
    assert sample.wilson_interval(n_right, n) == pytest.approx((low, high), abs=5e-5)
    assert sample.wilson_interval(n - n_right, n) == pytest.approx((1 - high, 1 - low), abs=5e-5)
