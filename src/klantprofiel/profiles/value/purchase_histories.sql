-- purchase_histories: each customer's days with a purchase up to and including $until, and those after it.
-- One row per customer who bought by then. x, t_x and T of BG/NBD, in days since the first; n_later counts to $as_of.
with days as (
    select customer_id, booked_on
    from purchase_days
    where n_orders > 0 and booked_on <= $as_of
    group by customer_id, booked_on
),
per_customer as (
    select
        customer_id,
        min(booked_on) as first_on,
        max(booked_on) filter (where booked_on <= $until) as last_on,
        count(*) filter (where booked_on <= $until) as n_days,
        count(*) filter (where booked_on > $until) as n_later
    from days
    group by customer_id
)
select
    customer_id,
    first_on,
    n_days - 1 as n_repeats,
    datediff('day', first_on, last_on) as last_days,
    datediff('day', first_on, $until) as age_days,
    n_later
from per_customer
where n_days > 0
