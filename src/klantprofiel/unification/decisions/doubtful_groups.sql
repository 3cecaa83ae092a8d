-- doubtful_groups: components of records that were cut, or in which links were withheld from people.
-- One row per component; first the largest, for what was withheld counts by its records.
with members as (
    select
        components.component,
        count(*) as n_records,
        count(distinct registry.customer_id) as n_customers,
        min(registry.customer_id) as customer_id
    from identity.components as components
    inner join identity.customer_records as registry on registry.record_id = components.record_id
    group by components.component
),
withheld as (
    select
        components.component,
        count(*) filter (where verdicts.verdict in ('guard', 'ambiguous')) as n_guarded,
        count(*) filter (where verdicts.verdict = 'cut') as n_cut
    from identity.group_verdicts as verdicts
    inner join identity.components as components on components.record_id = verdicts.first_record_id
    group by components.component
)
select
    members.component,
    members.customer_id,
    members.n_records,
    members.n_customers,
    coalesce(withheld.n_guarded, 0) as n_guarded,
    coalesce(withheld.n_cut, 0) as n_cut,
    coalesce(cuts.n_parts, 1) as n_parts
from members
left join withheld on withheld.component = members.component
left join identity.cut_components as cuts on cuts.component = members.component
where cuts.component is not null or withheld.n_guarded > 0
order by cuts.component is null, n_records desc, n_guarded desc, members.component
limit cast($n as bigint)
