from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from klantprofiel.errors import ConfigurationError, PermissionRefusedError
from klantprofiel.exports import Account, Audience, audience, export
from klantprofiel.warehouse.store import file_sha256
from tests.unit.exports.conftest import AS_OF, Consent, Person, Village

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAMILY = [
    Person(
        "K-000002", "S2", "Zoë", "Z.", "van der", "Berg; zn", "zoe@dorp.nl", "+31612345678",
        "Dorpsstraat", 1, "A", "1234AB", "Dorp",
    ),
    Person("K-000001", "S1", "=SOM(1)", "J.", None, "Jansen", "jan@dorp.nl", "+31687654321"),
    Person("K-000003", "S1", "Kees", "K.", None, "Bakker", "kees@dorp.nl"),
]  # fmt: skip
YES = [Consent("K-000001", "given"), Consent("K-000002", "given")]


@pytest.fixture
def dorp(village: Callable[..., Village]) -> Village:
    return village(FAMILY, YES)


def newsletter(dorp: Village, channel: str = "email") -> Audience:
    return audience(dorp.choice("S1", "S2"), purpose="nieuwsbrief", channel=channel)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_mailing_holds_name_and_address_of_who_agreed_and_nothing_else(dorp: Village) -> None:
    exported = export(newsletter(dorp), "nieuwsbrief.csv")
    assert exported.path == dorp.root / "nieuwsbrief.csv"
    assert exported.path.read_bytes().decode().splitlines() == [
        "klantnummer;segment;voornaam;tussenvoegsel;achternaam;e-mailadres",
        "K-000001;S1;'=SOM(1);;Jansen;jan@dorp.nl",
        'K-000002;S2;Zoë;van der;"Berg; zn";zoe@dorp.nl',
    ]
    assert (exported.n, exported.sha256) == (2, file_sha256(exported.path))


def test_each_channel_gets_its_own_address(dorp: Village) -> None:
    phone = export(newsletter(dorp, "phone"), "bellen.csv").path.read_text(encoding="utf-8")
    assert "jan@dorp.nl" not in phone
    assert ";+31687654321\n" in phone
    post = export(newsletter(dorp, "post"), "post.csv").path.read_text(encoding="utf-8").splitlines()
    assert post[1:] == ['K-000002;S2;Z.;Zoë;van der;"Berg; zn";Dorpsstraat;1;A;1234AB;Dorp']


def test_research_gets_variables_and_no_direct_identifier(dorp: Village) -> None:
    found = audience(dorp.choice("S1", "S2"), purpose="onderzoek", channel="analysis", variables=["trend"])
    text = export(found, "onderzoek.csv").path.read_text(encoding="utf-8")
    assert text.splitlines() == [
        "klantnummer;segment;trend",
        "K-000001;S1;-1,5",
        "K-000002;S2;",
        "K-000003;S1;-1,5",
    ]


def test_the_file_and_its_records_are_for_the_owner_alone(dorp: Village) -> None:
    exported = export(newsletter(dorp), "uit/nieuwsbrief.csv")
    assert mode(exported.path) == 0o600
    assert mode(exported.manifest.parent) == 0o700
    assert {mode(file) for file in exported.manifest.parent.iterdir()} == {0o600}
    assert {path.name for path in exported.path.parent.iterdir()} == {"nieuwsbrief.csv"}


def test_directories_made_for_an_export_are_for_the_owner_alone(dorp: Village) -> None:
    before = os.umask(0)
    try:
        exported = export(newsletter(dorp), "uit/2026/nieuwsbrief.csv")
    finally:
        os.umask(before)
    made = [exported.path.parent, exported.path.parent.parent, exported.manifest.parent]
    assert [mode(directory) for directory in made] == [0o700] * 3
    assert mode(exported.path) == 0o600


def test_an_altered_audience_is_refused(dorp: Village) -> None:
    post, email = newsletter(dorp, "post"), newsletter(dorp)
    research = audience(dorp.choice("S1"), purpose="onderzoek", channel="analysis", variables=["trend"])
    altered = [
        replace(post, channel="email"),
        replace(research, purpose="nieuwsbrief", channel="email"),
        replace(research, variables=("achternaam",)),
        replace(email, members=pa.table({"customer_id": ["K-000003"], "segment_id": ["S1"]})),
        replace(email, segments=("S1",)),
        replace(email, ground="contract"),
        replace(email, account=Account.of({"net": 2})),
    ]
    for audience_ in altered:
        with pytest.raises(PermissionRefusedError, match="altered"):
            export(audience_, "nieuwsbrief.csv")
    assert not (dorp.root / "nieuwsbrief.csv").exists()
    assert dorp.warehouse.ledger.exports() == []


def test_an_audience_from_before_the_register_changed_is_refused(dorp: Village) -> None:
    found = newsletter(dorp, "post")
    register = dorp.root / "schemas" / "purposes.yaml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("legitimate_interest", "consent"), encoding="utf-8")
    with pytest.raises(PermissionRefusedError, match="altered"):
        export(found, "nieuwsbrief.csv")


