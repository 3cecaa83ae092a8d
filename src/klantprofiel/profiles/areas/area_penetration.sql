-- area_penetration: how much of the market each area has as customers, and how much is left, as of $as_of.
-- One row per level (total, province, municipality, pc4) and area. The market is every area with a known population.
-- A share is customers by inhabitants, a household share homes with a customer by households; the index compares the
-- share with that of the whole market (100). White space is how many customers more an area would have at the share of
-- the whole market, and 0 where it has more. Who has no known household is a home of one; homes are counted by pc4.
-- What counts fewer homes than $minimum is withheld, and so are the next smallest of the same surrounding area until
-- two or more, of $minimum homes or more together, are: nobody can subtract the others from the total. All that lies
-- in an area that is withheld is withheld too; where nobody is customer is shown.
with market as (
    select
        pc4,
        coalesce(municipality, 'onbekend') as municipality,
        coalesce(province, 'onbekend') as province,
        population,
        households
    from areas
    where population > 0
),
lived as (
    select customer_id, household_id, pc4, registered_on
    from living
    where valid_from <= $as_of
    qualify row_number() over (partition by customer_id order by valid_from desc) = 1
),
homes as (
    select
        pc4,
        count(*) as n_customers,
        count(distinct coalesce(household_id, customer_id)) as n_homes
    from lived
    where pc4 is not null and (registered_on is null or registered_on <= $as_of)
    group by pc4
),
filled as (
    select
        market.pc4,
        market.municipality,
        market.province,
        market.population,
        market.households,
        coalesce(homes.n_customers, 0) as n_customers,
        coalesce(homes.n_homes, 0) as n_homes
    from market
    left join homes on homes.pc4 = market.pc4
),
levels as (
    select
        case
            when pc4 is not null then 'pc4'
            when municipality is not null then 'municipality'
            when province is not null then 'province'
            else 'total'
        end as level,
        province,
        municipality,
        pc4,
        sum(population) as population,
        sum(households) as households,
        sum(n_customers) as n_customers,
        sum(n_homes) as n_homes
    from filled
    group by rollup (province, municipality, pc4)
),
placed as (
    select
        *,
        n_homes > 0 as has_customers,
        case when level in ('municipality', 'pc4') then province end as around_province,
        case when level = 'pc4' then municipality end as around_municipality
    from levels
),
ranked as (
    select
        *,
        sum(case when n_homes between 1 and $minimum - 1 then 1 else 0 end)
            over (partition by level, around_province, around_municipality) as n_small,
        sum(n_homes) over (
            partition by level, around_province, around_municipality, has_customers
            order by n_homes, province, municipality, pc4
            rows between unbounded preceding and current row
        ) - n_homes as n_homes_smaller
    from placed
),
judged as (
    select
        *,
        has_customers and (
            n_homes < $minimum or (n_small > 0 and n_homes_smaller < $minimum)
        ) as is_small
    from ranked
),
surrounded as (
    select
        *,
        max(case when level = 'total' and is_small then 1 else 0 end) over () as total_small,
        max(case when level = 'province' and is_small then 1 else 0 end) over (partition by province) as province_small,
        max(case when level = 'municipality' and is_small then 1 else 0 end)
            over (partition by province, municipality) as municipality_small,
        max(case when level = 'total' then n_customers end) over () as market_customers,
        max(case when level = 'total' then population end) over () as market_population
    from judged
),
shown as (
    select
        level,
        province,
        municipality,
        pc4,
        population,
        households,
        has_customers and (is_small or total_small + province_small + municipality_small > 0) as is_withheld,
        n_customers,
        n_homes,
        cast(n_customers as double) / nullif(population, 0) as share,
        cast(n_homes as double) / nullif(households, 0) as household_share,
        case
            when total_small = 0 then cast(market_customers as double) / nullif(market_population, 0)
        end as market_share
    from surrounded
)
select
    level,
    province,
    municipality,
    pc4,
    population as n_inhabitants,
    households as n_households,
    is_withheld,
    case when not is_withheld then n_customers end as n_customers,
    case when not is_withheld then n_homes end as n_homes,
    case when not is_withheld then share end as penetration_share,
    case when not is_withheld then household_share end as home_share,
    market_share as benchmark_share,
    case when not is_withheld then cast(100 * share as double) / nullif(market_share, 0) end as penetration_index,
    case
        when not is_withheld then greatest(cast(floor(market_share * population - n_customers) as bigint), 0)
    end as n_white_space
from shown
order by
    case level when 'total' then 1 when 'province' then 2 when 'municipality' then 3 else 4 end,
    province,
    municipality,
    pc4
