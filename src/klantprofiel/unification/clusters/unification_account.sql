-- unification_account: what each rule for linking records found, withdrew and linked.
-- One row per rule. A key value that more than $cap records hold is withdrawn; an edge joins two records that
-- were found to be one customer, and may do so by several rules.
with rules as (
    select rule
    from (
        values ('email'), ('phone_surname'), ('loyalty_number'), ('iban'), ('model'), ('decision')
    ) as listed (rule)
),
held as (
    select rule, n_records, count(*) as n_rows
    from identity.match_keys
    group by rule, n_records
),
values_of_rule as (
    select
        rule,
        sum(n_rows) as n_records,
        sum(cast(round(cast(n_rows as double) / nullif(n_records, 0)) as bigint)) as n_values,
        sum(
            case
                when n_records > $cap
                    then cast(round(cast(n_rows as double) / nullif(n_records, 0)) as bigint)
                else 0
            end
        ) as n_withdrawn
    from held
    group by rule
),
withheld as (
    select distinct first_record_id, record_id
    from identity.group_verdicts
    where verdict <> 'joined'
),
edges as (
    select edges.first_record_id, edges.record_id, edges.rule
    from identity.match_edges as edges
    left join withheld
        on withheld.first_record_id = edges.first_record_id and withheld.record_id = edges.record_id
    inner join identity.components as firsts on firsts.record_id = edges.first_record_id
    inner join identity.components as others
        on others.record_id = edges.record_id and others.component = firsts.component
    where edges.weight > $threshold_bits and withheld.record_id is null
    union all
    select first_record_id, record_id, 'decision' as rule
    from identity.group_verdicts
    where verdict = 'joined'
),
edges_of_rule as (
    select rule, count(*) as n_edges
    from edges
    group by rule
)
select
    rules.rule,
    coalesce(values_of_rule.n_records, 0) as n_records,
    coalesce(values_of_rule.n_values, 0) as n_values,
    coalesce(values_of_rule.n_withdrawn, 0) as n_withdrawn,
    coalesce(edges_of_rule.n_edges, 0) as n_edges
from rules
left join values_of_rule on values_of_rule.rule = rules.rule
left join edges_of_rule on edges_of_rule.rule = rules.rule
order by rules.rule
