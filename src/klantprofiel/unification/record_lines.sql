-- identity.record_lines: how much of which delivery is in each canonical view about customers.
-- One row per view, source and batch. A line of a batch never changes: where number and sums are equal, so are the
-- lines. file_name is the first name by which the batch came.
with mentions as (
    select 'customers' as view_name, source, batch_id, line_number from identity.customers where record_id is not null
    union all
    select 'orders' as view_name, source, batch_id, line_number from identity.orders
    union all
    select 'contacts' as view_name, source, batch_id, line_number from identity.contacts
    union all
    select 'reviews' as view_name, source, batch_id, line_number from identity.reviews
    union all
    select 'survey_answers' as view_name, source, batch_id, line_number from identity.survey_answers
    union all
    select 'consents' as view_name, source, batch_id, line_number from identity.consents
    union all
    select 'promises' as view_name, source, batch_id, line_number from identity.promises
    union all
    select 'subscriptions' as view_name, source, batch_id, line_number from identity.subscriptions
    union all
    select 'campaign_contacts' as view_name, source, batch_id, line_number from identity.campaign_contacts
),
counted as (
    select
        view_name,
        source,
        batch_id,
        count(*) as n_lines,
        coalesce(sum(line_number), 0) as lines,
        coalesce(sum(line_number * (line_number % 1009)), 0) as weighed_lines
    from mentions
    group by view_name, source, batch_id
),
files as (
    select batch_id, min(file_name) as file_name
    from batches
    group by batch_id
)
select
    counted.view_name,
    coalesce(counted.source, '') as source,
    coalesce(counted.batch_id, '') as batch_id,
    coalesce(files.file_name, '') as file_name,
    counted.n_lines,
    counted.lines,
    counted.weighed_lines
from counted
left join files on files.batch_id = counted.batch_id
