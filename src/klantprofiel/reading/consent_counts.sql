-- consent_counts: how many customers gave, withdrew or objected, by their latest statement until $as_of.
-- One row per purpose and channel as they were stated. Of one moment the strictest statement counts.
with latest as (
    select
        purpose,
        channel,
        status
    from consents
    where stated_at < cast($as_of as date) + interval 1 day
    qualify row_number() over (
        partition by customer_id, purpose, channel
        order by stated_at desc, case when status = 'given' then 1 when status = 'withdrawn' then 2 else 3 end desc
    ) = 1
)
select
    purpose,
    channel,
    count(*) filter (where status = 'given') as n_given,
    count(*) filter (where status = 'withdrawn') as n_withdrawn,
    count(*) filter (where status = 'objected') as n_objected
from latest
group by purpose, channel
order by purpose, channel
