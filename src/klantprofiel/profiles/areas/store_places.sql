-- store_places: where the stores stand, by the four digits of their postal code, and when they were open.
-- One row per store of a source, as its latest delivery tells. An unknown day of opening or closing is null.
with delivered as (
    select
        source,
        store_id,
        regexp_extract(upper(trim(postal_code)), '^([1-9][0-9]{3}) ?([A-Z]{2})?$', 1) as pc4,
        opened_on,
        closed_on
    from identity.stores
    qualify
        row_number() over (
            partition by source, store_id
            order by delivered_on desc, batch_id, line_number
        ) = 1
)
select
    source,
    store_id,
    nullif(pc4, '') as pc4,
    opened_on,
    closed_on
from delivered
order by source, store_id
