"""A run that compares only what came, changed or went gives the release that doing all anew gives."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.unification import unify
from klantprofiel.warehouse import Warehouse, open_owner
from tests.spec.ascii import RECORDED_AT, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

NIGHT = date(2026, 9, 30)
RECORD_IDS = [f"{source}/{number}" for source in ("crm", "web") for number in range(1, 8)]
PERSON = st.fixed_dictionaries(
    {
        "given_name": st.sampled_from(["Anna", "Bert", "Anne", None]),
        "surname": st.sampled_from(["de Vries", "Vries", "Jansen", "Bakker-Jansen", None]),
        "birth_date": st.sampled_from(["1991-01-01", "1991-10-01", "1964-05-03", None]),
        "email": st.sampled_from(["anna@voorbeeld.nl", "a.devries@voorbeeld.nl", "info@voorbeeld.nl", None]),
        "phone": st.sampled_from(["0621345678", "020 6241111", None]),
        "postal_code": st.sampled_from(["1012AB", "9712CD", None]),
        "house_number": st.sampled_from(["1", "12", None]),
    }
)
PEOPLE = st.dictionaries(st.sampled_from(RECORD_IDS), PERSON, min_size=1, max_size=9)


def night(
    warehouse: Warehouse, people: Mapping[str, Mapping[str, Any]], *, anew: bool = False
) -> dict[str, str]:
    rows = [{"record_id": record, **person} for record, person in sorted(people.items())]
    with warehouse.run("nightly", as_of=NIGHT, recorded_at=RECORDED_AT) as run:
        fill(run, {"identity.customers": rows})
        unify(run, anew=anew)
    with open_owner(warehouse.store.root) as release:
        return release.digests()


@settings(max_examples=6, deadline=None)
@given(nights=st.lists(PEOPLE, min_size=2, max_size=3), lost=st.integers(0, 3))
def test_whatever_came_changed_or_went(nights: list[dict[str, Any]], lost: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        warehouse = Warehouse(f"{directory}/klanten")
        so_far: dict[str, Any] = {}
        for people in nights:
            so_far = {**dict(sorted(so_far.items())[lost:]), **people}
            step_by_step = night(warehouse, so_far)

        assert night(warehouse, so_far, anew=True) == step_by_step
