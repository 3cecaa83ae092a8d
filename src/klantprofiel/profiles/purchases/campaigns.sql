-- campaigns: how each customer was approached in the year up to and including $as_of, and what followed.
-- One row per customer whom a campaign ever reached.
with reached as (
    select
        customer_id,
        max(contacted_on) as last_contacted_on,
        sum(n_contacts) filter (where contacted_on > cast($as_of as date) - interval 365 day) as n_contacts,
        sum(n_followed) filter (where contacted_on > cast($as_of as date) - interval 365 day) as n_followed,
        sum(n_responses) filter (where contacted_on > cast($as_of as date) - interval 365 day) as n_responses
    from campaign_days
    where contacted_on <= $as_of
    group by customer_id
)
select
    customer_id,
    datediff('day', last_contacted_on, cast($as_of as date)) as campaign_recency_days,
    coalesce(n_contacts, 0) as campaign_contacts_365,
    cast(n_responses as double) / nullif(n_followed, 0) as campaign_response_share
from reached
