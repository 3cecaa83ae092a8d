-- outcomes: why each customer in the chosen segments is in the audience (net) or not, the first reason that holds.
-- One row per customer in the chosen segments. Of a shared address the oldest customer number is kept.
with refused_addresses as (
    select distinct addresses.address
    from addresses
    inner join permissions on permissions.customer_id = addresses.customer_id
    where not permissions.is_permitted and permissions.reason in ('withdrawn', 'objected', 'unclear')
),
contacts as (
    select customer_id, address
    from addresses
    where is_contact
),
judged as (
    select
        members.customer_id,
        members.segment_id,
        contacts.address,
        case
            when permissions.customer_id is null then 'gone'
            when not permissions.is_permitted and permissions.reason = 'objected' then 'objected'
            when not permissions.is_permitted and permissions.reason = 'unclear' then 'unclear'
            when not permissions.is_permitted then 'no_ground'
            when contacts.address is null then 'no_address'
            when refused_addresses.address is not null then 'address_refused'
            else 'net'
        end as outcome
    from members
    left join permissions on permissions.customer_id = members.customer_id
    left join contacts on contacts.customer_id = members.customer_id
    left join refused_addresses on refused_addresses.address = contacts.address
),
numbered as (
    select
        customer_id,
        segment_id,
        outcome,
        row_number() over (partition by outcome, address order by customer_id) as rank_at_address
    from judged
)
select
    customer_id,
    segment_id,
    case when outcome = 'net' and rank_at_address > 1 then 'shared_address' else outcome end as outcome
from numbered
order by customer_id
