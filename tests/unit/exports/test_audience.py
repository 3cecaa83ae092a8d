from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.errors import ConfigurationError, NotFoundError, PermissionRefusedError
from klantprofiel.exports import Account, Audience, audience
from klantprofiel.exports.reach import addresses_for, outcomes
from klantprofiel.purposes import Register, permitted
from klantprofiel.warehouse.tables import Connected
from tests.unit.exports.conftest import AS_OF, MOMENT, REGISTER, SHARED, Consent, Person, frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.reading import Release
    from tests.unit.exports.conftest import Village


def reached(found: Audience) -> list[str]:
    ids: list[str] = found.members["customer_id"].to_pylist()
    return ids


VILLAGERS = [
    Person("K-000001", "S1", email="a@dorp.nl"),
    Person("K-000002", "S1", email="b@dorp.nl"),
    Person("K-000003", "S1", email="c@dorp.nl"),
    Person("K-000004", "S1"),
    Person("K-000005", "S1", email="A@dorp.nl "),
    Person("K-000006", "S1", email="c@dorp.nl"),
    Person("K-000007", "S2", email="g@dorp.nl"),
    Person("K-000008", "S1", email="h@dorp.nl"),
]
STATEMENTS = [
    Consent("K-000001", "given", "email"),
    Consent("K-000003", "objected", "email"),
    Consent("K-000004", "given", "email"),
    Consent("K-000005", "given", "email"),
    Consent("K-000006", "given", "email"),
    Consent("K-000007", "given", "email"),
    Consent("K-000008", "given", "email"),
]


def test_every_customer_in_the_segments_is_in_one_line_of_the_account(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(VILLAGERS, STATEMENTS, gone=["K-000008"])
    found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="email", release=opened())
    assert found.account.as_dict() == {
        "in_segments": 7,
        "gone": 1,
        "no_ground": 1,
        "objected": 1,
        "unclear": 0,
        "no_address": 1,
        "address_refused": 1,
        "shared_address": 1,
        "net": 1,
    }
    assert reached(found) == ["K-000001"]


def test_a_statement_that_cannot_be_read_has_its_own_line(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    unread = Consent("K-000001", "unclear", purpose="all", stated_at=MOMENT + timedelta(days=90))
    dorp = village(VILLAGERS[:2], [*STATEMENTS, unread, Consent("K-000002", "given")])
    found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="email", release=opened())
    assert (found.account.unclear, found.account.no_ground, found.account.net) == (1, 0, 1)
    assert "Verklaring onleesbaar, eerst uitzoeken" in str(found)


@pytest.mark.parametrize("status", ["withdrawn", "objected", "unclear"])
def test_an_address_in_any_record_of_who_refused_is_not_used_for_another(
    village: Callable[..., Village], opened: Callable[[], Release], status: str
) -> None:
    home: dict[str, Any] = {"surname": "Bos", "house_number": 1, "postal_code": "1234AB"}
    where: dict[str, Any] = {"street": "Dorpsstraat", "place": "Dorp"}
    dorp = village(
        [
            Person("K-000001", "S1", email="new@dorp.nl", phone="+31611111111"),
            Person("K-000002", "S1", email="old@dorp.nl", phone="+31622222222", **home, **where),
        ],
        [Consent("K-000001", status), Consent("K-000002", "given")],
        records=[Person("K-000001", "S1", email="old@dorp.nl", phone="+31622222222", **home)],
    )
    for channel in ("email", "phone", "post"):
        found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel=channel, release=opened())
        assert (found.account.address_refused, found.account.net) == (1, 0), channel


def test_only_the_golden_record_says_where_somebody_is_reached(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(
        [Person("K-000001", "S1"), Person("K-000002", "S1", email="b@dorp.nl")],
        [Consent("K-000001", "given"), Consent("K-000002", "given")],
        records=[
            Person("K-000001", "S1", email="b@dorp.nl"),
            Person("K-000002", "S1", email="c@dorp.nl"),
        ],
    )
    found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="email", release=opened())
    assert (found.account.no_address, reached(found)) == (1, ["K-000002"])


