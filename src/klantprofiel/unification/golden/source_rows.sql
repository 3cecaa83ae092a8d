-- source_rows: from which rows of which delivered files each customer is put together, the best source first.
-- One row per source record in a customer file; survival_rank numbers those of a customer. known_in is a month.
with files as (
    select batch_id, min(file_name) as file_name
    from batches
    group by batch_id
)
select
    claims.customer_id,
    claims.survival_rank,
    claims.source,
    files.file_name,
    claims.line_number,
    claims.delivered_on,
    strftime(claims.known_on, '%Y-%m') as known_in,
    claims.updated_on is not null as is_dated
from identity.survivorship as claims
inner join identity.touched_customers as touched on touched.customer_id = claims.customer_id
left join files on files.batch_id = claims.batch_id
order by claims.customer_id, claims.survival_rank
