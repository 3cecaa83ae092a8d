-- service_experience: what each customer went through with customer service, as of $as_of; a year is the 365 days up to then.
-- One row per customer, once the sources tell of any contact: who had none has 0 contacts, and the rest is unknown.
-- A complaint of the year is open while it was not resolved and no later contact about its subject was.
with contacts_by_now as (
    select *, contacted_on > cast($as_of as date) - interval 365 day as is_recent
    from contact_days
    where contacted_on <= $as_of
),
per_customer as (
    select
        customer_id,
        max(contacted_on) as last_contacted_on,
        count(*) filter (where is_recent) as n_contacts,
        count(*) filter (where is_recent and is_complaint) as n_complaints,
        count(*) filter (where is_recent and not is_repeat and is_resolved is not null) as n_first,
        count(*) filter (where is_recent and not is_repeat and is_resolved) as n_first_resolved,
        median(waiting_seconds) filter (where is_recent) as waiting_median_seconds,
        avg(satisfaction) filter (where is_recent) as csat_mean,
        avg(ease) filter (where is_recent) as ces_mean
    from contacts_by_now
    group by customer_id
),
open_complaints as (
    select complaints.customer_id, count(*) as n_open
    from contacts_by_now as complaints
    anti join contacts_by_now as later
        on
            later.customer_id = complaints.customer_id
            and later.subject is not distinct from complaints.subject
            and later.is_resolved
            and (
                later.contacted_on > complaints.contacted_on
                or (later.contacted_on = complaints.contacted_on and later.contact_rank > complaints.contact_rank)
            )
    where complaints.is_recent and complaints.is_complaint and not complaints.is_resolved
    group by complaints.customer_id
),
last_satisfaction as (
    select customer_id, satisfaction
    from contacts_by_now
    where satisfaction is not null
    qualify row_number() over (partition by customer_id order by contacted_on desc, contact_rank desc) = 1
),
last_ease as (
    select customer_id, ease
    from contacts_by_now
    where ease is not null
    qualify row_number() over (partition by customer_id order by contacted_on desc, contact_rank desc) = 1
),
per_channel as (
    select customer_id, channel, count(*) as n_contacts, max(contacted_on) as last_contacted_on
    from contacts_by_now
    where is_recent and channel is not null
    group by customer_id, channel
),
main_channel as (
    select customer_id, channel
    from per_channel
    qualify
        row_number() over (
            partition by customer_id
            order by n_contacts desc, last_contacted_on desc, channel
        ) = 1
),
sources_tell as (
    select count(*) as n_contacts
    from contacts_by_now
)
select
    customers.customer_id,
    coalesce(per_customer.n_contacts, 0) as n_contacts_365,
    datediff('day', per_customer.last_contacted_on, cast($as_of as date)) as contact_recency_days,
    main_channel.channel as service_channel_main,
    per_customer.waiting_median_seconds,
    cast(per_customer.n_first_resolved as double)
    / nullif(per_customer.n_first, 0) as first_contact_resolution_share,
    coalesce(per_customer.n_complaints, 0) as n_complaints_365,
    coalesce(open_complaints.n_open, 0) as n_complaints_open,
    last_satisfaction.satisfaction as csat_last,
    per_customer.csat_mean,
    last_ease.ease as ces_last,
    per_customer.ces_mean
from customers
inner join sources_tell on sources_tell.n_contacts > 0
left join per_customer on per_customer.customer_id = customers.customer_id
left join open_complaints on open_complaints.customer_id = customers.customer_id
left join main_channel on main_channel.customer_id = customers.customer_id
left join last_satisfaction on last_satisfaction.customer_id = customers.customer_id
left join last_ease on last_ease.customer_id = customers.customer_id
