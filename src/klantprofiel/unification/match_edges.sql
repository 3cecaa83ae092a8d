-- identity.match_edges: which records are one customer, and by which rule; a chain from the lowest record.
-- One row per rule, key and further record that holds it.
with linking as (
    select
        rule,
        record_id,
        min(record_id) over (partition by rule, link_value) as first_record_id
    from identity.match_keys
    where link_value is not null and n_records > 1
)
select first_record_id, record_id, rule
from linking
where record_id <> first_record_id
order by first_record_id, record_id, rule
