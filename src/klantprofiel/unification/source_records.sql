-- identity.source_records: every customer number that a source knows, from its customer file or only from events.
-- One row per customer number of a source. has_details tells whether a customer file holds it.
with mentions as (
    select record_id, 1 as n_details from identity.customers
    union all
    select record_id, 0 as n_details from identity.orders
    union all
    select record_id, 0 as n_details from identity.contacts
    union all
    select record_id, 0 as n_details from identity.reviews
    union all
    select record_id, 0 as n_details from identity.survey_answers
    union all
    select record_id, 0 as n_details from identity.consents
    union all
    select record_id, 0 as n_details from identity.promises
    union all
    select record_id, 0 as n_details from identity.subscriptions
    union all
    select record_id, 0 as n_details from identity.campaign_contacts
)
select
    record_id,
    substring(record_id, 1, strpos(record_id, '/') - 1) as source,
    sum(n_details) > 0 as has_details
from mentions
where record_id is not null
group by record_id
order by record_id
