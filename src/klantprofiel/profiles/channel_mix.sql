-- channel_mix: over which channels each customer ordered, up to and including $as_of.
-- One row per customer and channel. order_share is of the customer's orders of which the channel is known.
-- A channel is a word or two in letters, of at most 20; other text may name a person and counts as unknown.
with named as (
    select
        customer_id,
        lower(trim(channel)) as channel,
        ordered_on
    from identity.customer_orders
    where ordered_on is not null and regexp_matches(lower(trim(channel)), '^[a-z][a-z&/_-]*( [a-z&/_-]+){0,2}$')
),
per_channel as (
    select
        customer_id,
        channel,
        count(*) as n_orders,
        max(ordered_on) as last_ordered_on
    from named
    where length(channel) <= 20
    group by customer_id, channel
)
select
    customer_id,
    channel,
    n_orders,
    last_ordered_on,
    cast(n_orders as double) / nullif(sum(n_orders) over (partition by customer_id), 0) as order_share,
    row_number() over (
        partition by customer_id
        order by n_orders desc, last_ordered_on desc, channel
    ) as channel_rank,
    channel in ('app', 'e-commerce', 'internet', 'online', 'web', 'webshop', 'website', 'webwinkel') as is_online
from per_channel
order by customer_id, channel_rank
