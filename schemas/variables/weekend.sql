-- weekend: how much of what each customer ordered up to and including $as_of was ordered on a Saturday or Sunday.
-- One row per customer with an order.
with days as (
    select
        customer_id,
        n_orders,
        datediff('day', date '2024-01-01', booked_on) % 7 in (5, 6) as is_weekend -- from a Monday on
    from purchase_days
    where booked_on >= date '2024-01-01' and booked_on <= $as_of and n_orders > 0
)
select
    customer_id,
    cast(coalesce(sum(n_orders) filter (where is_weekend), 0) as double) / nullif(sum(n_orders), 0) as weekend_share
from days
group by customer_id
