-- identity.match_edges: which records are one customer, and by which rule; a star around one record per value.
-- One row per rule, key and further record that holds it.
-- In the middle is the lowest record with a birth date: one without may prove to stand between two people.
with linking as (
    select
        rule,
        record_id,
        coalesce(
            min(case when born_on is not null then record_id end) over (partition by rule, link_value),
            min(record_id) over (partition by rule, link_value)
        ) as first_record_id
    from identity.match_keys
    where link_value is not null and n_records > 1
)
select first_record_id, record_id, rule
from linking
where record_id <> first_record_id
order by first_record_id, record_id, rule
