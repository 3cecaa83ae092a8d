-- identity.touched_records: the source records that came, changed or went since the release before.
-- One row per source record. Of those that only events mention, only who came: nothing else of them is kept.
with crossed as (
    select
        coalesce(now.view_name, before.view_name) as view_name,
        coalesce(now.source, before.source) as source,
        coalesce(now.batch_id, before.batch_id) as batch_id
    from identity.record_lines as now
    full join identity.record_prints as before
        on
            before.view_name = now.view_name
            and before.source = now.source
            and before.batch_id = now.batch_id
            and before.file_name = now.file_name
            and before.n_lines = now.n_lines
            and before.lines = now.lines
            and before.weighed_lines = now.weighed_lines
    where now.view_name is null or before.view_name is null
),
of_customers as (
    select distinct source, batch_id
    from crossed
    where view_name = 'customers'
),
-- A file under another name is told by that name: all its lines count. Of others only lines that differ do.
renamed as (
    select distinct now.source, now.batch_id
    from identity.record_lines as now
    inner join identity.record_prints as before
        on before.view_name = now.view_name and before.source = now.source and before.batch_id = now.batch_id
    where now.view_name = 'customers' and before.file_name <> now.file_name
),
lines as (
    select records.record_id, records.source, records.batch_id, records.line_number, 1 as side
    from identity.customers as records
    semi join of_customers
        on of_customers.source = coalesce(records.source, '') and of_customers.batch_id = coalesce(records.batch_id, '')
    union all
    select records.record_id, records.source, records.batch_id, records.line_number, -1 as side
    from identity.survivorship as records
    semi join of_customers
        on of_customers.source = coalesce(records.source, '') and of_customers.batch_id = coalesce(records.batch_id, '')
),
mentions as (
    select 'orders' as view_name, source, batch_id, record_id from identity.orders
    union all
    select 'contacts' as view_name, source, batch_id, record_id from identity.contacts
    union all
    select 'reviews' as view_name, source, batch_id, record_id from identity.reviews
    union all
    select 'survey_answers' as view_name, source, batch_id, record_id from identity.survey_answers
    union all
    select 'consents' as view_name, source, batch_id, record_id from identity.consents
    union all
    select 'promises' as view_name, source, batch_id, record_id from identity.promises
    union all
    select 'subscriptions' as view_name, source, batch_id, record_id from identity.subscriptions
    union all
    select 'campaign_contacts' as view_name, source, batch_id, record_id from identity.campaign_contacts
),
touched as (
    select record_id
    from lines
    group by record_id, source, batch_id, line_number
    having sum(side) <> 0
    union all
    select lines.record_id
    from lines
    semi join renamed
        on renamed.source = coalesce(lines.source, '') and renamed.batch_id = coalesce(lines.batch_id, '')
    union all
    select mentions.record_id
    from mentions
    semi join crossed
        on
            crossed.view_name = mentions.view_name
            and crossed.source = coalesce(mentions.source, '')
            and crossed.batch_id = coalesce(mentions.batch_id, '')
    anti join identity.source_records as known on known.record_id = mentions.record_id
)
select record_id
from touched
where record_id is not null
group by record_id
