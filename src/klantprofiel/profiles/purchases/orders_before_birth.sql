-- identity.orders_before_birth: order lines of a day before their customer was born; they count in no figure.
-- One row per order line, with the file and the line that it was delivered in.
with born_later as (
    select registry.record_id, registry.customer_id, golden.birth_date
    from identity.golden_record as golden
    inner join identity.customer_records as registry on registry.customer_id = golden.customer_id
    where golden.birth_date > (select min(cast(ordered_at as date)) from identity.orders)
),
deliveries as (
    select batches.batch_id, batches.table_name, batches.file_name, sources.source
    from batches
    inner join sources on sources.table_name = batches.table_name
    where sources.maps_to = 'orders'
)
select
    born_later.customer_id,
    orders.record_id,
    orders.source,
    cast(orders.ordered_at as date) as booked_on,
    orders.batch_id,
    deliveries.table_name,
    deliveries.file_name,
    orders.line_number
from identity.orders as orders
inner join born_later on born_later.record_id = orders.record_id
left join deliveries on deliveries.batch_id = orders.batch_id and deliveries.source = orders.source
where cast(orders.ordered_at as date) < born_later.birth_date
