-- consent_counts: how many customers gave, withdrew, objected or said what cannot be read, by their latest statement.
-- One row per purpose and channel as stated. A `given` counts until $as_of, a refusal whenever it is known.
with latest as (
    select
        purpose,
        channel,
        status
    from consents
    where status <> 'given' or stated_at < cast($as_of as date) + interval 1 day
    qualify row_number() over (
        partition by customer_id, purpose, channel
        order by
            stated_at desc,
            case
                when status = 'given' then 1
                when status = 'unclear' then 2
                when status = 'withdrawn' then 3
                else 4
            end desc
    ) = 1
)
select
    purpose,
    channel,
    count(*) filter (where status = 'given') as n_given,
    count(*) filter (where status = 'withdrawn') as n_withdrawn,
    count(*) filter (where status = 'objected') as n_objected,
    count(*) filter (where status = 'unclear') as n_unclear
from latest
group by purpose, channel
order by purpose, channel
