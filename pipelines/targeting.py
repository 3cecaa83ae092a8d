"""Elke campagne: which segments to choose, and the file for who may be written to."""

from datetime import date

import klantprofiel as kp


def main(warehouse: kp.Warehouse, as_of: date) -> None:
    """Score the segments, choose the two best, and hand over the newsletter's addresses in uitvoer/."""
    with warehouse.run("targeting", as_of=as_of) as run:
        segmentation = kp.Segmentation.read(run, "koopgedrag")
        scorecard = kp.score(
            segmentation, criteria="schemas/targeting.yaml", judgements="schemas/judgements.csv"
        )
        run.save(scorecard, name="najaar")

    with kp.open_release(warehouse.store.root) as release:
        choice = release.scorecard("najaar").select(
            top=2, by="demo", because="de hoogste score op de zes vragen van de directie"
        )
        audience = kp.audience(choice, purpose="nieuwsbrief", channel="email", release=release)
        kp.export(audience, "uitvoer/nieuwsbrief.csv")
