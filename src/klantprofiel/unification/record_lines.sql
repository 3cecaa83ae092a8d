-- identity.record_lines: the delivered lines that each record is read from; a record changed when these did.
-- One row per source record in a customer file.
select
    record_id,
    array_to_string(
        array_sort(
            array_agg(concat(batch_id, ':', cast(line_number as varchar))) filter (where batch_id is not null)
        ),
        ' '
    ) as lines
from identity.customers
where record_id is not null
group by record_id
