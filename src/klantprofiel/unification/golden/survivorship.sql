-- identity.survivorship: what each source record says of its customer, the best record first.
-- One row per source record in a customer file; survival_rank 1 is the best: source rank, then recency.
-- recency_rank 1 is the latest: one that does not tell when it changed is as recent as its delivery. An e-mail
-- address or number that cannot be read, or is a placeholder, is no value; is_<name>_refused tells that it came.
with source_ranks as (
    select source, min(rank) as source_rank
    from sources
    where maps_to = 'customers'
    group by source
),
owners as (
    select registry.record_id, registry.customer_id
    from identity.customer_records as registry
    inner join identity.touched_customers as touched on touched.customer_id = registry.customer_id
),
several as (
    select owners.customer_id, count(*) as n_claims
    from identity.customers as customers
    inner join owners on owners.record_id = customers.record_id
    group by owners.customer_id
    having count(*) > 1
),
placeholders as (
    select distinct kind, standard
    from identity.placeholder_values
),
-- Values that are none, as they were delivered: those of the list, and those that proved too frequent.
refused as (
    select kind, delivered
    from identity.standard_values
    where use = 'missing'
    union
    select given.kind, given.delivered
    from identity.standard_values as given
    inner join placeholders on placeholders.kind = given.kind and placeholders.standard = given.standard
),
refused_births as (
    select distinct try_cast(standard as date) as birth_date
    from placeholders
    where kind = 'birth_date'
),
claims as (
    select
        owners.customer_id,
        coalesce(several.n_claims, 1) as n_claims,
        known.record_id,
        known.source,
        coalesce(source_ranks.source_rank, 100) as source_rank,
        coalesce(known.updated_on, known.delivered_on) as known_on,
        known.delivered_on,
        known.batch_id,
        known.line_number,
        known.given_name,
        known.initials,
        known.surname_prefix,
        case when no_surnames.delivered is null then known.surname end as surname,
        known.sex,
        case when births.birth_date is null then known.birth_date end as birth_date,
        case when no_emails.delivered is null then emails.standard end as email,
        case when no_phones.delivered is null then phones.standard end as phone,
        case when no_numbers.delivered is null then known.loyalty_number end as loyalty_number,
        case when no_ibans.delivered is null then ibans.standard end as iban,
        known.street,
        known.house_number,
        known.house_number_addition,
        known.postal_code,
        known.place,
        known.country,
        known.household_size,
        known.age_band,
        known.registered_on,
        known.updated_on,
        coalesce(emails.use = 'shared', false) as is_email_shared,
        known.email is not null and (emails.standard is null or no_emails.delivered is not null) as is_email_refused,
        known.phone is not null and (phones.standard is null or no_phones.delivered is not null) as is_phone_refused,
        no_numbers.delivered is not null as is_loyalty_number_refused,
        known.iban is not null and (ibans.standard is null or no_ibans.delivered is not null) as is_iban_refused
    from identity.known_customers as known
    inner join owners on owners.record_id = known.record_id
    left join several on several.customer_id = owners.customer_id
    left join source_ranks on source_ranks.source = known.source
    left join identity.standard_values as emails on emails.kind = 'email' and emails.delivered = known.email
    left join identity.standard_values as phones on phones.kind = 'phone' and phones.delivered = known.phone
    left join identity.standard_values as ibans on ibans.kind = 'iban' and ibans.delivered = known.iban
    left join refused as no_emails on no_emails.kind = 'email' and no_emails.delivered = known.email
    left join refused as no_phones on no_phones.kind = 'phone' and no_phones.delivered = known.phone
    left join refused as no_ibans on no_ibans.kind = 'iban' and no_ibans.delivered = known.iban
    left join refused as no_surnames on no_surnames.kind = 'surname' and no_surnames.delivered = known.surname
    left join refused as no_numbers
        on no_numbers.kind = 'loyalty_number' and no_numbers.delivered = known.loyalty_number
    left join refused_births as births on births.birth_date = known.birth_date
),
-- Most customers have one record, and only the others need to be sorted.
by_source as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                source_rank, known_on desc, record_id, source,
                email, phone, surname, given_name, initials, postal_code, house_number, birth_date, loyalty_number,
                batch_id, line_number
        ) as survival_rank
    from claims
    where n_claims > 1
),
ranked as (
    select *, 1 as survival_rank, 1 as recency_rank
    from claims
    where n_claims = 1
    union all
    select
        *,
        row_number() over (
            partition by customer_id
            order by known_on desc, survival_rank
        ) as recency_rank
    from by_source
)
select
    customer_id,
    survival_rank,
    recency_rank,
    n_claims,
    record_id,
    source,
    source_rank,
    known_on,
    delivered_on,
    batch_id,
    line_number,
    given_name,
    initials,
    surname_prefix,
    surname,
    sex,
    birth_date,
    email,
    phone,
    loyalty_number,
    iban,
    street,
    house_number,
    house_number_addition,
    postal_code,
    place,
    country,
    household_size,
    age_band,
    registered_on,
    updated_on,
    is_email_shared,
    is_email_refused,
    is_phone_refused,
    is_loyalty_number_refused,
    is_iban_refused
from ranked
