-- identity.survivors: which record each part of the golden record comes from: its survival_rank and source.
-- One row per customer that a customer file describes. A name, and an address, come whole from one record.
with extremes as (
    select
        customer_id,
        min(registered_on) as registered_on,
        max(updated_on) as updated_on
    from identity.survivorship
    group by customer_id
),
ranks as (
    select
        claims.customer_id,
        coalesce(
            min(survival_rank) filter (where surname is not null),
            min(survival_rank) filter (where coalesce(given_name, initials) is not null)
        ) as name_rank,
        coalesce(
            min(survival_rank) filter (where postal_code is not null and house_number is not null),
            min(survival_rank) filter (where coalesce(postal_code, street, place, country) is not null)
        ) as address_rank,
        min(survival_rank) filter (where sex is not null) as sex_rank,
        min(survival_rank) filter (where birth_date is not null) as birth_date_rank,
        min(survival_rank) filter (where email is not null) as email_rank,
        min(survival_rank) filter (where phone is not null) as phone_rank,
        min(survival_rank) filter (where loyalty_number is not null) as loyalty_number_rank,
        min(survival_rank) filter (where household_size is not null) as household_size_rank,
        min(survival_rank) filter (where age_band is not null) as age_band_rank,
        min(survival_rank) filter (where claims.registered_on = extremes.registered_on) as registered_on_rank,
        min(survival_rank) filter (where claims.updated_on = extremes.updated_on) as updated_on_rank
    from identity.survivorship as claims
    inner join extremes on extremes.customer_id = claims.customer_id
    group by claims.customer_id
)
select
    claims.customer_id,
    max(claims.n_claims) as n_claims,
    max(name_rank) as name_rank,
    max(address_rank) as address_rank,
    max(sex_rank) as sex_rank,
    max(birth_date_rank) as birth_date_rank,
    max(email_rank) as email_rank,
    max(phone_rank) as phone_rank,
    max(loyalty_number_rank) as loyalty_number_rank,
    max(household_size_rank) as household_size_rank,
    max(age_band_rank) as age_band_rank,
    max(registered_on_rank) as registered_on_rank,
    max(updated_on_rank) as updated_on_rank,
    max(claims.source) filter (where survival_rank = name_rank) as name_source,
    max(claims.source) filter (where survival_rank = address_rank) as address_source,
    max(claims.source) filter (where survival_rank = sex_rank) as sex_source,
    max(claims.source) filter (where survival_rank = birth_date_rank) as birth_date_source,
    max(claims.source) filter (where survival_rank = email_rank) as email_source,
    max(claims.source) filter (where survival_rank = phone_rank) as phone_source,
    max(claims.source) filter (where survival_rank = loyalty_number_rank) as loyalty_number_source,
    max(claims.source) filter (where survival_rank = household_size_rank) as household_size_source,
    max(claims.source) filter (where survival_rank = age_band_rank) as age_band_source,
    max(claims.source) filter (where survival_rank = registered_on_rank) as registered_on_source,
    max(claims.source) filter (where survival_rank = updated_on_rank) as updated_on_source
from identity.survivorship as claims
inner join ranks on ranks.customer_id = claims.customer_id
group by claims.customer_id
order by claims.customer_id
