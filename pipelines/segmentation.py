"""Elk kwartaal: customers in groups that buy alike."""

from datetime import date

import klantprofiel as kp


def main(warehouse: kp.Warehouse, as_of: date) -> None:
    """Divide the customers who allow it into five segments, and keep them under the name koopgedrag."""
    with warehouse.run("segmentation", as_of=as_of) as run:
        segmentation = kp.segment(
            kp.Profiles(run),
            bases=["behavioural"],
            purpose="segmentatie",
            using=kp.KMeansSegmenter(n_segments=5, random_state=0),
        )
        run.save(segmentation, name="koopgedrag")
