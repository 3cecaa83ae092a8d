-- added_columns: the columns that were delivered and that nobody declared.
-- One row per declared table and such a column.
select
    batches.table_name,
    added.column_name,
    count(*) as n_files
from batches
cross join unnest(batches.extra_columns) as added(column_name)
group by batches.table_name, added.column_name
order by batches.table_name, added.column_name
