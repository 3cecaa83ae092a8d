-- identity.match_keys: the exact keys of each source record; an equal one proposes that two are one customer.
-- One row per record, rule and key value; n_records hold the value, and more than $cap do not link by it.
with held as (
    select record_id, 'email' as rule, email as key_value
    from identity.link_records
    union
    select record_id, 'phone_surname' as rule, phone || ' ' || surname as key_value
    from identity.link_records
    union
    select record_id, 'phone_surname' as rule, phone || ' ' || other_surname as key_value
    from identity.link_records
    union
    select record_id, 'loyalty_number' as rule, id_number as key_value
    from identity.link_records
    union
    select record_id, 'iban' as rule, iban as key_value
    from identity.link_records
)
select
    record_id,
    rule,
    key_value,
    count(*) over (partition by rule, key_value) as n_records,
    count(*) over (partition by rule, key_value) > $cap as is_withdrawn
from held
where key_value is not null
