-- survey_account: what became of every answer that the sources delivered.
-- One row per source, survey and wave. n_usable is what is left; of two questionnaires of a customer one counts.
with answers as (
    select
        record_id,
        source,
        survey_id,
        wave,
        item_id,
        answered_at,
        answer,
        try_cast(answer as decimal(18, 6)) as number
    from identity.survey_answers
),
judged as (
    select
        answers.source,
        answers.survey_id,
        answers.wave,
        case
            when registry.customer_id is null then 'without customer'
            when answers.answered_at is null then 'without date'
            when answers.answer is null then 'skipped'
            when items.item_id is null then 'unknown item'
            when
                answers.number = floor(answers.number) and answers.number between items.lowest and items.highest
                then 'usable'
            else 'off scale'
        end as fate
    from answers
    left join identity.customer_records as registry on registry.record_id = answers.record_id
    left join survey_items as items on items.source = answers.source and items.item_id = answers.item_id
)
select
    source,
    survey_id,
    wave,
    count(*) as n_answers,
    count(*) filter (where fate = 'usable') as n_usable,
    count(*) filter (where fate = 'skipped') as n_skipped,
    count(*) filter (where fate = 'off scale') as n_off_scale,
    count(*) filter (where fate = 'unknown item') as n_unknown_item,
    count(*) filter (where fate = 'without customer') as n_without_customer,
    count(*) filter (where fate = 'without date') as n_without_date
from judged
group by source, survey_id, wave
order by source, survey_id, wave
