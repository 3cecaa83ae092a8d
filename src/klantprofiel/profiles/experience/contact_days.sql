-- contact_days: the contacts of each customer with customer service, in their order within a day; days are UTC days.
-- One row per contact of a customer; its day and its rank on that day point it out.
-- A repeat follows within 30 days on a contact of the same customer about the same subject.
with contacts as (
    select
        registry.customer_id,
        contacts.contacted_at,
        contacts.source,
        contacts.contact_id,
        cast(contacts.contacted_at as date) as contacted_on,
        as_label(contacts.channel) as channel,
        as_label(contacts.subject) as subject,
        contacts.is_complaint,
        contacts.is_resolved,
        contacts.waiting_seconds,
        contacts.ease,
        contacts.satisfaction
    from identity.contacts as contacts
    inner join identity.customer_records as registry on registry.record_id = contacts.record_id
    where contacts.contacted_at is not null
),
in_order as (
    select
        customer_id,
        contacted_on,
        row_number() over (
            partition by customer_id, contacted_on
            order by contacted_at, source, contact_id
        ) as contact_rank,
        channel,
        subject,
        lag(contacted_on) over (
            partition by customer_id, subject
            order by contacted_at, source, contact_id
        ) as before_on,
        is_complaint,
        is_resolved,
        waiting_seconds,
        ease,
        satisfaction
    from contacts
)
select
    customer_id,
    contacted_on,
    contact_rank,
    channel,
    subject,
    coalesce(datediff('day', before_on, contacted_on) <= 30, false) as is_repeat,
    is_complaint,
    is_resolved,
    waiting_seconds,
    ease,
    satisfaction
from in_order
