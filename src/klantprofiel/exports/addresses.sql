-- addresses: where each customer is reached over $channel, as a key that is equal when the address is the same.
-- One row per customer with a complete address for the channel; letters go to one name per address.
with keys as (
    select
        customer_id,
        case
            when $channel = 'email' then lower(trim(email))
            when $channel = 'phone' then trim(phone)
            when $channel = 'post' then
                lower(trim(surname)) || '/' || postal_code || '/' || house_number || '/'
                || coalesce(lower(trim(house_number_addition)), '') || '/' || street || '/' || place
        end as address
    from identity.golden_record
)
select customer_id, address
from keys
where address <> ''
order by customer_id
