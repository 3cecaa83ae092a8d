-- rhythm: how regularly each customer buys, and in which season, as of $as_of; by days with an order.
-- One row per customer with an order. A pattern takes three intervals, a season four days over a year or more.
with days as (
    select
        customer_id,
        booked_on,
        sum(n_orders) as n_orders,
        datediff('day', lag(booked_on) over (partition by customer_id order by booked_on), booked_on) as interval_days
    from purchase_days
    where n_orders > 0 and booked_on <= $as_of
    group by customer_id, booked_on
),
seasons as (
    select
        customer_id,
        case
            when extract(month from booked_on) in (12, 1, 2) then 'winter'
            when extract(month from booked_on) in (3, 4, 5) then 'lente'
            when extract(month from booked_on) in (6, 7, 8) then 'zomer'
            else 'herfst'
        end as season,
        count(*) as n_days,
        max(booked_on) as last_on
    from days
    group by 1, 2
),
main_seasons as (
    select
        customer_id,
        season,
        cast(n_days as double) / nullif(sum(n_days) over (partition by customer_id), 0) as season_share
    from seasons
    qualify row_number() over (partition by customer_id order by n_days desc, last_on desc, season) = 1
),
patterns as (
    select
        customer_id,
        count(*) as n_days,
        datediff('day', min(booked_on), max(booked_on)) as span_days,
        count(interval_days) as n_intervals,
        median(interval_days) as middle_days,
        -- In whole numbers, so that the spread is the same in any order of the rows.
        sum(interval_days) as sum_days,
        sum(interval_days * interval_days) as sum_squares
    from days
    group by customer_id
)
select
    patterns.customer_id,
    case when patterns.n_intervals >= 3 then patterns.middle_days end as cadence_days,
    case
        when patterns.n_intervals >= 3
            then sqrt(
                greatest(
                    cast(patterns.n_intervals * patterns.sum_squares - patterns.sum_days * patterns.sum_days as double)
                    / nullif(patterns.n_intervals * (patterns.n_intervals - 1), 0),
                    0
                )
            ) * cast(patterns.n_intervals as double) / nullif(patterns.sum_days, 0)
    end as cadence_variation,
    case when patterns.n_days >= 4 and patterns.span_days >= 365 then main_seasons.season end as season_main,
    case when patterns.n_days >= 4 and patterns.span_days >= 365 then main_seasons.season_share end as season_main_share
from patterns
inner join main_seasons on main_seasons.customer_id = patterns.customer_id
