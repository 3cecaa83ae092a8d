-- promise_keeping: whether we did what we promised each customer, as of $as_of; a year is the 365 days up to then.
-- One row per customer, once the sources tell of any promise: who was promised nothing has 0 promises.
-- What was due after $as_of is not judged yet; what was due before and is not settled is overdue.
with promises_by_now as (
    select customer_id, due_on, is_kept, n_promises, due_on <= $as_of as is_due
    from promise_days
    where stated_on <= $as_of
),
per_customer as (
    select
        customer_id,
        sum(n_promises) filter (
            where is_due and is_kept and due_on > cast($as_of as date) - interval 365 day
        ) as n_kept,
        sum(n_promises) filter (
            where is_due and is_kept is not null and due_on > cast($as_of as date) - interval 365 day
        ) as n_settled,
        sum(n_promises) filter (where not is_due or is_kept is null) as n_open,
        sum(n_promises) filter (where due_on < $as_of and is_kept is null) as n_overdue
    from promises_by_now
    group by customer_id
),
sources_tell as (
    select count(*) as n_days
    from promises_by_now
)
select
    customers.customer_id,
    cast(coalesce(per_customer.n_kept, 0) as double) / nullif(per_customer.n_settled, 0) as promise_kept_share,
    coalesce(per_customer.n_open, 0) as n_promises_open,
    coalesce(per_customer.n_overdue, 0) as n_promises_overdue
from customers
inner join sources_tell on sources_tell.n_days > 0
left join per_customer on per_customer.customer_id = customers.customer_id
