-- customers: who the customers are, by number, and from how much they are put together.
-- One row per customer. n_records counts customer numbers of sources, n_sources the sources that gave them.
with per_source as (
    select
        registry.customer_id,
        registry.source,
        count(*) as n_records
    from identity.source_records as records
    inner join identity.customer_records as registry on registry.record_id = records.record_id
    group by registry.customer_id, registry.source
)
select
    customer_id,
    sum(n_records) as n_records,
    count(*) as n_sources
from per_source
group by customer_id
order by customer_id
