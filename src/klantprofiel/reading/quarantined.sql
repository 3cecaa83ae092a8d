-- quarantined: why records are in quarantine; a record that breaks two rules is counted under both.
-- One row per declared table and reason.
select
    table_name,
    reason,
    sum(n_rows) as n_rows
from quarantine_counts
group by table_name, reason
order by n_rows desc, table_name, reason
