-- recommendation: how each customer last answered whether he recommends us, and how satisfied he said to be, $as_of.
-- One row per customer who answered either. The NPS question is known by what it measures and by its scale, 0 to 10.
-- Satisfaction is that of the last wave with such answers: their mean, as 0 (lowest) to 100 (highest) of each scale.
with answers as (
    select
        answers.customer_id,
        answers.answered_on,
        answers.source,
        answers.survey_id,
        answers.wave,
        answers.item_id,
        answers.answer,
        items.measures,
        items.lowest,
        items.highest
    from survey_answers as answers
    inner join survey_items as items on items.source = answers.source and items.item_id = answers.item_id
    where answers.answered_on <= $as_of
),
recommending as (
    select customer_id, answered_on, answer
    from answers
    where measures = 'recommendation' and lowest = 0 and highest = 10
    qualify
        row_number() over (
            partition by customer_id
            order by answered_on desc, wave desc, source, survey_id, item_id
        ) = 1
),
waves as (
    select
        customer_id,
        answered_on,
        source,
        survey_id,
        wave,
        -- Rounded terms add up exactly, so that the mean is the same in any order of the rows.
        cast(
            sum(cast(cast(100 * (answer - lowest) as double) / nullif(highest - lowest, 0) as decimal(18, 12)))
            as double
        ) / nullif(count(*), 0) as satisfaction_score
    from answers
    where measures = 'satisfaction'
    group by customer_id, answered_on, source, survey_id, wave
),
satisfied as (
    select customer_id, satisfaction_score
    from waves
    qualify
        row_number() over (
            partition by customer_id
            order by answered_on desc, wave desc, source, survey_id
        ) = 1
),
known as (
    select customer_id from recommending
    union
    select customer_id from satisfied
)
select
    known.customer_id,
    recommending.answer as nps_score,
    case
        when recommending.answer >= 9 then 'promotor'
        when recommending.answer >= 7 then 'passief'
        when recommending.answer >= 0 then 'criticus'
    end as nps_group,
    datediff('day', recommending.answered_on, cast($as_of as date)) as nps_recency_days,
    satisfied.satisfaction_score
from known
left join recommending on recommending.customer_id = known.customer_id
left join satisfied on satisfied.customer_id = known.customer_id
