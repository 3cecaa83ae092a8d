-- living: how and where each customer lives, without a name, an address or a day of birth.
-- One row per customer of whom a source holds a customer record; as it is since valid_from.
-- born_in is the first day of the month of birth: whoever reads it cannot tell the birthday. pc4 is the four digits of
-- a Dutch postal code. The household is that of unification; what a source delivered of it, and of age, is kept when it
-- is a number or a range (3, 5+, 45-54): other text may name a person.
-- A record is so since the day on which its source changed it, or else delivered it. One that no run read before is so
-- since its registration, where its source does not tell of a change: of what was before nothing is known.
with records as (
    select
        registry.customer_id,
        records.record_id,
        least(
            coalesce(
                records.updated_on, case when before.record_id is null then records.registered_on end, records.delivered_on
            ),
            records.delivered_on
        ) as since_on
    from identity.customers as records
    inner join identity.customer_records as registry on registry.record_id = records.record_id
    left join identity.read_records as before on before.record_id = records.record_id
),
homes as (
    select
        records.customer_id,
        max(records.since_on) as valid_from,
        min(households.household_id) as household_id
    from records
    left join identity.households as households on households.record_id = records.record_id
    group by records.customer_id
),
standard as (
    select
        customer_id,
        regexp_extract(upper(trim(postal_code)), '^([1-9][0-9]{3}) ?([A-Z]{2})?$', 1) as pc4,
        country is null
        or upper(trim(country)) in ('NL', 'NLD', 'NEDERLAND', 'NETHERLANDS', 'THE NETHERLANDS') as is_dutch,
        cast(date_trunc('month', birth_date) as date) as born_in,
        trim(household_size) as household_size,
        trim(age_band) as age_band,
        registered_on
    from identity.golden_record
)
select
    standard.customer_id,
    homes.valid_from,
    case when standard.is_dutch and standard.pc4 <> '' then standard.pc4 end as pc4,
    standard.born_in,
    homes.household_id,
    case
        when regexp_matches(standard.household_size, '^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$')
            then standard.household_size
    end as household_size,
    case
        when regexp_matches(standard.age_band, '^[<>=]{0,2} ?[0-9]{1,3} ?([+]|- ?[0-9]{1,3})?$')
            then standard.age_band
    end as age_band,
    standard.registered_on
from standard
inner join homes on homes.customer_id = standard.customer_id
order by standard.customer_id
