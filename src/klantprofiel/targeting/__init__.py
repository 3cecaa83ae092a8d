"""Targeting: which segments to choose, by six questions, measured where possible and judged where not.

score(segmentation, criteria=, judgements=) -> Scorecard; scorecard.select(top=2, by=, because=) -> Choice
    criteria      the dated definition: schemas/targeting.yaml
    judgements    what people judge, dated and with a source: schemas/judgements.csv
    measures      what the release itself tells: growth, value, volume
    cells         per segment and criterion: from what is known to a value and a contribution
    ranking       scores as intervals, and ranks that say how sure they are
    store         the tables scorecards, scorecard_cells
"""

from klantprofiel.targeting.choice import Choice
from klantprofiel.targeting.scorecard import Scorecard
from klantprofiel.targeting.scoring import score

__all__ = ["Choice", "Scorecard", "score"]
