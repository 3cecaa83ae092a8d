-- category_days: what kinds of products each customer bought, by the day; returns are left out.
-- One row per customer, day and category.
with record_days as (
    select
        orders.record_id,
        cast(orders.ordered_at as date) as booked_on,
        products.category,
        count(*) as n_lines,
        sum(orders.amount_eur) as bought_eur
    from identity.orders as orders
    inner join product_categories as products on products.product_id = orders.product_id
    where not coalesce(orders.is_return, orders.amount_eur < 0, false)
    group by orders.record_id, cast(orders.ordered_at as date), products.category
)
select
    registry.customer_id,
    days.booked_on,
    days.category,
    sum(days.n_lines) as n_lines,
    sum(days.bought_eur) as bought_eur
from record_days as days
inner join identity.customer_records as registry on registry.record_id = days.record_id
group by registry.customer_id, days.booked_on, days.category
