"""The theme of surveys: a variable per scale, or per item that stands for itself, as the items say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.variable import Variable
from klantprofiel.unification.standard.folding import words
from klantprofiel.warehouse import Statement, load_sql, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.profiles.theme import Makes
    from klantprofiel.profiles.variable import Basis, Facet
    from klantprofiel.warehouse import Tables

STEPS: Final = ("survey_quality", "survey_scores", "survey_reliability")
PLACES: Final[dict[str, tuple[Facet, Basis]]] = {
    "motive": ("behoeften", "psychological"),
    "value": ("behoeften", "psychological"),
    "attitude": ("behoeften", "psychological"),
    "need": ("behoeften", "psychological"),
    "expectation": ("verwachtingen", "psychological"),
    "media": ("leefwereld", "psychological"),
}
"""The facet and the basis of what is measured; `survey_items.sql` gives a score to these and no others.

What people say of their use of media is an answer too, of the few who were asked: no behaviour that was seen.
"""

RECENCY: Final = Variable(
    name="survey_recency_days",
    label="Dagen sinds laatste vragenlijst",
    facet="gegevens",
    basis=None,
    kind="count",
    unit="dagen",
    missing="nooit een vragenlijst ingevuld, of alleen zonder te lezen",
)
NO_SCORE: Final = "niet gevraagd, te weinig vragen beantwoord, of ingevuld zonder te lezen"

_LAST_SCORES: Final = """
with latest as (
    select customer_id, source, measures, score_of, score
    from survey_scores
    qualify row_number() over (
        partition by customer_id, source, measures, score_of
        order by answered_on desc, wave desc, survey_id desc
    ) = 1
),
answered as (
    select customer_id, max(answered_on) as answered_on
    from survey_quality
    where not is_careless
    group by customer_id
)
select
    answered.customer_id,
    datediff('day', answered.answered_on, cast($as_of as date)) as survey_recency_days
from answered
left join latest on latest.customer_id = answered.customer_id
group by answered.customer_id, answered.answered_on
order by answered.customer_id
"""
_SCORES: Final = """
select
    source,
    measures,
    score_of,
    case when bool_and(is_statement) then min(construct) else min(item_text) end as text,
    list_sort(list(distinct struct_pack(lowest, highest))) as scales,
    bool_and(is_statement) and count(*) = 1 as is_single,
    bool_or(is_special) as is_special
