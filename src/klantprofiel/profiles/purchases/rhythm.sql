-- rhythm: how regularly each customer buys, and in which season, as of $as_of; by days with an order.
-- One row per customer with an order. A pattern takes three intervals, a season four days over a year or more.
with days as (
    select
        customer_id,
        booked_on,
        datediff('day', lag(booked_on) over (partition by customer_id order by booked_on), booked_on) as interval_days,
        datediff('day', date '0001-01-01', booked_on) as day_number,
        case
            when extract(month from booked_on) in (12, 1, 2) then 'winter'
            when extract(month from booked_on) in (3, 4, 5) then 'lente'
            when extract(month from booked_on) in (6, 7, 8) then 'zomer'
            else 'herfst'
        end as season
    from purchase_days
    where n_orders > 0 and booked_on <= $as_of
    group by customer_id, booked_on
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
        sum(interval_days * interval_days) as sum_squares,
        count(*) filter (where season = 'winter') as n_winter,
        count(*) filter (where season = 'lente') as n_spring,
        count(*) filter (where season = 'zomer') as n_summer,
        count(*) filter (where season = 'herfst') as n_autumn,
        max(day_number) filter (where season = 'winter') as last_winter,
        max(day_number) filter (where season = 'lente') as last_spring,
        max(day_number) filter (where season = 'zomer') as last_summer,
        max(day_number) filter (where season = 'herfst') as last_autumn
    from days
    group by customer_id
),
-- Most days count first, then the last day, which no two seasons share: below ten million until the year 27000.
seasons as (
    select
        *,
        n_winter * 10000000 + coalesce(last_winter, 0) as winter,
        n_spring * 10000000 + coalesce(last_spring, 0) as spring,
        n_summer * 10000000 + coalesce(last_summer, 0) as summer,
        n_autumn * 10000000 + coalesce(last_autumn, 0) as autumn
    from patterns
)
select
    customer_id,
    case when n_intervals >= 3 then middle_days end as cadence_days,
    case
        when n_intervals >= 3
            then sqrt(
                greatest(
                    cast(n_intervals * sum_squares - sum_days * sum_days as double)
                    / nullif(n_intervals * (n_intervals - 1), 0),
                    0
                )
            ) * cast(n_intervals as double) / nullif(sum_days, 0)
    end as cadence_variation,
    case
        when n_days < 4 or span_days < 365 then null
        when winter = greatest(winter, spring, summer, autumn) then 'winter'
        when spring = greatest(winter, spring, summer, autumn) then 'lente'
        when summer = greatest(winter, spring, summer, autumn) then 'zomer'
        else 'herfst'
    end as season_main,
    case
        when n_days >= 4 and span_days >= 365
            then cast(greatest(n_winter, n_spring, n_summer, n_autumn) as double) / nullif(n_days, 0)
    end as season_main_share
from seasons
