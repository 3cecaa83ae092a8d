-- tenure: since when each customer is known: the earlier of registration and first order.
-- One row per customer of whom either is known.
with moments as (
    select
        golden_record.customer_id,
        case when golden_record.registered_on <= $as_of then golden_record.registered_on end as registered_on,
        behaviour.first_ordered_on
    from identity.golden_record as golden_record
    left join behaviour on behaviour.customer_id = golden_record.customer_id
),
known as (
    select
        customer_id,
        registered_on,
        first_ordered_on,
        case
            when registered_on is null or first_ordered_on < registered_on then first_ordered_on
            else registered_on
        end as known_since_on
    from moments
)
select customer_id, registered_on, first_ordered_on, known_since_on
from known
where known_since_on is not null
order by customer_id
