-- identity.customer_orders: the orders of customers, of lines up to and including $as_of; returns are negative.
-- One row per source record and order. A line without a return flag is a return when its amount is negative.
with booked_lines as (
    select
        record_id,
        source,
        order_id,
        channel,
        cast(ordered_at as date) as booked_on,
        coalesce(is_return, amount_eur < 0, false) as is_return_line,
        case when is_return then -abs(amount_eur) else amount_eur end as net_eur,
        abs(discount_eur) as discount_eur
    from identity.orders
    where record_id is not null and cast(ordered_at as date) <= $as_of
),
record_orders as (
    select
        record_id,
        source,
        order_id,
        min(channel) as channel,
        min(booked_on) filter (where not is_return_line) as ordered_on,
        count(*) as n_lines,
        count(*) filter (where is_return_line) as n_return_lines,
        sum(net_eur) as net_eur,
        sum(net_eur) filter (where not is_return_line) as bought_eur,
        sum(net_eur) filter (where not is_return_line and discount_eur is not null) as discountable_eur,
        sum(discount_eur) filter (where not is_return_line) as discount_eur,
        sum(net_eur) filter (where booked_on > cast($as_of as date) - interval 182 day) as recent_eur,
        sum(net_eur) filter (
            where
            booked_on > cast($as_of as date) - interval 364 day
            and booked_on <= cast($as_of as date) - interval 182 day
        ) as before_eur
    from booked_lines
    group by record_id, source, order_id
)
select
    registry.customer_id,
    orders.record_id,
    orders.source,
    orders.order_id,
    orders.channel,
    orders.ordered_on,
    orders.n_lines,
    orders.n_return_lines,
    orders.net_eur,
    orders.bought_eur,
    orders.discountable_eur,
    orders.discount_eur,
    orders.recent_eur,
    orders.before_eur
from record_orders as orders
inner join identity.customer_records as registry on registry.record_id = orders.record_id
