"""A list of items as a research agency delivers it, with a mark for special personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles.survey import SURVEY_ITEMS
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse
from tests.spec.ascii import AS_OF

if TYPE_CHECKING:
    from pathlib import Path


class Items(s.ReferenceTable, maps_to=s.canonical.SurveyItems):
    """Vragen: one row per item; the mark for article 9 may be left empty."""

    source = "bureau"
    dialect = s.Csv(delimiter=";")

    item_id = s.Text(label="Vraag", source="vraag", key=True)
    construct = s.Text(label="Begrip", source="begrip")
    measures = s.Choice(label="Wat de vraag meet", source="soort", values={"waarde": "value"})
    lowest = s.Integer(label="Laagste antwoord", source="laagste")
    highest = s.Integer(label="Hoogste antwoord", source="hoogste")
    is_special = s.Flag(
        label="Bijzonder persoonsgegeven", source="avg9", values={"ja": True, "nee": False}, nullable=True
    )


def test_which_items_are_special_follows_from_the_delivered_list(tmp_path: Path) -> None:
    file = tmp_path / "vragen.csv"
    lines = ["A1;geloof;waarde;1;5;ja", "A2;gemak;waarde;1;5;nee", "A3;gemak;waarde;1;5;"]
    file.write_text("\n".join(["vraag;begrip;soort;laagste;hoogste;avg9", *lines]) + "\n", encoding="utf-8")
    with Warehouse(tmp_path / "klanten").run("items", as_of=AS_OF) as run:
        ingest(run, [Delivery(table=Items, path=file)])
        assert validate(run).n_quarantined == 0
        run.make(SURVEY_ITEMS.statement())
        assert run.rows("select item_id, is_special from survey_items order by item_id") == [
            ("A1", True),
            ("A2", False),
            ("A3", False),
        ]