def test_the_manifest_the_account_and_the_ledger_tell_what_was_handed_over(dorp: Village) -> None:
    exported = export(newsletter(dorp), "nieuwsbrief.csv")
    manifest = json.loads(exported.manifest.read_text(encoding="utf-8"))
    assert manifest["export_id"] == exported.export_id == exported.manifest.parent.name
    assert manifest["sha256"] == exported.sha256
    assert manifest["n_customers"] == 2
    told = [manifest[name] for name in ("purpose", "channel", "ground", "release", "segments")]
    assert told == ["nieuwsbrief", "email", "consent", "000001-nightly", ["S1", "S2"]]
    assert manifest["choice"]["by"] == "CCO"
    account = json.loads((exported.manifest.parent / "account.json").read_text(encoding="utf-8"))
    assert account == exported.account.as_dict() == manifest["account"]
    [recorded] = dorp.warehouse.ledger.exports()
    assert (recorded["export_id"], recorded["sha256"]) == (exported.export_id, exported.sha256)
    assert "dorp.nl" not in exported.manifest.read_text(encoding="utf-8").replace(str(dorp.root), "")


def test_the_same_audience_gives_the_same_bytes_and_the_same_export(dorp: Village) -> None:
    choice = dorp.choice("S1", "S2")
    first, again = (
        export(audience(choice, purpose="nieuwsbrief", channel="email"), "nieuwsbrief.csv") for _ in range(2)
    )
    assert (first.sha256, first.export_id) == (again.sha256, again.export_id)
    assert len(dorp.warehouse.ledger.exports()) == 2


@pytest.mark.parametrize("how", ["unrecorded", "changed after recording", "made up", "not chosen"])
def test_segments_that_nobody_chose_on_the_record_are_not_exported(dorp: Village, how: str) -> None:
    chosen: Any = {
        "unrecorded": dorp.choice("S1", is_recorded=False),
        "changed after recording": replace(dorp.choice("S1"), segments=("S1", "S2")),
        "made up": replace(dorp.choice("S1"), choice_id=99),
        "not chosen": (dorp.segmentation, ["S1"]),
    }[how]
    found = audience(chosen, purpose="nieuwsbrief", channel="email")
    with pytest.raises(PermissionRefusedError, match="not chosen on the record"):
        export(found, "nieuwsbrief.csv")
    assert not (dorp.root / "nieuwsbrief.csv").exists()
    assert dorp.warehouse.ledger.exports() == []


def test_an_audience_from_before_the_last_publication_is_refused(dorp: Village) -> None:
    found = newsletter(dorp)
    with dorp.warehouse.run("nightly", as_of=AS_OF) as run:
        run.execute("update consents set status = 'withdrawn'")
    with pytest.raises(PermissionRefusedError, match="000002-nightly is in force"):
        export(found, "nieuwsbrief.csv")
    export(newsletter(dorp), "nieuwsbrief.csv")
    assert (dorp.root / "nieuwsbrief.csv").read_text(encoding="utf-8").count("\n") == 1


def test_a_pipeline_may_write_to_one_path_every_night(dorp: Village) -> None:
    export(newsletter(dorp), "nieuwsbrief.csv")
    with dorp.warehouse.run("nightly", as_of=AS_OF) as run:
        run.execute("delete from consents where customer_id = 'K-000001'")
    exported = export(newsletter(dorp), "nieuwsbrief.csv")
    assert (exported.n, file_sha256(exported.path)) == (1, exported.sha256)


def test_a_file_of_another_hand_is_not_overwritten_unless_asked(dorp: Village) -> None:
    export(newsletter(dorp), "nieuwsbrief.csv")
    path = dorp.root / "nieuwsbrief.csv"
    path.write_bytes(path.read_bytes() + b"K-000009;S1;;;;met de hand@dorp.nl\r\n")
    with pytest.raises(ConfigurationError, match="is not as an export left it"):
        export(newsletter(dorp), path)
    assert "met de hand" in path.read_text(encoding="utf-8")
    assert len(dorp.warehouse.ledger.exports()) == 1
    export(newsletter(dorp), path, replace=True)
    assert "met de hand" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("nieuwsbrief.xlsx", "does not end in .csv"),
        ("klanten/exports/nieuwsbrief.csv", "lies in the warehouse"),
        ("schemas.csv", "is no file"),
    ],
)
def test_a_file_that_cannot_be_is_refused(dorp: Village, file: str, says: str) -> None:
    (dorp.root / "schemas.csv").mkdir()
    with pytest.raises(ConfigurationError, match=says):
        export(newsletter(dorp), file)
    assert dorp.warehouse.ledger.exports() == []


def test_a_place_where_no_file_can_be_is_refused_before_anything_is_recorded(dorp: Village) -> None:
    (dorp.root / "vol").write_text("geen map", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no file can be written in"):
        export(newsletter(dorp), "vol/nieuwsbrief.csv")
    assert dorp.warehouse.ledger.exports() == []


def test_who_may_not_read_the_addresses_is_told_so(dorp: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klantprofiel.warehouse.release.os.access", lambda *_: False)
    with pytest.raises(PermissionRefusedError, match="direct identifiers"):
        newsletter(dorp)


def test_who_may_not_write_the_ledger_cannot_export(dorp: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    found = newsletter(dorp)
    monkeypatch.setattr("klantprofiel.warehouse.ledger.Ledger.is_writable", property(lambda _: False))
    with pytest.raises(PermissionRefusedError, match="not yours to write"):
        export(found, "nieuwsbrief.csv")


def test_what_is_shown_of_an_export_is_its_account(dorp: Village) -> None:
    text = str(export(newsletter(dorp), "nieuwsbrief.csv"))
    assert "In de gekozen segmenten" in text
    assert "@" not in text
