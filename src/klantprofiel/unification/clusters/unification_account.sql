-- unification_account: what each rule for linking records found, withdrew and linked.
-- One row per rule. A value that more than $cap records hold is withdrawn.
with rules as (
    select rule
    from (values ('email'), ('phone_surname'), ('loyalty_number')) as listed (rule)
),
per_value as (
    select
        rule,
        key_value,
        max(n_records) as n_records,
        count(link_value) < count(*) or min(link_value) < max(link_value) as is_divided
    from identity.match_keys
    group by rule, key_value
),
values_of_rule as (
    select
        rule,
        sum(n_records) as n_records,
        count(*) as n_values,
        count(*) filter (where n_records > $cap) as n_withdrawn,
        count(*) filter (where n_records <= $cap and is_divided) as n_divided
    from per_value
    group by rule
),
edges_of_rule as (
    select rule, count(*) as n_edges
    from identity.match_edges
    group by rule
)
select
    rules.rule,
    coalesce(values_of_rule.n_records, 0) as n_records,
    coalesce(values_of_rule.n_values, 0) as n_values,
    coalesce(values_of_rule.n_withdrawn, 0) as n_withdrawn,
    coalesce(values_of_rule.n_divided, 0) as n_divided,
    coalesce(edges_of_rule.n_edges, 0) as n_edges
from rules
left join values_of_rule on values_of_rule.rule = rules.rule
left join edges_of_rule on edges_of_rule.rule = rules.rule
order by rules.rule
