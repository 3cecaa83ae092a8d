-- promise_days: what each customer was promised, by the day in UTC, when it was due and whether it was kept.
-- One row per customer, day of the promise, day on which it was due, and outcome; unknown is not settled yet.
select
    registry.customer_id,
    cast(promises.stated_at as date) as stated_on,
    promises.due_on,
    promises.is_kept,
    count(*) as n_promises
from identity.promises as promises
inner join identity.customer_records as registry on registry.record_id = promises.record_id
where promises.kind = 'promise' and promises.stated_at is not null
group by registry.customer_id, cast(promises.stated_at as date), promises.due_on, promises.is_kept
