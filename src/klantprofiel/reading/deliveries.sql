-- deliveries: what was delivered per table, and how much of it was loaded or quarantined.
-- One row per declared table with a delivery.
select
    table_name,
    count(*) as n_files,
    sum(n_records) as n_records,
    sum(n_loaded) as n_loaded,
    sum(n_quarantined) as n_quarantined
from batch_accounts
group by table_name
order by table_name
