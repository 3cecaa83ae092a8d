-- identity.golden_record: the best known value of each attribute of each customer.
-- One row per customer; everything is null for a customer whom only events mention.
with chosen as (
    select
        claims.customer_id,
        max(given_name) filter (where survival_rank = name_rank) as given_name,
        max(initials) filter (where survival_rank = name_rank) as initials,
        max(surname_prefix) filter (where survival_rank = name_rank) as surname_prefix,
        max(surname) filter (where survival_rank = name_rank) as surname,
        max(sex) filter (where survival_rank = sex_rank) as sex,
        max(birth_date) filter (where survival_rank = birth_date_rank) as birth_date,
        max(email) filter (where survival_rank = email_rank) as email,
        max(phone) filter (where survival_rank = phone_rank) as phone,
        max(loyalty_number) filter (where survival_rank = loyalty_number_rank) as loyalty_number,
        max(street) filter (where survival_rank = address_rank) as street,
        max(house_number) filter (where survival_rank = address_rank) as house_number,
        max(house_number_addition) filter (where survival_rank = address_rank) as house_number_addition,
        max(postal_code) filter (where survival_rank = address_rank) as postal_code,
        max(place) filter (where survival_rank = address_rank) as place,
        max(country) filter (where survival_rank = address_rank) as country,
        max(household_size) filter (where survival_rank = household_size_rank) as household_size,
        max(age_band) filter (where survival_rank = age_band_rank) as age_band,
        min(registered_on) as registered_on,
        max(updated_on) as updated_on
    from identity.survivorship as claims
    inner join identity.survivors as survivors on survivors.customer_id = claims.customer_id
    group by claims.customer_id
)
select
    customers.customer_id,
    chosen.given_name,
    chosen.initials,
    chosen.surname_prefix,
    chosen.surname,
    chosen.sex,
    chosen.birth_date,
    chosen.email,
    chosen.phone,
    chosen.loyalty_number,
    chosen.street,
    chosen.house_number,
    chosen.house_number_addition,
    chosen.postal_code,
    chosen.place,
    chosen.country,
    chosen.household_size,
    chosen.age_band,
    chosen.registered_on,
    chosen.updated_on
from customers
left join chosen on chosen.customer_id = customers.customer_id
order by customers.customer_id
