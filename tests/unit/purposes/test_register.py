from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeclarationError, PermissionRefusedError
from klantprofiel.purposes import Register, load_register

if TYPE_CHECKING:
    from pathlib import Path

REGISTER = """\
purposes:
  nieuwsbrief:
    label: Nieuwsbrief
    description: Wekelijkse nieuwsbrief voor eigen klanten.
    direct_marketing: true
    channels:
      email: {ground: consent}
      post: {ground: legitimate_interest}
  uitvoering overeenkomst:
    label: Uitvoering overeenkomst
    description: Bestellingen leveren.
    channels:
      email: {ground: contract}
"""


def written(directory: Path, text: str) -> Path:
    path = directory / "purposes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(directory: Path, text: str) -> str:
    with pytest.raises(DeclarationError) as caught:
        load_register(written(directory, text))
    return str(caught.value)


def test_a_right_register_names_the_ground_per_purpose_and_channel(tmp_path: Path) -> None:
    register = load_register(written(tmp_path, REGISTER))
    assert register.ground("nieuwsbrief", "email") == "consent"
    assert register.ground("nieuwsbrief", "post") == "legitimate_interest"
    assert register.ground("uitvoering overeenkomst", "email") == "contract"
    assert register.purpose("nieuwsbrief").direct_marketing
    assert not register.purpose("uitvoering overeenkomst").direct_marketing


def test_a_relative_path_starts_at_the_working_directory_without_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, REGISTER)
    monkeypatch.chdir(tmp_path)
    assert isinstance(load_register("purposes.yaml"), Register)


@pytest.mark.parametrize(
    ("wrong", "right", "line", "says"),
    [
        ("email: {ground: consnt}", "email: {ground: consent}", 7, "did you mean 'consent'?"),
        ("emial: {ground: consent}", "email: {ground: consent}", 7, "did you mean 'email'?"),
        ("email: {grond: consent}", "email: {ground: consent}", 7, "did you mean 'ground'?"),
        ("email: consent", "email: {ground: consent}", 7, "{ground: ...}"),
        ("email: {}", "email: {ground: consent}", 7, "ground is missing"),
        ("direct_marketing: ja", "direct_marketing: true", 5, "true or false"),
        ("lable: Nieuwsbrief", "label: Nieuwsbrief", 3, "did you mean 'label'?"),
        ("label: ''", "label: Nieuwsbrief", 3, "a short Dutch label"),
        ("  Nieuwsbrief!:\n", "  nieuwsbrief:\n", 2, "lower-case letters"),
        ("doelen:\n", "purposes:\n", 1, "purposes"),
    ],
)
def test_a_wrong_register_is_refused_with_file_line_and_correct_form(
    tmp_path: Path, wrong: str, right: str, line: int, says: str
) -> None:
    message = refused(tmp_path, REGISTER.replace(right, wrong, 1))
    assert f"purposes.yaml, line {line}:" in message
    assert says in message


def test_a_purpose_that_stands_twice_is_refused_where_yaml_would_keep_the_last(tmp_path: Path) -> None:
    twice = REGISTER.replace("uitvoering overeenkomst:", "nieuwsbrief:")
    assert "line 9 has the key 'nieuwsbrief' again, after line 2" in refused(tmp_path, twice)


def test_the_wide_purpose_cannot_be_declared(tmp_path: Path) -> None:
    for name in ("direct_marketing", "all"):
        assert f"{name} is what customers" in refused(tmp_path, REGISTER.replace("nieuwsbrief:", f"{name}:"))


@pytest.mark.parametrize("text", ["", "[]", "purposes: {}", "purposes: [", "purposes: 'ë"])
def test_what_is_no_register_is_refused(tmp_path: Path, text: str) -> None:
    assert "purposes.yaml" in refused(tmp_path, text)


def test_a_missing_file_and_a_file_that_is_not_utf8_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="there is no file"):
        load_register(tmp_path / "purposes.yaml")
    (tmp_path / "latin.yaml").write_bytes("purposes: ë".encode("latin-1"))
    with pytest.raises(DeclarationError, match="UTF-8"):
        load_register(tmp_path / "latin.yaml")


def test_an_undeclared_purpose_or_channel_is_refused_with_the_nearest(tmp_path: Path) -> None:
    register = load_register(written(tmp_path, REGISTER))
    with pytest.raises(PermissionRefusedError, match="did you mean 'nieuwsbrief'"):
        register.ground("niewsbrief", "email")
    with pytest.raises(PermissionRefusedError, match="has no channel 'phone'"):
        register.ground("nieuwsbrief", "phone")
