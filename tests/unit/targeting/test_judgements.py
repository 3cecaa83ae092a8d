from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeclarationError
from klantprofiel.targeting.criteria import load_criteria
from klantprofiel.targeting.judgements import Judgement, load_judgements
from tests.unit.targeting.village import HEADER, JUDGEMENTS, files

if TYPE_CHECKING:
    from pathlib import Path

GOOD = JUDGEMENTS[1]


def load(path: Path, *lines: str, header: str = HEADER) -> list[Judgement]:
    criteria, judgements = files(path, *lines, header=header)
    return load_judgements(judgements, load_criteria(criteria), ["S1", "S2", "S3"])


def test_a_judgement_is_read_as_it_was_written(tmp_path: Path) -> None:
    (found,) = load(tmp_path, GOOD)
    assert found == Judgement(
        segment="S1",
        criterion="advantage",
        competitor="Coolblue",
        low=Decimal(2),
        mode=Decimal("2.5"),
        high=Decimal(3),
        who="marketing",
        source="onderzoek",
        judged_on=date(2026, 8, 15),
        valid_until=date(2027, 8, 15),
        line=2,
    )


def test_a_spreadsheet_and_a_program_may_write_it_in_their_own_way(tmp_path: Path) -> None:
    dutch = load(tmp_path, '\n"S1";advantage;Bol;2;2,5;3;a;"b; c";15-08-2026;15-08-2027')
    plain = load(
        tmp_path, "\nS1,advantage,Bol,2,2.5,3,a,b; c,2026-08-15,2027-08-15", header=HEADER.replace(";", ",")
    )
    assert dutch == plain
    assert dutch[0].line == 3
    (tmp_path / "judgements.csv").write_bytes(
        b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode()  # as a spreadsheet saves it
    )
    definition = load_criteria(tmp_path / "targeting.yaml")
    assert load_judgements(tmp_path / "judgements.csv", definition, ["S1"])[0].mode == Decimal("2.5")


def test_a_judgement_may_be_renewed_on_another_day(tmp_path: Path) -> None:
    renewed = GOOD.replace("2026-08-15", "2026-09-15")
    assert len(load(tmp_path, GOOD, renewed)) == 2


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("S1", "S9", "line 3: there is no segment 'S9'"),
        ("S1", "", "line 3: the field segment is empty"),
        ("advantage", "advantge", "line 3: there is no criterion 'advantge', did you mean 'advantage'"),
        ("advantage", "growth", "line 3: a judgement of 'growth', which is measured"),
        ("Coolblue", "Coolbleu", "line 3: there is no competitor 'Coolbleu', did you mean 'Coolblue'"),
        ("Coolblue", "", "line 3: no competitor"),
        ("2;2,5;3", "2;2.5;3", "line 3: mode is '2.5'"),
        ("2;2,5;3", "2;;3", "line 3: mode is ''"),
        ("2;2,5;3", "2;nan;3", "line 3: mode is 'nan'"),
        ("2;2,5;3", "2;2,5;1.003", "line 3: high is '1.003'"),
        ("2;2,5;3", "2;2,5;2,25", "line 3: low 2, mode 2.5, high 2.25"),
        ("2;2,5;3", "0;2,5;3", "line 3: 0 to 3 is outside the scale of 'advantage'"),
        ("2;2,5;3", "2;2,5;6", "line 3: 2 to 6 is outside the scale of 'advantage'"),
        ("marketing", " ", "line 3: the field who is empty"),
        ("onderzoek", "", "line 3: the field source is empty"),
        ("2026-08-15", "2026-02-30", "line 3: date is '2026-02-30'"),
        ("2026-08-15", "15/08/2026", "line 3: date is '15/08/2026'"),
        ("2027-08-15", "2025-08-15", "line 3: valid until 2025-08-15, judged on 2026-08-15"),
        (";2027-08-15", "", "line 3: 9 fields"),
        ("marketing", '"marketing', "line 3: a quotation mark that is not closed"),
    ],
)
def test_a_wrong_judgement_is_named_with_its_line(
    tmp_path: Path, wrong: str, right: str, message: str
) -> None:
    assert wrong in GOOD
    with pytest.raises(DeclarationError, match=message) as caught:
        load(tmp_path, JUDGEMENTS[0], GOOD.replace(wrong, right, 1))
    assert caught.value.expected
    assert caught.value.todo
    assert "strategie" not in str(caught.value)


def test_the_same_judgement_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"line 3: the same segment, .* and date as line 2"):
        load(tmp_path, GOOD, GOOD.replace("2,5", "3"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("valid_until", "valid_util"), "no column 'valid_util', did you mean 'valid_until'"),
        (HEADER.replace(";who", ""), "line 1: another header than expected"),
        ("", "line 1: another header than expected"),
    ],
)
def test_another_header_is_refused(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        load(tmp_path, GOOD, header=header)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    definition = load_criteria(files(tmp_path)[0])
    with pytest.raises(DeclarationError, match="there is no file"):
        load_judgements(tmp_path / "nergens.csv", definition, ["S1"])
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\n\xeb")
    with pytest.raises(DeclarationError, match="is not UTF-8"):
        load_judgements(tmp_path / "latin.csv", definition, ["S1"])


def test_no_judgements_are_no_judgements(tmp_path: Path) -> None:
    assert load(tmp_path, "") == []
