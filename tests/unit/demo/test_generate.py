from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.demo import generate
from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.demo.conftest import Company


def digests(directory: Path) -> dict[str, str]:
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one", customers=300, seed=4)
    generate(tmp_path / "two", customers=300, seed=4)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    generate(tmp_path / "one", customers=300, seed=4)
    generate(tmp_path / "two", customers=300, seed=5)
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    same = {name for name in one.keys() & two.keys() if one[name] == two[name]}
    assert {name.rpartition("/")[2] for name in same} <= {"winkels.csv"}  # the stores are always the same


def test_making_it_again_in_the_same_place_changes_nothing(tmp_path: Path) -> None:
    generate(tmp_path, customers=50, seed=1)
    before = digests(tmp_path)
    generate(tmp_path, customers=50, seed=1)
    assert digests(tmp_path) == before


def test_other_deliveries_are_never_overwritten(tmp_path: Path) -> None:
    generate(tmp_path, customers=50, seed=1)
    before = digests(tmp_path)
    with pytest.raises(ConfigurationError, match="holds other deliveries already"):
        generate(tmp_path, customers=51, seed=1)
    assert digests(tmp_path) == before


def test_deliveries_of_someone_else_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "leveringen").mkdir()
    with pytest.raises(ConfigurationError, match="holds other deliveries already"):
        generate(tmp_path, customers=50, seed=1)
    assert not (tmp_path / "waarheid").exists()


@pytest.mark.parametrize(("customers", "seed"), [(0, 1), (-1, 1), (10_000_000, 1), (10, -1)])
def test_numbers_out_of_range_are_refused(tmp_path: Path, customers: int, seed: int) -> None:
    with pytest.raises(ConfigurationError):
        generate(tmp_path, customers=customers, seed=seed)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=25)
@given(customers=st.integers(1, 40), seed=st.integers(0, 2**32))
def test_any_world_however_small_can_be_delivered(
    tmp_path_factory: pytest.TempPathFactory, customers: int, seed: int
) -> None:
    generated = generate(tmp_path_factory.mktemp("world"), customers=customers, seed=seed)
    assert all((generated.directory / file.path).exists() for file in generated.files)
    assert all(file.n_records > 0 for file in generated.files)


def test_the_account_counts_what_the_files_hold(company: Company) -> None:
    for file in company.generated.files:
        assert len(company.rows(file.path.name, file.path.parent.name)) == file.n_records


def test_purchases_are_some_five_lines_per_person_with_a_heavy_tail(company: Company) -> None:
    lines = company.rows("kassabonnen.csv") + company.rows("webbestellingen.parquet")
    per_number: dict[str, int] = {}
    for line in lines:
        number = line.get("klantnr") or line.get("accountnr")
        if number:
            per_number[number] = per_number.get(number, 0) + 1
    top_tenth = sorted(per_number.values(), reverse=True)[: len(per_number) // 10]
    assert 4 < len(lines) / company.generated.customers < 8
    assert sum(top_tenth) > 0.3 * len(lines)


def test_the_summary_tells_what_was_delivered_and_that_nobody_exists(company: Company) -> None:
    text = str(company.generated)
    assert "Hoefblad Huis & Tuin" in text
    assert "bestaan niet" in text
