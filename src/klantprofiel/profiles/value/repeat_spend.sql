-- repeat_spend: what customers spent on the days with a purchase after their first, up to and including $as_of.
-- One row per customer of whom any such amount is known. Returns are not taken off.
with days as (
    select customer_id, booked_on, sum(bought_eur) as bought_eur
    from purchase_days
    where n_orders > 0 and booked_on <= $as_of
    group by customer_id, booked_on
),
firsts as (
    select customer_id, min(booked_on) as first_on
    from days
    group by customer_id
)
select days.customer_id, count(*) as n_paid, sum(days.bought_eur) as paid_eur
from days
inner join firsts on firsts.customer_id = days.customer_id
where days.booked_on > firsts.first_on and days.bought_eur > 0
group by days.customer_id
