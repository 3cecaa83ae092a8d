"""Suites on disk: what is generated, what people wrote, and what is wrong with either."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.errors import ConfigurationError
from klantprofiel.validation import check_expectations, write_expectations
from klantprofiel.validation.gate.files import declared_tables
from klantprofiel.validation.gate.suites import FOLDER, read_suites, with_values

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.project import Project

SHOPS = '''
from klantprofiel import schema as s

class Shops(s.ReferenceTable):
    """Winkels: one row per shop."""
    shop_id = s.Text(label="Winkelnummer", key=True)
    {column}
'''


def declare(project: Project, column: str = "") -> None:
    project.path("schemas/shops.py").write_text(SHOPS.format(column=column), encoding="utf-8")


def written(project: Project, name: str, body: object) -> Path:
    folder = project.path(FOLDER)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return folder / name


def asking(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"name": "shops", "expectations": [{"type": "a", "kwargs": kwargs}]}


def nested(depth: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for _ in range(depth):
        body = {"of": body}
    return body


def test_every_declared_table_gets_a_suite_and_a_second_time_nothing_changes(project: Project) -> None:
    declare(project)

    assert [table.name for table in declared_tables(project)] == ["shops"]
    assert write_expectations(project).written == ("shops.json",)
    assert write_expectations(project).unchanged == ("shops.json",)
    assert check_expectations(project).written == ()


def test_a_suite_that_is_out_of_date_is_refused_until_it_is_written_again(project: Project) -> None:
    declare(project)
    path = written(project, "shops.json", {"name": "shops", "expectations": [], "meta": {"contract": "x"}})

    with pytest.raises(ConfigurationError, match=r"out of date in schemas/expectations: shops\.json"):
        check_expectations(project)
    assert json.loads(path.read_text())["meta"]["contract"] == "x"

    assert write_expectations(project).written == ("shops.json",)
    assert json.loads(path.read_text())["meta"]["contract"] != "x"


def test_a_generated_suite_of_a_table_that_is_gone_is_removed(project: Project) -> None:
    declare(project)
    written(project, "winkels.json", {"name": "winkels", "expectations": [], "meta": {"contract": "x"}})

    assert write_expectations(project).removed == ("winkels.json",)
    assert [suite.name for suite in read_suites(project.path(FOLDER))] == ["shops"]


def test_what_people_wrote_is_never_touched(project: Project) -> None:
    declare(project)
    by_hand = written(project, "eigen.json", {"name": "shops", "expectations": []})
    before = by_hand.read_bytes()

    assert write_expectations(project).by_hand == ("eigen.json",)
    assert by_hand.read_bytes() == before

    taken = written(project, "shops.json", {"name": "shops", "expectations": []})
    with pytest.raises(ConfigurationError, match="was made by hand"):
        write_expectations(project)
    assert "contract" not in taken.read_text()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", "eigen.json is not JSON"),
        ("[" * 100_000, "eigen.json is nested deeper than 50 levels"),
        (asking(nested(100)), "eigen.json is nested deeper than 50 levels"),
        (
            '{"name": "shops", "expectations": [], "name": "b"}',
            "eigen.json is not JSON: 'name' is given twice",
        ),
        (
            '{"name": "shops", "expectations": [{"type": "a", "kwargs": {"mostly": 1, "mostly": 0}}]}',
            "'mostly' is given twice",
        ),
        ([], "eigen.json has no name"),
        ({"name": "shops"}, "has no list of expectations"),
        ({"name": "shops", "expectations": [{}]}, "expectation 1 has no type"),
        ({"name": "shops", "expectations": [{"type": "a", "kwargs": []}]}, "has kwargs that is no object"),
        ({"name": "shops", "expectations": [{"type": "a", "meta": {"rows": "some"}}]}, "meta.rows 'some'"),
        ({"name": "shops", "expectations": [{"type": "a", "severity": "fatal"}]}, "severity 'fatal'"),
        ({"name": "shops", "expectations": [{"type": "a"}, {"type": "b", "x": 1}]}, r"2 \(b\) has 'x'"),
        (
            asking({"min_value": {"$PARAMETER": "shops__n_rows__lo"}}),
            "did you mean 'shops__n_rows__low'",
        ),
        (
            asking({"unexpected_rows_query": "x > $laag"}),
            "asks for the parameter 'laag'",
        ),
    ],
)
def test_a_wrong_suite_is_named_with_what_is_wrong(project: Project, body: object, told: str) -> None:
    declare(project)
    written(project, "eigen.json", body)

    with pytest.raises(ConfigurationError, match=told) as caught:
        write_expectations(project)
    assert "schemas/expectations/eigen.json" in str(caught.value)


@pytest.mark.parametrize("kind", ["directory", "link to nothing", "link to itself", "pipe"])
def test_what_is_no_file_is_named_and_not_read(project: Project, kind: str) -> None:
    declare(project)
    path = written(project, "ander.json", {"name": "shops", "expectations": []}).with_name("eigen.json")
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("niets" if kind == "link to nothing" else path.name)

    for read in (write_expectations, check_expectations):
        with pytest.raises(ConfigurationError, match=r"schemas/expectations/eigen\.json cannot be read"):
            read(project)


@pytest.mark.gate
def test_great_expectations_itself_reads_what_people_wrote(project: Project) -> None:
    declare(project)
    right: dict[str, Any] = {"type": "expect_column_to_exist", "kwargs": {"column": "shop_id"}}
    written(project, "eigen.json", {"name": "shops", "expectations": [right, {"type": "expect_wonders"}]})

    with pytest.raises(ConfigurationError, match=r"eigen.json, expectation 2 .*expect_wonders not found"):
        write_expectations(project)


def test_parameters_are_filled_in_at_any_depth() -> None:
    asked = {"ranges": [[{"$PARAMETER": "low"}, 3]], "names": {"$PARAMETER": "names"}}
    assert with_values(asked, {"low": 1, "names": ["a"]}) == {"ranges": [[1, 3]], "names": ["a"]}
    with pytest.raises(KeyError):
        with_values(asked, {"low": 1})
