-- addresses: each address over $channel that customers or their records have, as a key equal for equal addresses.
-- One row per customer and address; is_contact tells the one where the customer is reached. Letters go to a name.
with held as (
    select
        customer_id, true as is_golden,
        surname, email, phone, street, house_number, house_number_addition, postal_code, place
    from identity.golden_record
    union all
    select
        customer_id, false as is_golden,
        surname, email, phone, street, house_number, house_number_addition, postal_code, place
    from identity.survivorship
),
keys as (
    select
        customer_id,
        is_golden and ($channel <> 'post' or (street <> '' and place <> '')) as is_complete,
        case
            when $channel = 'email' then lower(trim(email))
            when $channel = 'phone' then trim(phone)
            when $channel = 'post' then
                lower(trim(surname)) || '/' || postal_code || '/' || house_number || '/'
                || coalesce(lower(trim(house_number_addition)), '')
        end as address
    from held
),
-- Who reads a mailbox such as info@ is not known: it is nobody's own.
shared as (
    select distinct lower(trim(standard)) as address
    from identity.standard_values
    where kind = $channel and use = 'shared'
)
select
    keys.customer_id,
    keys.address,
    bool_or(coalesce(keys.is_complete, false) and shared.address is null) as is_contact
from keys
left join shared on shared.address = keys.address
where keys.address <> ''
group by keys.customer_id, keys.address
order by keys.customer_id, keys.address
