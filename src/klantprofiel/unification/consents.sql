-- consents: what customers stated about the use of their data, at any moment.
-- One row per customer, purpose, channel, moment, status and source.
select distinct
    registry.customer_id,
    statements.purpose,
    statements.channel,
    statements.status,
    statements.stated_at,
    statements.source
from identity.consents as statements
inner join identity.customer_records as registry on registry.record_id = statements.record_id
order by
    registry.customer_id,
    statements.purpose,
    statements.channel,
    statements.stated_at,
    statements.status,
    statements.source
