-- delivered: what was delivered, per source and declared table.
-- One row per declared table with a delivery.
select
    source,
    table_name,
    count(*) as n_files,
    cast(sum(n_records) as bigint) as n_records,
    count(distinct delivered_on) as n_days,
    min(delivered_on) as first_on,
    max(delivered_on) as last_on
from batches
group by source, table_name
order by source, table_name
