-- identity.placeholder_values: values that fill a field without saying who someone is; they never link anybody.
-- One row per kind and standard value; found_by is list (declared) or frequency. Frozen when a model is trained.
-- Of a birth date more than 20 records and .2 per cent of those filled are too many, of other values 10 and .05.
with held as (
    select 'email' as kind, email as delivered
    from identity.customers
    union all
    select 'phone' as kind, phone as delivered
    from identity.customers
    union all
    select 'loyalty_number' as kind, loyalty_number as delivered
    from identity.customers
    union all
    select 'iban' as kind, iban as delivered
    from identity.customers
),
read as (
    select
        standards.kind,
        standards.standard,
        standards.use = 'key' as is_key,
        count(*) as n_records
    from held
    inner join identity.standard_values as standards
        on standards.kind = held.kind and standards.delivered = held.delivered
    where standards.use in ('key', 'missing') and standards.standard is not null
    group by standards.kind, standards.standard, standards.use
    union all
    select
        'birth_date' as kind,
        cast(birth_date as varchar) as standard,
        not list_contains($listed_days, birth_date) as is_key,
        count(*) as n_records
    from identity.customers
    where birth_date is not null
    group by birth_date
),
compared as (
    select
        kind,
        standard,
        is_key,
        n_records,
        sum(case when is_key then n_records else 0 end) over (partition by kind) as n_filled
    from read
)
select
    kind,
    standard,
    case when is_key then 'frequency' else 'list' end as found_by,
    n_records
from compared
where
    not is_key
    or (kind = 'birth_date' and n_records > greatest(20, 0.002 * n_filled))
    or (kind <> 'birth_date' and n_records > greatest(10, 0.0005 * n_filled))
order by kind, standard
