-- category_days: what kinds of products each customer bought, by the day; returns are left out.
-- One row per customer, day and category. Lines of a day before the customer was born are left out.
with lines as (
    select record_id, product_id, cast(ordered_at as date) as booked_on, amount_eur
    from identity.orders
    where not coalesce(is_return, amount_eur < 0, false)
)
select
    registry.customer_id,
    lines.booked_on,
    products.category,
    count(*) as n_lines,
    sum(lines.amount_eur) as bought_eur
from lines
inner join product_categories as products on products.product_id = lines.product_id
inner join identity.customer_records as registry on registry.record_id = lines.record_id
anti join identity.orders_before_birth as unborn
    on unborn.record_id = lines.record_id and unborn.booked_on = lines.booked_on
group by registry.customer_id, lines.booked_on, products.category
