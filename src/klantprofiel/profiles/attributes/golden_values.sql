-- identity.golden_values: the best known value of each attribute of each customer.
-- One row per customer of whom a source holds a customer record; as it is since valid_from.
-- A record is so since the day on which its source changed it, or else delivered it. A customer is so since the latest
-- of these days over the records. The day of a change itself (updated_on) is no attribute: it would change every night.
with known as (
    select
        registry.customer_id,
        max(least(coalesce(records.updated_on, records.delivered_on), records.delivered_on)) as valid_from
    from identity.customers as records
    inner join identity.customer_records as registry on registry.record_id = records.record_id
    group by registry.customer_id
)
select
    golden.customer_id,
    known.valid_from,
    golden.given_name,
    golden.initials,
    golden.surname_prefix,
    golden.surname,
    golden.sex,
    golden.birth_date,
    golden.email,
    golden.phone,
    golden.loyalty_number,
    golden.iban,
    golden.street,
    golden.house_number,
    golden.house_number_addition,
    golden.postal_code,
    golden.place,
    golden.country,
    golden.household_size,
    golden.age_band,
    golden.registered_on
from identity.golden_record as golden
inner join known on known.customer_id = golden.customer_id
order by golden.customer_id
