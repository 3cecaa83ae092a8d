-- purchasing: how recently, how often and for how much each customer bought, as of $as_of.
-- One row per customer. Who never ordered has frequency 0 and spent 0; an amount that nobody told is unknown.
with bought as (
    select
        customer_id,
        max(booked_on) filter (where n_orders > 0) as last_ordered_on,
        sum(n_orders) as n_orders,
        sum(n_lines) as n_lines,
        sum(n_return_lines) as n_return_lines,
        sum(net_eur) as net_eur,
        sum(bought_eur) as bought_eur,
        sum(discountable_eur) as discountable_eur,
        sum(discount_eur) as discount_eur,
        sum(net_eur) filter (where booked_on > cast($as_of as date) - interval 182 day) as recent_eur,
        sum(net_eur) filter (
            where
            booked_on > cast($as_of as date) - interval 364 day
            and booked_on <= cast($as_of as date) - interval 182 day
        ) as before_eur
    from purchase_days
    where booked_on <= $as_of
    group by customer_id
),
spent as (
    select
        customers.customer_id,
        bought.last_ordered_on,
        coalesce(bought.n_orders, 0) as n_orders,
        bought.n_lines,
        bought.n_return_lines,
        bought.bought_eur,
        bought.discountable_eur,
        bought.discount_eur,
        case when bought.customer_id is null then 0 else bought.net_eur end as net_eur,
        case
            when bought.customer_id is not null and bought.net_eur is null then null
            else coalesce(bought.recent_eur, 0)
        end as recent_eur,
        case
            when bought.customer_id is not null and bought.net_eur is null then null
            else coalesce(bought.before_eur, 0)
        end as before_eur
    from customers
    left join bought on bought.customer_id = customers.customer_id
)
select
    customer_id,
    datediff('day', last_ordered_on, cast($as_of as date)) as recency_days,
    n_orders as frequency,
    net_eur as monetary_eur,
    recent_eur as spend_recent_eur,
    before_eur as spend_before_eur,
    case
        when recent_eur >= 0 and before_eur >= 0
            then cast(recent_eur - before_eur as double) * 2 / nullif(cast(recent_eur + before_eur as double), 0)
    end as spend_trend,
    cast(bought_eur as double) / nullif(n_orders, 0) as basket_eur,
    cast(discount_eur as double) / nullif(discount_eur + discountable_eur, 0) as discount_share,
    cast(n_return_lines as double) / nullif(n_lines, 0) as return_share
from spent
