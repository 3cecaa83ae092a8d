-- experience_account: what became of every contact, review, promise and preference that the sources delivered.
-- One row per source and kind of event. What has no moment or is nobody's stands in no profile.
with events as (
    select source, 'contacts' as kind, record_id, contacted_at as happened_at
    from identity.contacts
    union all
    select source, 'reviews' as kind, record_id, reviewed_at as happened_at
    from identity.reviews
    union all
    select source, coalesce(kind || 's', 'promises or preferences') as kind, record_id, stated_at as happened_at
    from identity.promises
)
select
    events.source,
    events.kind,
    count(*) as n_events,
    count(*) filter (where events.happened_at is not null and registry.record_id is not null) as n_of_customers,
    count(*) filter (where events.happened_at is null and registry.record_id is not null) as n_without_moment,
    count(*) filter (where registry.record_id is null) as n_without_customer
from events
left join identity.customer_records as registry on registry.record_id = events.record_id
group by events.source, events.kind
order by events.source, events.kind
