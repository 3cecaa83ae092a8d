-- purchase_histories: each customer's days with a purchase up to and including $as_of, and what those after the first cost.
-- One row per customer who bought by then. x, t_x and T of BG/NBD, in days since the first; returns are not taken off.
-- n_paid counts days after the first of which the amount is known. *_then is as of $until, null of who came later.
with days as (
    select customer_id, booked_on, sum(bought_eur) as bought_eur
    from purchase_days
    where n_orders > 0 and booked_on <= $as_of
    group by customer_id, booked_on
),
per_customer as (
    select
        customer_id,
        min(booked_on) as first_on,
        max(booked_on) as last_on,
        max(booked_on) filter (where booked_on <= $until) as last_then_on,
        count(*) as n_days,
        count(*) filter (where booked_on <= $until) as n_days_then,
        min({'booked_on': booked_on, 'paid_eur': case when bought_eur > 0 then bought_eur end}) as first_day,
        count(*) filter (where bought_eur > 0) as n_paid,
        coalesce(sum(bought_eur) filter (where bought_eur > 0), 0) as paid_eur
    from days
    group by customer_id
)
select
    customer_id,
    n_days - 1 as n_repeats,
    datediff('day', first_on, last_on) as last_days,
    datediff('day', first_on, $as_of) as age_days,
    n_paid - case when first_day.paid_eur is null then 0 else 1 end as n_paid,
    paid_eur - coalesce(first_day.paid_eur, 0) as paid_eur,
    case when n_days_then > 0 then n_days_then - 1 end as n_repeats_then,
    datediff('day', first_on, last_then_on) as last_days_then,
    case when n_days_then > 0 then datediff('day', first_on, $until) end as age_days_then,
    n_days - n_days_then as n_later
from per_customer
