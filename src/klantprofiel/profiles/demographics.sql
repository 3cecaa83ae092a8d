-- demographics: age and household of each customer, as of $as_of.
-- One row per customer. The age band follows from the birth date, or else is the one that a source delivered.
-- What a source delivered is shown when it is a number or a range (3, 5+, 45-54); other text may name a person.
with ages as (
    select
        customer_id,
        birth_date,
        age_band,
        household_size,
        extract(year from cast($as_of as date)) - extract(year from birth_date)
        - case
            when
                extract(month from cast($as_of as date)) * 100 + extract(day from cast($as_of as date))
                < extract(month from birth_date) * 100 + extract(day from birth_date) then 1
            else 0
        end as age_years
    from identity.golden_record
),
known_ages as (
    select
        customer_id,
        case when age_years between 0 and 120 then age_years end as age_years,
        case
            when regexp_matches(trim(age_band), '^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$') then trim(age_band)
        end as age_band,
        case
            when
                regexp_matches(trim(household_size), '^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$')
                then trim(household_size)
        end as household_size
    from ages
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
    household_size
from known_ages
order by customer_id
