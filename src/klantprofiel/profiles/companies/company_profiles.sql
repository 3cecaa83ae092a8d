-- company_profiles: how recently, how often and for how much each company ordered, as of $as_of; euro without VAT.
-- One row per company that was a customer by then. Who never ordered has frequency 0 and spent 0. Unknown is null.
with ordered as (
    select
        company_id,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) filter (where n_orders > 0) as last_ordered_on,
        sum(n_orders) as n_orders,
        sum(net_eur) as net_eur,
        sum(net_eur) filter (where ordered_on > cast($as_of as date) - interval 182 day) as recent_eur
    from company_days
    where ordered_on <= $as_of
    group by company_id
),
known as (
    select
        companies.company_id,
        companies.sector,
        companies.municipality,
        companies.region,
        ordered.company_id is not null as has_ordered,
        case
            when companies.customer_since_on > $as_of or ordered.first_ordered_on < companies.customer_since_on
                then ordered.first_ordered_on
            else coalesce(companies.customer_since_on, ordered.first_ordered_on)
        end as known_since_on,
        ordered.last_ordered_on,
        ordered.n_orders,
        ordered.net_eur,
        ordered.recent_eur
    from companies
    left join ordered on ordered.company_id = companies.company_id
)
select
    company_id,
    sector,
    municipality,
    region,
    datediff('day', known_since_on, cast($as_of as date)) as tenure_days,
    datediff('day', last_ordered_on, cast($as_of as date)) as recency_days,
    coalesce(n_orders, 0) as frequency,
    case when has_ordered then net_eur else 0 end as monetary_eur,
    case when has_ordered and net_eur is null then null else coalesce(recent_eur, 0) end as spend_recent_eur,
    cast(net_eur as double) / nullif(n_orders, 0) as basket_eur
from known
where known_since_on is not null
order by company_id
