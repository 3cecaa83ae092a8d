-- pair_facts: of pairs of records that are named in `wanted`, who they are now, and what hangs on them.
-- One row per pair, in the order in which they are wanted.
with sizes as (
    select customer_id, count(*) as n_records
    from identity.customer_records
    group by customer_id
)
select
    wanted.place,
    wanted.first_record_id,
    wanted.record_id,
    firsts.customer_id as first_customer_id,
    others.customer_id,
    first_sizes.n_records
        + case when others.customer_id = firsts.customer_id then 0 else other_sizes.n_records end as n_records
from wanted
inner join identity.customer_records as firsts on firsts.record_id = wanted.first_record_id
inner join identity.customer_records as others on others.record_id = wanted.record_id
inner join sizes as first_sizes on first_sizes.customer_id = firsts.customer_id
inner join sizes as other_sizes on other_sizes.customer_id = others.customer_id
order by wanted.place
