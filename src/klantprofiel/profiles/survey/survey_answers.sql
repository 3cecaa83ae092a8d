-- survey_answers: what customers answered in surveys, on the scale of each item; no free text.
-- One row per customer, source, survey, wave and item. Of a customer's questionnaires in a wave the first counts.
with numbers as (
    select
        registry.customer_id,
        answers.record_id,
        answers.source,
        answers.survey_id,
        answers.wave,
        answers.item_id,
        cast(answers.answered_at as date) as answered_on,
        answers.seconds,
        try_cast(answers.answer as decimal(18, 6)) as answer
    from identity.survey_answers as answers
    inner join identity.customer_records as registry on registry.record_id = answers.record_id
    where answers.answered_at is not null
),
given as (
    select
        numbers.customer_id,
        numbers.record_id,
        source,
        numbers.survey_id,
        numbers.wave,
        item_id,
        numbers.answered_on,
        numbers.seconds,
        cast(numbers.answer as bigint) as answer,
        items.lowest,
        items.highest,
        items.is_reversed
    from numbers
    inner join survey_items as items using (source, item_id)
    where numbers.answer = floor(numbers.answer) and numbers.answer between items.lowest and items.highest
),
questionnaires as (
    select
        customer_id,
        record_id,
        source,
        survey_id,
        wave,
        max(answered_on) as answered_on,
        max(seconds) as seconds,
        count(*) as n_answered
    from given
    group by customer_id, record_id, source, survey_id, wave
),
first_ones as (
    select
        record_id,
        source,
        survey_id,
        wave,
        answered_on,
        seconds
    from questionnaires
    qualify row_number() over (
        partition by customer_id, source, survey_id, wave
        order by answered_on, n_answered desc, record_id
    ) = 1
)
select
    given.customer_id,
    source,
    survey_id,
    wave,
    given.item_id,
    first_ones.answered_on,
    given.answer,
    case when given.is_reversed then given.lowest + given.highest - given.answer else given.answer end as scored,
    first_ones.seconds
from given
inner join first_ones using (record_id, source, survey_id, wave)
