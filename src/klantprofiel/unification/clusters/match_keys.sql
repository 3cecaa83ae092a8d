-- identity.match_keys: the exact keys of each source record; records with an equal link_value are one customer.
-- One row per record, rule and key value. A value held by more than $cap records links nothing.
-- A value held by people of several birth dates (a household's number) links only those of one birth date, and
-- a phone number and surname held by people of several initials only those of one initial.
with born as (
    select
        known.record_id,
        max(known.birth_date) as born_on,
        coalesce(min(given_names.standard), min(initials.standard)) as initial
    from identity.known_customers as known
    left join identity.standard_values as given_names
        on given_names.kind = 'given_name' and given_names.delivered = known.given_name
    left join identity.standard_values as initials
        on initials.kind = 'initials' and initials.delivered = known.initials
    group by known.record_id
),
held as (
    select customers.record_id, 'email' as rule, emails.standard as key_value
    from identity.customers
    inner join identity.standard_values as emails
        on emails.kind = 'email' and emails.use = 'key' and emails.delivered = customers.email
    union
    select
        customers.record_id,
        'phone_surname' as rule,
        phones.standard || ' ' || surnames.standard as key_value
    from identity.customers
    inner join identity.standard_values as phones
        on phones.kind = 'phone' and phones.use = 'key' and phones.delivered = customers.phone
    inner join identity.standard_values as surnames
        on surnames.kind = 'surname' and surnames.use = 'key' and surnames.delivered = customers.surname
    union
    select customers.record_id, 'loyalty_number' as rule, numbers.standard as key_value
    from identity.customers
    inner join identity.standard_values as numbers
        on
            numbers.kind = 'loyalty_number'
            and numbers.use = 'key'
            and numbers.delivered = customers.loyalty_number
),
holders as (
    select
        rule,
        key_value,
        count(*) as n_records,
        count(distinct born.born_on) > 1 as has_birth_dates,
        rule = 'phone_surname' and count(distinct born.initial) > 1 as has_initials
    from held
    inner join born on born.record_id = held.record_id
    group by rule, key_value
)
select
    held.record_id,
    held.rule,
    held.key_value,
    holders.n_records,
    born.born_on,
    case
        when holders.n_records <= $cap
            then
                held.key_value
                || case when holders.has_birth_dates then ' ' || cast(born.born_on as varchar) else '' end
                || case when holders.has_initials then ' ' || born.initial else '' end
    end as link_value
from held
inner join holders on holders.rule = held.rule and holders.key_value = held.key_value
inner join born on born.record_id = held.record_id
