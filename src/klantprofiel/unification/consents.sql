-- consents: what customers stated about the use of their data; what could not be read has the status unclear.
-- One row per customer, purpose, channel, moment, status and source.
with statements as (
    select record_id, purpose, channel, status, stated_at, source
    from identity.consents
    union all
    select record_id, purpose, channel, 'unclear' as status, stated_at, source
    from identity.quarantined_consents
    where not is_repeat
)
select distinct
    registry.customer_id,
    statements.purpose,
    statements.channel,
    statements.status,
    statements.stated_at,
    statements.source
from statements
inner join identity.customer_records as registry on registry.record_id = statements.record_id
order by
    registry.customer_id,
    statements.purpose,
    statements.channel,
    statements.stated_at,
    statements.status,
    statements.source
