-- attribute_changes: every version of an attribute that changed: since when, until when, masked.
-- One row per customer, attribute, valid_from and recorded_at; one that was corrected has a replaced_at.
-- What a golden record said is looked at as it was thought last: until it was replaced, or now. A version begins where a
-- value differs from that of the day before it; golden records that say the same of it, one after another, are one.
-- attribute_versions has thought_until in the far future for what still stands.
with compared as (
    select
        version.customer_id,
        version.attribute,
        version.value,
        version.masked,
        version.valid_from,
        version.recorded_at,
        version.thought_until,
        before.valid_from is null or version.value is distinct from before.value as is_change
    from identity.attribute_versions as version
    left join identity.attribute_versions as before
        on before.customer_id = version.customer_id
        and before.attribute = version.attribute
        and before.valid_from < version.valid_from
        and before.recorded_at < version.thought_until
        and before.thought_until >= version.thought_until
    qualify
        row_number() over (
            partition by version.customer_id, version.attribute, version.recorded_at
            order by coalesce(before.valid_from, version.valid_from) desc
        ) = 1
),
followed as (
    select
        *,
        lag(thought_until) over (partition by customer_id, attribute, valid_from order by recorded_at) as thought_before,
        lag(value) over (partition by customer_id, attribute, valid_from order by recorded_at) as value_before
    from compared
    where is_change
),
numbered as (
    select
        *,
        sum(
            case when recorded_at = thought_before and value is not distinct from value_before then 0 else 1 end
        ) over (partition by customer_id, attribute, valid_from order by recorded_at) as number
    from followed
),
changes as (
    select
        customer_id,
        attribute,
        valid_from,
        number,
        max(value) as value,
        max(masked) as masked,
        min(recorded_at) as recorded_at,
        max(thought_until) as thought_until
    from numbered
    group by customer_id, attribute, valid_from, number
),
varying as (
    select customer_id, attribute
    from changes
    group by customer_id, attribute
    having min(value) <> max(value) or (count(value) > 0 and count(value) < count(*))
)
select
    change.customer_id,
    change.attribute,
    change.valid_from,
    min(later.valid_from) as valid_to,
    change.recorded_at,
    case when change.thought_until < cast('9999-12-31' as timestamp) then change.thought_until end as replaced_at,
    change.masked
from changes as change
inner join customers on customers.customer_id = change.customer_id
inner join varying on varying.customer_id = change.customer_id and varying.attribute = change.attribute
left join changes as later
    on later.customer_id = change.customer_id
    and later.attribute = change.attribute
    and later.valid_from > change.valid_from
    and later.recorded_at < change.thought_until
    and later.thought_until >= change.thought_until
group by
    change.customer_id, change.attribute, change.valid_from, change.recorded_at, change.thought_until, change.masked
order by change.customer_id, change.attribute, change.valid_from, change.recorded_at
