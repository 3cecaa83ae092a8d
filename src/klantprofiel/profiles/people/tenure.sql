-- tenure: how long each customer is known, as of $as_of: since registration or the first order, whichever came first.
-- One row per customer of whom either is known.
with first_orders as (
    select customer_id, min(booked_on) as ordered_on
    from purchase_days
    where booked_on <= $as_of and n_orders > 0
    group by customer_id
),
registrations as (
    select customer_id, registered_on
    from living
    qualify row_number() over (partition by customer_id order by valid_from desc) = 1
),
moments as (
    select
        customers.customer_id,
        case when registrations.registered_on <= $as_of then registrations.registered_on end as registered_on,
        first_orders.ordered_on
    from customers
    left join registrations on registrations.customer_id = customers.customer_id
    left join first_orders on first_orders.customer_id = customers.customer_id
),
known as (
    select
        customer_id,
        case
            when registered_on is null or ordered_on < registered_on then ordered_on
            else registered_on
        end as known_since_on
    from moments
)
select customer_id, datediff('day', known_since_on, cast($as_of as date)) as tenure_days
from known
where known_since_on is not null
