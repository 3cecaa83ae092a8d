-- permissions: whether each customer may be used for one purpose over one channel, as of the end of $as_of.
-- One row per customer. A `given` counts until $as_of, a refusal whenever it is known; of one moment the strictest.
with statements as (
    select
        customer_id,
        case when purpose = $purpose then 'own' when purpose = $every_purpose then 'every' else 'wide' end as scope,
        status,
        stated_at,
        case
            when status = 'given' then 1
            when status = 'unclear' then 2
            when status = 'withdrawn' then 3
            else 4
        end as strictness
    from consents
    where
        (status <> 'given' or stated_at < cast($as_of as date) + interval 1 day)
        and (channel = $channel or channel = $every_channel)
        and (purpose = $purpose or purpose = $wide_purpose or purpose = $every_purpose)
),
latest_of_scope as (
    select customer_id, scope, status, stated_at, strictness
    from statements
    qualify row_number() over (partition by customer_id, scope order by stated_at desc, strictness desc) = 1
),
-- Consent is specific: a wide "given" lifts an earlier wide refusal and says nothing of this purpose.
speaking as (
    select customer_id, status, stated_at, strictness
    from latest_of_scope
    where scope = 'own' or status <> 'given'
),
latest as (
    select customer_id, status
    from speaking
    qualify row_number() over (partition by customer_id order by stated_at desc, strictness desc) = 1
),
judged as (
    select
        customers.customer_id,
        case
            when $ground = 'contract' or $ground = 'legal_obligation' then 'not_needed'
            when latest.status is null then 'no_statement'
            when latest.status = 'given' then 'given'
            when latest.status = 'unclear' then 'unclear'
            when latest.status = 'withdrawn' then 'withdrawn'
            else 'objected'
        end as reason
    from customers
    left join latest on latest.customer_id = customers.customer_id
)
select
    customer_id,
    reason in ('not_needed', 'given')
        or (reason = 'no_statement' and $ground = 'legitimate_interest') as is_permitted,
    $ground as ground,
    reason
from judged
order by customer_id
