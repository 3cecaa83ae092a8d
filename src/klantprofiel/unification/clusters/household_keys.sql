-- identity.household_keys: by which surname at which address the records of a customer are looked up.
-- One row per customer, surname and address (in one text), of those in identity.touched_customers.
-- A Dutch postal code and a house number are one front door; elsewhere the street is needed.
with records as (
    select
        registry.customer_id,
        records.surname,
        records.other_surname,
        records.postal_code,
        records.street,
        records.house_number,
        records.house_number_addition,
        records.place
    from identity.customer_records as registry
    semi join identity.touched_customers as touched on touched.customer_id = registry.customer_id
    inner join identity.link_records as records on records.record_id = registry.record_id
    where records.house_number is not null
),
homes as (
    select
        customer_id,
        surname,
        other_surname,
        case
            when length(postal_code) = 6 and regexp_matches(postal_code, '^[0-9]{4}[A-Z]{2}$')
                then postal_code || ' ' || house_number
            else street || ' ' || house_number || ' ' || coalesce(postal_code, place)
        end || ' ' || coalesce(house_number_addition, '') as home
    from records
),
named as (
    select customer_id, surname, home
    from homes
    union all
    select customer_id, other_surname as surname, home
    from homes
    where other_surname is not null
)
select
    customer_id,
    surname,
    home
from named
where surname is not null and home is not null
group by customer_id, surname, home
