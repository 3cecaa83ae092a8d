-- profiles: what is known of each customer as of $as_of, in variables that `variables` describes.
-- One row per customer. Null is unknown; who never ordered has frequency 0 and spent 0.
with channels as (
    select
        customer_id,
        max(channel) filter (where channel_rank = 1) as channel_main,
        cast(coalesce(sum(n_orders) filter (where is_online), 0) as double) / nullif(sum(n_orders), 0) as online_share
    from channel_mix
    group by customer_id
),
categories as (
    select
        customer_id,
        max(category) filter (where category_rank = 1) as category_main,
        count(*) as n_categories,
        max(spend_share) filter (where category_rank = 1) as category_main_share,
        cast(sum(bought_eur) filter (where category_rank <= 3) as double)
        / nullif(sum(bought_eur), 0) as category_top3_share,
        -- Rounded terms add up exactly, so that the sum is the same in any order of the rows.
        cast(
            sum(case when spend_share > 0 then cast(-spend_share * ln(spend_share) as decimal(18, 12)) end) as double
        ) as category_entropy
    from category_mix
    group by customer_id
)
select
    customers.customer_id,
    region.region,
    region.postal_area,
    demographics.age_years,
    demographics.age_band,
    demographics.household_size,
    datediff('day', tenure.known_since_on, cast($as_of as date)) as tenure_days,
    datediff('day', behaviour.last_ordered_on, cast($as_of as date)) as recency_days,
    coalesce(behaviour.n_orders, 0) as frequency,
    case when behaviour.customer_id is null then 0 else behaviour.net_eur end as monetary_eur,
    case
        when behaviour.customer_id is not null and behaviour.net_eur is null then null
        else coalesce(behaviour.recent_eur, 0)
    end as spend_recent_eur,
    case
        when behaviour.customer_id is not null and behaviour.net_eur is null then null
        else coalesce(behaviour.before_eur, 0)
    end as spend_before_eur,
    cast(behaviour.bought_eur as double) / nullif(behaviour.n_orders, 0) as basket_eur,
    cast(behaviour.discount_eur as double)
    / nullif(behaviour.discount_eur + behaviour.discountable_eur, 0) as discount_share,
    channels.channel_main,
    channels.online_share,
    categories.category_main,
    categories.n_categories,
    categories.category_main_share,
    categories.category_top3_share,
    categories.category_entropy,
    cast(behaviour.n_return_lines as double) / nullif(behaviour.n_lines, 0) as return_share
from customers
left join region on region.customer_id = customers.customer_id
left join demographics on demographics.customer_id = customers.customer_id
left join tenure on tenure.customer_id = customers.customer_id
left join behaviour on behaviour.customer_id = customers.customer_id
left join channels on channels.customer_id = customers.customer_id
left join categories on categories.customer_id = customers.customer_id
order by customers.customer_id
