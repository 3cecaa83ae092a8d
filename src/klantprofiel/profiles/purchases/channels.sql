-- channels: over which channels each customer orders, as of $as_of.
-- One row per customer with an order of which the channel is known.
with per_channel as (
    select
        customer_id,
        channel,
        sum(n_orders) as n_orders,
        max(booked_on) as last_ordered_on,
        channel in ('app', 'e-commerce', 'internet', 'online', 'web', 'webshop', 'website', 'webwinkel') as is_online
    from purchase_days
    where n_orders > 0 and channel is not null and booked_on <= $as_of
    group by customer_id, channel
),
ranked as (
    select
        customer_id,
        channel,
        n_orders,
        is_online,
        row_number() over (
            partition by customer_id
            order by n_orders desc, last_ordered_on desc, channel
        ) as channel_rank
    from per_channel
)
select
    customer_id,
    max(channel) filter (where channel_rank = 1) as channel_main,
    count(*) as n_channels,
    cast(coalesce(sum(n_orders) filter (where is_online), 0) as double) / nullif(sum(n_orders), 0) as online_share
from ranked
group by customer_id