from survey_items
where score_of is not null
group by source, measures, score_of
"""
_LOW: Final = """
with waves as (
    select source, survey_id, wave, max(answered_on) as answered_on
    from survey_quality
    group by source, survey_id, wave
),
told as (
    select source, measures, construct, verdict
    from (select distinct source, survey_id, wave, measures, construct, verdict from survey_reliability)
    inner join waves using (source, survey_id, wave)
    where verdict <> 'unknown'
    qualify row_number() over (
        partition by source, measures, construct
        order by answered_on desc, wave desc, survey_id desc
    ) = 1
)
select source, measures, construct
from told
where verdict = 'low'
"""
_ASCII: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Score:
    """One scale of a source, or an item that stands for itself: what customers get a score of."""

    source: str
    measures: str
    score_of: str
    text: str
    scales: tuple[tuple[int, int], ...]
    is_single: bool
    is_special: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.source, self.measures, self.score_of

    def variable(self, *, is_unreliable: bool = False) -> Variable:
        """Return the variable that holds the last score of each customer."""
        facet, basis = PLACES[self.measures]
        ((lowest, highest),) = self.scales
        return Variable(
            name="_".join([self.measures, *_ASCII.findall(" ".join(words(self.score_of))), "score"]),
            label=self.text[:1].upper() + self.text[1:],
            facet=facet,
            basis=basis,
            kind="number",
            unit=f"schaal {lowest} t/m {highest}",
            missing=NO_SCORE,
            special=self.is_special,
            finding="single_item" if self.is_single else "unreliable" if is_unreliable else "",
        )


def psychology(tables: Makes) -> tuple[Variable, ...]:
    """Make the tables of surveys as of a date, last of all `psychology`, and return its variables.

    A variable holds the last score that a customer has on a scale, on the scale of its items; who did not
    answer has none. Which variables there are follows from `survey_items`: each motive, value or attitude is
    a scale of its own, and each item about a need, an expectation or a medium stands for itself: of what is
    concrete, one item can tell as much as several (Bergkvist and Rossiter, Journal of Marketing Research 44,
    2007). A scale with a special item (GDPR, article 9) is special. The finding of a scale is `single_item`
    when it has one statement, and `unreliable` when `survey_reliability` calls it low, in the last wave that
    tells.

    | table | one row per |
    | --- | --- |
    | survey_quality | customer, survey and wave: whether it was answered without reading |
    | survey_scores | customer, survey, wave and scale with enough answers |
    | survey_reliability | survey, wave, construct and item |
    | psychology | customer with a questionnaire that was read |

    Parameters
    ----------
    tables
        A run or an earlier moment, with `survey_items` and `survey_answers`.

    Raises
    ------
    ConfigurationError
        When the items of a construct differ in scale, or two scores would be one variable.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> from klantprofiel.warehouse import Warehouse
    >>> item = {
    ...     "source": "bureau", "construct": "Gemak", "measures": "motive", "score_of": "Gemak",
    ...     "item_text": "?", "is_statement": True, "is_reversed": False, "is_special": False,
    ...     "lowest": 1, "highest": 5,
    ... }
    >>> answer = {
    ...     "customer_id": "K-000001", "source": "bureau", "survey_id": "s", "wave": "w1", "seconds": 300,
    ...     "answered_on": datetime.date(2026, 9, 1),
    ... }
    >>> with Warehouse(tempfile.mkdtemp()).run("example", as_of=datetime.date(2026, 10, 1)) as run:
    ...     for name, rows in {
    ...         "survey_items": [item | {"item_id": "A1"}, item | {"item_id": "A2"}],
    ...         "survey_answers": [
    ...             answer | {"item_id": "A1", "answer": 4, "scored": 4},
    ...             answer | {"item_id": "A2", "answer": 5, "scored": 5},
    ...         ],
    ...     }.items():
    ...         run.write(name, pa.Table.from_pylist(rows), describes="an example.", grain="One row per x.")
    ...     [variable.name for variable in psychology(run)]
    ...     run.rows("select * from psychology")
    ['survey_recency_days', 'motive_gemak_score']
    [('K-000001', 30, 4.5)]
    """
    scores = _scores(tables)
    _check(scores)
    for step in STEPS:
        tables.make(load_sql(__package__, step))
    low = set(tables.rows(_LOW))
    variables = (RECENCY, *(score.variable(is_unreliable=score.key in low) for score in scores))
    tables.make(_statement(scores), types={each.name: each.sql_type for each in variables})
    return variables


def _scores(tables: Tables) -> list[Score]:
    """Return what customers can get a score of, in the order of the variables."""
    scores = [
        Score(
            source,
            measures,
            score_of,
            text,
            tuple((each["lowest"], each["highest"]) for each in scales),
            is_single=is_single,
            is_special=is_special,
        )
        for source, measures, score_of, text, scales, is_single, is_special in tables.rows(_SCORES)
    ]
    places = list(PLACES)
    return sorted(scores, key=lambda score: (places.index(score.measures), score.score_of, score.source))


def _check(scores: Sequence[Score]) -> None:
    """Refuse scores that cannot be a variable each."""
    sources: dict[str, Score] = {}
    for score in scores:
        if len(score.scales) > 1:
            found = " and ".join(f"{lowest} to {highest}" for lowest, highest in score.scales)
            raise ConfigurationError(
                f"the items of {score.score_of!r} in the list of {score.source} have scales of {found}",
                expected="one scale for all items of a construct, since a score is their mean",
                todo="give the items with another scale a construct of their own",
            )
        name = score.variable().name
        other = sources.setdefault(name, score)
        if other is not score:
            raise ConfigurationError(
                f"{other.score_of!r} in the list of {other.source} and {score.score_of!r} in that of "
                f"{score.source} would both be the variable {name}",
                expected="names of constructs and items that differ in more than signs, across surveys too",
                todo="give one of them another name in the list of items",
            )


def _statement(scores: Sequence[Score]) -> Statement:
    """Return the statement that puts the last scores of each customer side by side."""
    columns = [exp.alias_(_last(score), score.variable().name, quoted=True) for score in scores]
    return Statement.of(
        table="psychology",
        describes="what customers think and want as of $as_of: the last score on each scale of the surveys.",
        grain="One row per customer who read a questionnaire. Null is not asked, or too few answers.",
        select=parse(_LAST_SCORES).select(*columns),
    )


def _last(score: Score) -> exp.Filter:
    """Return the last score of a customer on one scale."""
    is_it = [
        exp.column(name, "latest").eq(exp.Literal.string(getattr(score, name)))
        for name in ("source", "measures", "score_of")
    ]
    return exp.Filter(
        this=exp.Max(this=exp.column("score", "latest")), expression=exp.Where(this=exp.and_(*is_it))
    )
