-- survey_scores: where customers stand on what the surveys measure, as of $as_of; careless answers do not count.
-- One row per customer, source, survey, wave and scale with enough answers. A score is on the scale of the items.
with limits as (
    select
        -- At least half of the items of the list, and 2 of 3 or more: the mean of fewer hardly stands for what was
        -- skipped (the half rule: Fairclough and Cella 1996; its bias: Mazza, Enders and Ruehlman 2015).
        2 as n_halves,
        2 as n_at_least,
        3 as n_items_from
),
answers as (
    select
        answers.customer_id,
        source,
        answers.survey_id,
        answers.wave,
        item_id,
        answers.answered_on,
        answers.scored,
        items.measures,
        items.score_of
    from survey_answers as answers
    inner join survey_items as items using (source, item_id)
    where answers.answered_on <= $as_of and items.score_of is not null
),
scales as (
    select
        source,
        measures,
        score_of,
        count(*) as n_items
    from survey_items
    where score_of is not null
    group by source, measures, score_of
),
scores as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        answers.measures,
        answers.score_of,
        max(answers.answered_on) as answered_on,
        count(*) as n_answered,
        cast(sum(answers.scored) as double) / nullif(count(*), 0) as score
    from answers
    inner join survey_quality as quality using (customer_id, source, survey_id, wave)
    where not quality.is_careless
    group by customer_id, source, survey_id, wave, answers.measures, answers.score_of
)
select
    customer_id,
    source,
    survey_id,
    wave,
    measures,
    score_of,
    answered_on,
    n_items,
    n_answered,
    score
from scores
inner join scales using (source, measures, score_of)
cross join limits
where n_halves * n_answered >= n_items and (n_items < n_items_from or n_answered >= n_at_least)
order by customer_id, source, survey_id, wave, measures, score_of
