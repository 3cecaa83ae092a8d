-- preference_days: what each customer said to prefer, by the day in UTC; the last word of a day counts.
-- One row per customer, subject and day.
-- Only what is a label is taken; the text of a preference stays where it is.
with preferences as (
    select
        registry.customer_id,
        cast(promises.stated_at as date) as stated_on,
        lower(trim(promises.subject)) as subject,
        as_label(promises.preference) as preference,
        promises.stated_at,
        promises.source,
        promises.promise_id
    from identity.promises as promises
    inner join identity.customer_records as registry on registry.record_id = promises.record_id
    where promises.kind = 'preference' and promises.stated_at is not null
)
select customer_id, stated_on, subject, preference
from preferences
where preference is not null and subject in ('contact_channel', 'delivery', 'interest')
qualify
    row_number() over (
        partition by customer_id, stated_on, subject
        order by stated_at desc, source, promise_id desc
    ) = 1
