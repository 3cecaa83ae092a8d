-- identity.survivorship: what each source record says of its customer, the best record first.
-- One row per source record in a customer file; survival_rank 1 is the best: source rank, then recency.
with source_ranks as (
    select source, min(rank) as source_rank
    from sources
    where maps_to = 'customers'
    group by source
),
claim_counts as (
    select registry.customer_id, count(*) as n_claims
    from identity.customers as customers
    inner join identity.customer_records as registry on registry.record_id = customers.record_id
    group by registry.customer_id
),
claims as (
    select
        registry.customer_id,
        claim_counts.n_claims,
        known.record_id,
        known.source,
        coalesce(source_ranks.source_rank, 100) as source_rank,
        coalesce(known.updated_on, known.delivered_on) as known_on,
        known.given_name,
        known.initials,
        known.surname_prefix,
        known.surname,
        known.sex,
        known.birth_date,
        case when emails.use <> 'missing' then emails.standard end as email,
        case when phones.use <> 'missing' then phones.standard end as phone,
        known.loyalty_number,
        known.street,
        known.house_number,
        known.house_number_addition,
        known.postal_code,
        known.place,
        known.country,
        known.household_size,
        known.age_band,
        known.registered_on,
        known.updated_on
    from identity.known_customers as known
    inner join identity.customer_records as registry on registry.record_id = known.record_id
    inner join claim_counts on claim_counts.customer_id = registry.customer_id
    left join source_ranks on source_ranks.source = known.source
    left join identity.standard_values as emails on emails.kind = 'email' and emails.delivered = known.email
    left join identity.standard_values as phones on phones.kind = 'phone' and phones.delivered = known.phone
),
-- Most customers have one record, and only the others need to be sorted.
ranked as (
    select *, 1 as survival_rank
    from claims
    where n_claims = 1
    union all
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                source_rank, known_on desc, record_id, source,
                email, phone, surname, given_name, initials, postal_code, house_number, birth_date, loyalty_number
        ) as survival_rank
    from claims
    where n_claims > 1
)
select
    customer_id,
    survival_rank,
    n_claims,
    record_id,
    source,
    source_rank,
    known_on,
    given_name,
    initials,
    surname_prefix,
    surname,
    sex,
    birth_date,
    email,
    phone,
    loyalty_number,
    street,
    house_number,
    house_number_addition,
    postal_code,
    place,
    country,
    household_size,
    age_band,
    registered_on,
    updated_on
from ranked
order by customer_id, survival_rank
