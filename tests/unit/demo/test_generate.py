from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.demo import generate
from klantprofiel.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.demo.conftest import Company


@pytest.fixture
def one_thread() -> Iterator[None]:
    threads = pa.cpu_count(), pa.io_thread_count()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    yield
    pa.set_cpu_count(threads[0])
    pa.set_io_thread_count(threads[1])


def digests(directory: Path) -> dict[str, str]:
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one", customers=300, seed=4, days=30)
    generate(tmp_path / "two", customers=300, seed=4, days=30)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.usefixtures("one_thread")
def test_one_thread_gives_the_bytes_of_several(company: Company, tmp_path: Path) -> None:
    one = generate(
        tmp_path, company.generated.customers, company.generated.seed, len(company.generated.days) - 1
    )
    assert digests(one.directory) == digests(company.generated.directory)


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    generate(tmp_path / "one", customers=300, seed=4, days=3)
    generate(tmp_path / "two", customers=300, seed=5, days=3)
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    same = {name.rpartition("/")[2] for name in one.keys() & two.keys() if one[name] == two[name]}
    assert same <= {"winkels.csv", "vragen.csv", "abonnementsvormen.csv"}  # what the company itself laid down


def test_making_it_again_in_the_same_place_changes_nothing(tmp_path: Path) -> None:
    generate(tmp_path, customers=50, seed=1, days=3)
    before = digests(tmp_path)
    generate(tmp_path, customers=50, seed=1, days=3)
    assert digests(tmp_path) == before


@pytest.mark.parametrize(("customers", "days"), [(51, 3), (50, 4)])
def test_other_deliveries_are_never_overwritten(tmp_path: Path, customers: int, days: int) -> None:
    generate(tmp_path, customers=50, seed=1, days=3)
    before = digests(tmp_path)
    with pytest.raises(ConfigurationError, match="holds other deliveries already"):
        generate(tmp_path, customers=customers, seed=1, days=days)
    assert digests(tmp_path) == before


def test_deliveries_of_someone_else_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "leveringen").mkdir()
    with pytest.raises(ConfigurationError, match="holds other deliveries already"):
        generate(tmp_path, customers=50, seed=1)
    assert not (tmp_path / "waarheid").exists()


@pytest.mark.parametrize(
    ("customers", "seed", "days"),
    [(0, 1, 1), (-1, 1, 1), (10_000_000, 1, 1), (10, -1, 1), (10, 1, -1), (10, 1, 366)],
)
def test_numbers_out_of_range_are_refused(tmp_path: Path, customers: int, seed: int, days: int) -> None:
    with pytest.raises(ConfigurationError):
        generate(tmp_path, customers=customers, seed=seed, days=days)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=15)
@given(customers=st.integers(1, 40), seed=st.integers(0, 2**32), days=st.integers(0, 9))
def test_any_world_however_small_can_be_delivered(
    tmp_path_factory: pytest.TempPathFactory, customers: int, seed: int, days: int
) -> None:
    generated = generate(tmp_path_factory.mktemp("world"), customers=customers, seed=seed, days=days)
    assert all((generated.directory / file.path).exists() for file in generated.files)
    assert all(file.n_records > 0 for file in generated.files)
    assert len(generated.days) == days + 1


def test_the_account_counts_what_the_files_hold(company: Company) -> None:
    for file in company.generated.files:
        assert len(company.records(file)) == file.n_records


def test_purchases_are_some_ten_lines_per_person_with_a_heavy_tail(company: Company) -> None:
    lines = company.rows("kassabonnen.csv") + company.rows("webbestellingen.parquet")
    per_number: dict[str, int] = {}
    for line in lines:
        number = line.get("klantnr") or line.get("accountnr")
        if number:
            per_number[number] = per_number.get(number, 0) + 1
    top_tenth = sorted(per_number.values(), reverse=True)[: len(per_number) // 10]
    assert 9 < len(lines) / company.generated.customers < 11
    assert sum(top_tenth) > 0.3 * len(lines)


def test_the_summary_tells_what_was_delivered_and_that_nobody_exists(company: Company) -> None:
    text = str(company.generated)
    assert "Hoefblad Huis & Tuin" in text
    assert "klantcontacten.jsonl" in text
    assert "bestaan niet" in text
