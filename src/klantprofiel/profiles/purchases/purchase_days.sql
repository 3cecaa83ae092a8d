-- purchase_days: what each customer bought and brought back, by the day; amounts in euro, returns negative.
-- One row per customer, day and channel.
-- An order counts on the day of its first line that is no return, a line on its own day. A line without a return
-- flag is a return when its amount is negative. Lines of a day before the customer was born are left out.
with lines as (
    select
        record_id,
        source,
        order_id,
        channel,
        cast(ordered_at as date) as booked_on,
        case when coalesce(is_return, amount_eur < 0, false) then 1 else 0 end as n_return_lines,
        case when is_return then -abs(amount_eur) else amount_eur end as net_eur,
        case when not coalesce(is_return, amount_eur < 0, false) then amount_eur end as bought_eur,
        case
            when discount_eur is not null and not coalesce(is_return, amount_eur < 0, false) then amount_eur
        end as discountable_eur,
        case when not coalesce(is_return, amount_eur < 0, false) then abs(discount_eur) end as discount_eur
    from identity.orders
),
order_days as (
    select
        lines.record_id,
        lines.source,
        lines.order_id,
        lines.channel,
        lines.booked_on,
        cast(count(*) as integer) as n_lines,
        cast(sum(lines.n_return_lines) as integer) as n_return_lines,
        -- As narrow as the lines: most days have one order, and so much is summed up a second time below.
        cast(sum(lines.net_eur) as decimal(18, 2)) as net_eur,
        cast(sum(lines.bought_eur) as decimal(18, 2)) as bought_eur,
        cast(sum(lines.discountable_eur) as decimal(18, 2)) as discountable_eur,
        cast(sum(lines.discount_eur) as decimal(18, 2)) as discount_eur
    from lines
    anti join identity.orders_before_birth as unborn
        on unborn.record_id = lines.record_id and unborn.booked_on = lines.booked_on
    group by lines.record_id, lines.source, lines.order_id, lines.channel, lines.booked_on
),
spread_orders as (
    select record_id, source, order_id
    from order_days
    where n_lines > n_return_lines
    group by record_id, source, order_id
    having count(*) > 1
),
later_days as (
    select order_days.record_id, order_days.channel, order_days.booked_on
    from order_days
    semi join spread_orders using (record_id, source, order_id)
    where order_days.n_lines > order_days.n_return_lines
    qualify
        row_number() over (
            partition by order_days.record_id, order_days.source, order_days.order_id
            order by order_days.booked_on, order_days.channel is null, order_days.channel
        ) > 1
),
record_days as (
    select
        record_id, channel, booked_on, case when n_lines > n_return_lines then 1 else 0 end as n_orders,
        n_lines, n_return_lines, net_eur, bought_eur, discountable_eur, discount_eur
    from order_days
    union all
    select record_id, channel, booked_on, -1, 0, 0, null, null, null, null
    from later_days
),
channels as (
    select channel, as_label(channel) as label
    from (select distinct channel from identity.orders) as delivered
)
select
    registry.customer_id,
    days.booked_on,
    channels.label as channel,
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
group by registry.customer_id, days.booked_on, channels.label
