"""A delivery is one file, the files of a folder, or those that a pattern names; all else is said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.places import places

if TYPE_CHECKING:
    import klantprofiel as kp


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(given: str | Path, project: kp.Project | None = None) -> list[str]:
    return [place.name for place in places(given, "visits", project)]


def test_a_file_is_itself(tmp_path: Path) -> None:
    make(tmp_path, "bezoeken.csv")
    (place,) = places(tmp_path / "bezoeken.csv", "visits", None)
    assert (place.path, place.name) == (tmp_path / "bezoeken.csv", "bezoeken.csv")


def test_a_folder_is_its_files_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    make(
        tmp_path,
        "in/b_10.csv",
        "in/b_9.csv",
        "in/.b_1.csv",
        "in/~$b.xlsx",
        "in/b_11.csv.part",
        "in/oud/b_1.csv",
    )
    assert names(tmp_path / "in") == ["in/b_9.csv", "in/b_10.csv"]


def test_a_pattern_is_the_files_that_it_names(tmp_path: Path) -> None:
    make(tmp_path, "in/2026-10-1/k.csv", "in/2026-9-1/k.csv", "in/2026-9-1/l.csv", "in/2026-9-2/k.csv/x")
    assert names(f"{tmp_path}/in/*/k.csv") == ["in/2026-9-1/k.csv", "in/2026-10-1/k.csv"]
    assert len(names(f"{tmp_path}/in/**/*.csv")) == 3


def test_names_are_paths_within_the_project(project: kp.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    make(project.root, "leveringen/1/k.csv", "leveringen/2/k.csv")
    assert names("leveringen/*/k.csv", project) == ["leveringen/1/k.csv", "leveringen/2/k.csv"]
    assert names("leveringen/2", project) == ["leveringen/2/k.csv"]


def test_signs_of_patterns_in_what_is_there_mean_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "[x]/klanten [1].csv", "[x]/klanten 1.csv")
    monkeypatch.chdir(tmp_path / "[x]")
    assert names("klanten [1].csv") == ["klanten [1].csv"]
    assert names("klanten *.csv") == ["klanten 1.csv", "klanten [1].csv"]


def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    make(tmp_path, "echt.csv", "in/een.csv")
    (tmp_path / "in" / "twee.csv").symlink_to(tmp_path / "echt.csv")
    assert names(tmp_path / "in") == ["in/een.csv", "in/twee.csv"]
    (tmp_path / "echt.csv").unlink()
    with pytest.raises(DeliveryError, match=r"there is no file in/twee\.csv"):
        places(tmp_path / "in", "visits", None)


def test_a_name_that_cannot_be_shown_is_shown_as_numbers(tmp_path: Path) -> None:
    odd = [b"a\nb.csv", b"a\x1b[31m.csv", b"caf\xe9.csv", "café 🙂.csv".encode()]
    for name in odd:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).touch()
    assert names(tmp_path / "*.csv") == [
        f"{tmp_path.name}/{name}" for name in ("a\\nb.csv", "a\\x1b[31m.csv", "café 🙂.csv", "caf\\xe9.csv")
    ]


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.csv")
    for given in (tmp_path / "pijp.csv", tmp_path, "/dev/zero"):
        with pytest.raises(DeliveryError, match="is no ordinary file"):
            places(given, "visits", None)


@pytest.mark.parametrize("given", ["weg.csv", "leeg", "leeg/*.csv", "*/weg.csv", "leeg/k.csv/x"])
def test_nothing_is_refused_with_the_place_where_it_was_looked_for(tmp_path: Path, given: str) -> None:
    make(tmp_path, "leeg/.verborgen", "leeg/k.csv.tmp")
    with pytest.raises(DeliveryError, match=r"there is no file (?s:.*)the full path is /"):
        places(tmp_path / given, "visits", None)


@pytest.mark.parametrize("given", ["k\0.csv", "k" * 5_000, "*" + "k" * 5_000, "k*\0.csv", "map/" * 2_000])
def test_what_cannot_be_a_path_is_refused_in_few_words(given: str) -> None:
    with pytest.raises(DeliveryError, match=r"cannot be looked up|there is no file") as caught:
        places(given, "visits", None)
    assert "\0" not in str(caught.value)


def test_a_file_has_changed_when_it_was_written_to_replaced_or_removed(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"

    def found() -> bool:
        path.write_bytes(b"a")
        (place,) = places(path, "visits", None)
        change()
        return place.has_changed()

    def change() -> None:
        return None

    assert not found()
    for change in (lambda: path.write_bytes(b"ab"), path.unlink, lambda: os.utime(path, (1, 1))):  # type: ignore[assignment]  # noqa: B007  read by `found`
        assert found()


def test_a_file_that_another_took_the_place_of_has_changed(tmp_path: Path) -> None:
    make(tmp_path, "k.csv", "l.csv")
    (place,) = places(tmp_path / "k.csv", "visits", None)
    os.utime(tmp_path / "l.csv", ns=(place.found.st_mtime_ns, place.found.st_mtime_ns))
    (tmp_path / "l.csv").replace(tmp_path / "k.csv")
    assert place.has_changed()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "k.csv")
    (tmp_path / "k.csv").chmod(0)
    with pytest.raises(DeliveryError, match="cannot be opened: Permission denied"):
        places(tmp_path / "k.csv", "visits", None)
