-- delivered_by_day: how many records each source delivered on a day.
-- One row per source and day with a delivery.
select
    source,
    delivered_on,
    cast(sum(n_records) as bigint) as n_records
from batches
where delivered_on is not null
group by source, delivered_on
order by source, delivered_on
