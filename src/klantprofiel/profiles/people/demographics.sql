-- demographics: age, household and life stage of each customer, as of $as_of.
-- One row per customer. The age band follows from the birth date, or else is the one that a source delivered.
-- A birth is known for all time as it is known last; a home and a delivered band count from the day they hold.
-- An age counts from the first day of the month after birth, because the day itself is not known here: for the rest of
-- the birth month it is a year too low, and never too high. Who would be over 120, or is not born yet, has no age.
-- A household has as many persons as a source delivered (a number, or 3+ and up), at least as many as it has customers;
-- without a delivered size only three customers or more tell something. Life stages, the first that holds:
--   under 18: minderjarig
--   16 years or more older than a customer under 35 of the same household: gezin met kinderen
--   under 35, and 16 years or more younger than a customer of the same household: jong, thuiswonend
--   1 person: alleenstaand; 2 persons: met zijn tweeën; both jong under 35 and 65-plus from 65
--   3 persons or more: met zijn drieën of meer
-- Two generations are 16 years apart because hardly anybody is a parent earlier. Unknown age or household: unknown.
with births as (
    select customer_id, born_in
    from living
    qualify row_number() over (partition by customer_id order by valid_from desc) = 1
),
lived as (
    select customer_id, household_id, household_size, age_band
    from living
    where valid_from <= $as_of
    qualify row_number() over (partition by customer_id order by valid_from desc) = 1
),
households as (
    select household_id, count(*) as n_customers
    from lived
    where household_id is not null
    group by household_id
),
homes as (
    select
        births.customer_id,
        lived.household_id,
        lived.household_size,
        lived.age_band,
        households.n_customers as n_in_household,
        case
            when births.born_in <= $as_of
                then extract(year from cast($as_of as date)) * 12 + extract(month from cast($as_of as date))
                    - extract(year from births.born_in) * 12 - extract(month from births.born_in)
        end as months,
        case
            when births.born_in <= $as_of
                then extract(year from cast($as_of as date)) - extract(year from births.born_in)
                    - case
                        when extract(month from cast($as_of as date)) <= extract(month from births.born_in)
                            then 1
                        else 0
                    end
        end as years,
        case
            when regexp_matches(lived.household_size, '^([0-9]{1,2}|([3-9]|[1-9][0-9]) ?[+])$')
                then try_cast(regexp_extract(lived.household_size, '^([0-9]{1,2})', 1) as integer)
        end as delivered_persons
    from births
    left join lived on lived.customer_id = births.customer_id
    left join households on households.household_id = lived.household_id
),
aged as (
    select
        *,
        case when years <= 120 then greatest(years, 0) end as age_years,
        case
            when delivered_persons >= 1 then greatest(delivered_persons, coalesce(n_in_household, 1))
            when n_in_household >= 3 then n_in_household
        end as n_persons
    from homes
),
generations as (
    select household_id, min(months) as youngest_months, max(months) as oldest_months
    from aged
    where household_id is not null and age_years is not null
    group by household_id
),
families as (
    select aged.*, generations.youngest_months, generations.oldest_months
    from aged
    left join generations on generations.household_id = aged.household_id
),
staged as (
    select
        *,
        case
            when age_years < 18 then 'minderjarig'
            when
                household_id is not null
                and youngest_months <= 35 * 12
                and months - youngest_months >= 16 * 12 then 'gezin met kinderen'
            when
                household_id is not null
                and age_years < 35
                and oldest_months - months >= 16 * 12 then 'jong, thuiswonend'
            when age_years is null or n_persons is null then null
            when n_persons >= 3 then 'met zijn drieën of meer'
            when n_persons = 1 and age_years < 35 then 'jong alleenstaand'
            when n_persons = 1 and age_years < 65 then 'alleenstaand'
            when n_persons = 1 then 'alleenstaand 65-plus'
            when age_years < 35 then 'jong, met zijn tweeën'
            when age_years < 65 then 'met zijn tweeën'
            else 'met zijn tweeën, 65-plus'
        end as life_stage
    from families
)
select
    customer_id,
    age_years,
    case
        when age_years < 18 then '0-17'
        when age_years < 25 then '18-24'
        when age_years < 35 then '25-34'
        when age_years < 45 then '35-44'
        when age_years < 55 then '45-54'
        when age_years < 65 then '55-64'
        when age_years >= 65 then '65+'
        else age_band
    end as age_band,
    household_size,
    n_in_household as n_household_customers,
    life_stage
from staged