def test_a_mailbox_or_telephone_that_many_share_is_no_address(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(
        [
            Person("K-000001", "S1", email="info@dorp.nl", phone="+31201234567"),
            Person("K-000002", "S1", email="b@dorp.nl", phone="+31612345678"),
        ],
        [Consent("K-000001", "given"), Consent("K-000002", "given")],
    )
    for channel in ("email", "phone"):
        found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel=channel, release=opened())
        assert (found.account.no_address, reached(found)) == (1, ["K-000002"]), channel


def test_without_a_release_the_one_in_force_in_the_project_is_read(village: Callable[..., Village]) -> None:
    dorp = village(VILLAGERS, STATEMENTS)
    found = audience(dorp.choice("S2"), purpose="nieuwsbrief", channel="email")
    assert (reached(found), found.release_id) == (["K-000007"], "000001-nightly")


def test_the_warehouse_is_the_one_that_the_segmentation_comes_from(
    village: Callable[..., Village],
    opened: Callable[[], Release],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dorp = village(VILLAGERS, STATEMENTS)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with dorp.warehouse.run("segmentation", as_of=AS_OF) as run:
        pass
    for tables in (run, opened()):
        asked: Any = (replace(dorp.segmentation, tables=tables), ["S2"])
        found = audience(asked, purpose="nieuwsbrief", channel="email")
        assert (len(found), found.release_id, found.root) == (1, "000002-segmentation", dorp.root / "klanten")


def test_letters_go_to_one_name_per_address_and_need_a_whole_address(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    home: dict[str, Any] = {
        "street": "Dorpsstraat",
        "house_number": 1,
        "postal_code": "1234AB",
        "place": "Dorp",
    }
    dorp = village(
        [
            Person("K-000001", "S1", surname="Jansen", **home),
            Person("K-000002", "S1", surname="jansen", **home),
            Person("K-000003", "S1", surname="Bakker", **home),
            Person("K-000004", "S1", surname="Bakker", **{**home, "house_number": 2}),
            Person("K-000005", "S1", surname="Bakker", **{**home, "postal_code": None}),
            Person("K-000006", "S1", surname="Bakker", **home, house_number_addition="A"),
        ]
    )
    found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="post", release=opened())
    assert reached(found) == ["K-000001", "K-000003", "K-000004", "K-000006"]
    assert (found.account.shared_address, found.account.no_address) == (1, 1)


def test_research_needs_no_address_and_no_right_to_read_one(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(VILLAGERS, [Consent("K-000002", "objected", purpose="onderzoek")])
    for file in dorp.warehouse.store.releases.glob("*.identity.duckdb"):
        file.unlink()
        file.touch(mode=0o400)  # nothing in it can be read
    found = audience(
        dorp.choice("S1"), purpose="onderzoek", channel="analysis", variables=["trend"], release=opened()
    )
    assert len(found) == 6
    assert "K-000002" not in reached(found)


def test_segments_without_a_choice_can_be_looked_at(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(VILLAGERS, STATEMENTS)
    looked: Any = (dorp.segmentation, ["S1", "S2"])
    found = audience(looked, purpose="nieuwsbrief", channel="email", release=opened())
    assert reached(found) == ["K-000001", "K-000007", "K-000008"]
    assert found.choice is None
    assert "exporteren niet" in str(found)


def test_what_is_not_known_is_refused_with_the_nearest(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(VILLAGERS, STATEMENTS)
    release = opened()
    with pytest.raises(PermissionRefusedError, match="did you mean 'nieuwsbrief'"):
        audience(dorp.choice("S1"), purpose="nieuwbrief", channel="email", release=release)
    with pytest.raises(PermissionRefusedError, match="has no channel 'analysis'"):
        audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="analysis", release=release)
    with pytest.raises(ConfigurationError, match="no file is made for the channel 'store'"):
        audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="store", release=release)
    with pytest.raises(NotFoundError, match="no segment 'S9'"):
        audience(dorp.choice("S9"), purpose="nieuwsbrief", channel="email", release=release)
    with pytest.raises(NotFoundError, match="did you mean 'trend'"):
        audience(
            dorp.choice("S1"), purpose="onderzoek", channel="analysis", variables=["trnd"], release=release
        )
    with pytest.raises(ConfigurationError, match="variables were asked for"):
        audience(
            dorp.choice("S1"), purpose="nieuwsbrief", channel="email", variables=["trend"], release=release
        )


def test_what_is_shown_holds_no_address(
    village: Callable[..., Village], opened: Callable[[], Release]
) -> None:
    dorp = village(VILLAGERS, STATEMENTS)
    found = audience(dorp.choice("S1"), purpose="nieuwsbrief", channel="email", release=opened())
    assert "dorp.nl" not in repr(found) + str(found) + found._repr_html_()
    assert "Van bruto naar netto" in str(found)


class InMemory(Connected):
    """The tables that an audience is made from, in memory."""

    as_of = AS_OF

    def __init__(self, people: tuple[Person, ...], said: list[Consent], gone: set[str]) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute("attach ':memory:' as identity")
        everyone = frame(people, Person, {"house_number": pa.int64()})
        customers = everyone.filter(pa.array([p.customer_id not in gone for p in people], pa.bool_()))
        tables = {
            "customers": customers.select(["customer_id"]),
            "consents": frame(said, Consent, {"stated_at": pa.timestamp("us")}),
            "identity.golden_record": customers,
            "identity.survivorship": customers,
            "identity.standard_values": SHARED,
        }
        for name, rows in tables.items():
            self._connection.register("rows", rows)
            self._connection.execute(f"create table {name} as from rows")


def villager(number: int) -> st.SearchStrategy[Person]:
    addresses = st.sampled_from([None, "a@dorp.nl", "b@dorp.nl", "A@Dorp.nl", "c@dorp.nl", ""])
    return addresses.map(lambda email: Person(f"K-{number:06d}", "S1", email=email))


villages = st.integers(0, 8).flatmap(lambda n: st.tuples(*(villager(number) for number in range(n))))
numbers = st.integers(0, 8).map(lambda number: f"K-{number:06d}")
statements = st.lists(
    st.builds(
        Consent,
        numbers,
        st.sampled_from(["given", "withdrawn", "objected", "unclear"]),
        st.sampled_from(["email", "all", "post"]),
        st.just("nieuwsbrief"),
        st.just(MOMENT),
        st.just("crm"),
    ),
    max_size=10,
)


@settings(max_examples=40)  # each is a database
@given(villages, statements, st.sets(numbers, max_size=2))
def test_nobody_without_ground_is_reached_and_the_account_adds_up(
    people: tuple[Person, ...], said: list[Consent], gone: set[str]
) -> None:
    tables = InMemory(people, said, gone)
    members = frame(people, Person, {"house_number": pa.int64()}).select(["customer_id", "segment_id"])
    register = Register.model_validate(yaml.safe_load(REGISTER))
    found = outcomes(
        tables,
        members=members,
        permissions=permitted(tables, register, "nieuwsbrief", "email"),
        addresses=addresses_for("email", tables),
    )

    refused = {s.customer_id for s in said if s.channel != "post" and s.status != "given"}
    agreed = {s.customer_id for s in said if s.channel != "post"} - refused
    address = {p.customer_id: (p.email or "").lower() for p in people}
    refused_addresses = {address.get(number) for number in refused - gone}
    reachable = {address[n] for n in address if n in agreed - gone} - refused_addresses - {""}
    reached_ids = [r["customer_id"] for r in found.to_pylist() if r["outcome"] == "net"]
    assert found["customer_id"].to_pylist() == sorted(address)
    assert set(reached_ids) <= agreed - gone
    assert sorted(address[number] for number in reached_ids) == sorted(reachable)
    account = Account.of(Counter(found["outcome"].to_pylist()))
    assert (account.in_segments, account.net) == (len(people), len(reachable))
