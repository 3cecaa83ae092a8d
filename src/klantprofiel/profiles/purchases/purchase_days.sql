-- purchase_days: what each customer bought and brought back, by the day; amounts in euro, returns negative.
-- One row per customer, day and channel.
-- An order counts on the day of its first line that is no return, a line on its own day. A line without a return
-- flag is a return when its amount is negative. A channel is one to three words in letters, of at most 20 signs
-- together; other text may name a person and counts as unknown.
with order_days as (
    select
        record_id,
        source,
        order_id,
        channel,
        cast(ordered_at as date) as booked_on,
        count(*) as n_lines,
        count(*) filter (where coalesce(is_return, amount_eur < 0, false)) as n_return_lines,
        sum(case when is_return then -abs(amount_eur) else amount_eur end) as net_eur,
        sum(amount_eur) filter (where not coalesce(is_return, amount_eur < 0, false)) as bought_eur,
        sum(amount_eur) filter (
            where discount_eur is not null and not coalesce(is_return, amount_eur < 0, false)
        ) as discountable_eur,
        sum(abs(discount_eur)) filter (where not coalesce(is_return, amount_eur < 0, false)) as discount_eur
    from identity.orders
    where record_id is not null
    group by record_id, source, order_id, channel, cast(ordered_at as date)
),
orders_begun as (
    select
        record_id,
        min(
            {'booked_on': booked_on, 'is_unknown': channel is null, 'channel': coalesce(channel, '')}
        ) as began
    from order_days
    where n_lines > n_return_lines
    group by record_id, source, order_id
),
record_days as (
    select record_id, channel, booked_on, 0 as n_orders, n_lines, n_return_lines, net_eur, bought_eur, discountable_eur, discount_eur
    from order_days
    union all
    select record_id, nullif(began.channel, ''), began.booked_on, 1, 0, 0, null, null, null, null
    from orders_begun
),
channels as (
    select channel, lower(trim(channel)) as named_channel
    from (select distinct channel from order_days) as delivered
    where
        length(trim(channel)) <= 20
        and regexp_matches(lower(trim(channel)), '^[a-z][a-z&/_-]*( [a-z&/_-]+){0,2}$')
)
select
    registry.customer_id,
    days.booked_on,
    channels.named_channel as channel,
    sum(days.n_orders) as n_orders,
    sum(days.n_lines) as n_lines,
    sum(days.n_return_lines) as n_return_lines,
    sum(days.net_eur) as net_eur,
    sum(days.bought_eur) as bought_eur,
    sum(days.discountable_eur) as discountable_eur,
    sum(days.discount_eur) as discount_eur
from record_days as days
inner join identity.customer_records as registry on registry.record_id = days.record_id
left join channels on channels.channel = days.channel
group by registry.customer_id, days.booked_on, channels.named_channel
