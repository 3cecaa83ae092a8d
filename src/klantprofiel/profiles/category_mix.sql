-- category_mix: what kinds of products each customer bought, up to and including $as_of; returns are left out.
-- One row per customer and category. spend_share is of what the customer spent on products of a known category.
with categories as (
    select product_id, category
    from identity.products
    where category is not null
    qualify row_number() over (partition by product_id order by delivered_on desc, source, category) = 1
),
per_category as (
    select
        registry.customer_id,
        categories.category,
        count(*) as n_lines,
        sum(orders.amount_eur) as bought_eur
    from identity.orders as orders
    inner join identity.customer_records as registry on registry.record_id = orders.record_id
    inner join categories on categories.product_id = orders.product_id
    where
        cast(orders.ordered_at as date) <= $as_of
        and not coalesce(orders.is_return, orders.amount_eur < 0, false)
    group by registry.customer_id, categories.category
),
with_total as (
    select
        customer_id,
        category,
        n_lines,
        bought_eur,
        sum(bought_eur) over (partition by customer_id) as total_eur
    from per_category
)
select
    customer_id,
    category,
    n_lines,
    bought_eur,
    cast(bought_eur as double) / nullif(total_eur, 0) as spend_share,
    row_number() over (
        partition by customer_id
        order by coalesce(bought_eur, 0) desc, n_lines desc, category
    ) as category_rank
from with_total
order by customer_id, category_rank
