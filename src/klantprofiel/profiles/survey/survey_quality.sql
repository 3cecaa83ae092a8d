-- survey_quality: who answered a survey without reading it, as of $as_of: straight-liners and speeders.
-- One row per customer, source, survey and wave. Null is: not to be told, for want of items or of times.
with limits as (
    select
        -- One answer to so many statements, of which some are reversed, contradicts itself (Curran 2016).
        6 as n_contradicting,
        -- Without a reversed one, only a longer string is beyond belief (Curran 2016: half a scale; Johnson 2005).
        10 as n_same,
        -- So many times faster than the median is beyond reading. Leiner (2019) doubts from twice as fast on; Greszki,
        -- Meyer and Schoen (2015) try 50, 40 and 30% of the median: a third leaves in who only reads fast.
        3 as n_times_faster,
        -- A median of fewer times is no norm.
        10 as n_timed
),
answers as (
    select
        answers.customer_id,
        source,
        answers.survey_id,
        answers.wave,
        answers.answered_on,
        answers.answer,
        answers.seconds,
        items.lowest,
        items.highest,
        items.is_reversed,
        items.is_statement
    from survey_answers as answers
    inner join survey_items as items using (source, item_id)
    where answers.answered_on <= $as_of
),
blocks as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        min(answer) = max(answer) as is_same,
        count(*) as n_items,
        count(*) filter (where is_reversed) as n_reversed
    from answers
    where is_statement
    group by customer_id, source, survey_id, wave, lowest, highest
),
straight as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        count(*) filter (where is_same) > 0 as is_straight
    from blocks
    cross join limits
    where n_items >= n_same or (n_items >= n_contradicting and n_reversed > 0 and n_reversed < n_items)
    group by customer_id, source, survey_id, wave
),
questionnaires as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        max(answered_on) as answered_on,
        count(*) as n_answered,
        max(seconds) as seconds,
        cast(max(seconds) as double) / nullif(count(*), 0) as seconds_per_answer
    from answers
    group by customer_id, source, survey_id, wave
),
norms as (
    select
        source,
        survey_id,
        wave,
        median(seconds_per_answer) as norm
    from questionnaires
    where seconds_per_answer is not null
    group by source, survey_id, wave
    having count(*) >= (select n_timed from limits)
),
flagged as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        questionnaires.answered_on,
        questionnaires.n_answered,
        questionnaires.seconds,
        cast(questionnaires.seconds_per_answer as double) / nullif(norms.norm, 0) as pace_share,
        straight.is_straight,
        limits.n_times_faster * questionnaires.seconds_per_answer < norms.norm as is_hurried
    from questionnaires
    left join norms using (source, survey_id, wave)
    left join straight using (customer_id, source, survey_id, wave)
    cross join limits
)
select
    customer_id,
    source,
    survey_id,
    wave,
    answered_on,
    n_answered,
    seconds,
    pace_share,
    is_straight,
    is_hurried,
    coalesce(is_straight, false) or coalesce(is_hurried, false) as is_careless
from flagged
order by customer_id, source, survey_id, wave
