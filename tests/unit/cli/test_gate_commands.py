"""A night that is refused, looked at, accepted and run again, as an operator types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from klantprofiel.validation import one_judge

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Terminal

SCHEMA = '''
from klantprofiel import schema as s

class Shops(s.ReferenceTable):
    """Winkels: one row per shop."""
    shop_id = s.Text(label="Winkelnummer", key=True)
'''
PIPELINE = """
import klantprofiel as kp

project = kp.find_project(__file__)

def main(warehouse, as_of):
    with warehouse.run("nightly", as_of=as_of) as run:
        kp.ingest(run, [kp.Delivery(project.schema("shops").Shops, project.path("winkels.csv"))])
        kp.validate(run)
"""
THREE_SHOPS = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 3}}


@pytest.mark.gate
def test_the_way_of_a_refused_night(terminal: Terminal) -> None:
    root = terminal.project.root
    (root / "schemas/shops.py").write_text(SCHEMA, encoding="utf-8")
    (root / "pipelines/nightly.py").write_text(PIPELINE, encoding="utf-8")
    (root / "winkels.csv").write_text("shop_id\nU1\n", encoding="utf-8")
    (root / "schemas/expectations").mkdir()
    suite = {"name": "shops", "expectations": [THREE_SHOPS]}
    (root / "schemas/expectations/eigen.json").write_text(json.dumps(suite), encoding="utf-8")

    with one_judge():
        assert terminal("expectations", "--check").code == 2
        answer = terminal("expectations")
        assert answer.out.startswith("1 written, 0 removed, 0 unchanged, 1 made by hand\n"), answer.err
        assert terminal("expectations", "--check").code == 0

        refused = terminal("run", "nightly", "--as-of", "2026-10-01")
        assert (refused.code, refused.out) == (3, "")
        assert "klantprofiel accept 000001-nightly --by NAME" in refused.err

        answer = terminal("accept", "000001-nightly", "--by", "Els", "--because", "twee winkels zijn dicht")
        assert answer.out == "1 finding of 000001-nightly accepted; run it again\n"
        answer = terminal("run", "nightly", "--as-of", "2026-10-01")
        in_force, verdict = answer.out.splitlines()
        assert in_force == "000002-nightly is in force"
        assert verdict.startswith("expectations: ")
        assert "1 accepted" in verdict
        assert verdict.endswith("000002-nightly.expectations.html")

        answer = terminal("accept", "000001-nightly", "--by", "Els", "--because", "twee winkels zijn dicht")
        assert (answer.code, answer.out) == (1, "")
        assert "were accepted and published as 000002-nightly" in answer.err
