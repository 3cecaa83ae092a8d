-- region: where each customer lives as of $as_of: postal area, municipality, province, urbanity, nearest store.
-- One row per customer with a Dutch postal code. Province by postal ranges where no reference file tells it.
-- The distance is that of the great circle (haversine; Sinnott, Sky and Telescope 68, 1984; mean radius of the earth
-- 6371.0088 km, IUGG) between the middles of two postal areas; within one area it is 0. It is computed once per pair of
-- an area with customers and an area with an open store. A store with an unknown day of opening was always there.
with homes as (
    select customer_id, pc4
    from (
        select customer_id, pc4
        from living
        where valid_from <= $as_of
        qualify row_number() over (partition by customer_id order by valid_from desc) = 1
    ) as lived
    where pc4 is not null
),
open_stores as (
    select
        min(store_places.store_id) as store_id,
        store_places.pc4,
        radians(cast(areas.latitude as double)) as north,
        radians(cast(areas.longitude as double)) as east
    from store_places
    inner join areas on areas.pc4 = store_places.pc4
    where
        areas.latitude is not null
        and areas.longitude is not null
        and (store_places.opened_on is null or store_places.opened_on <= $as_of)
        and (store_places.closed_on is null or store_places.closed_on > $as_of)
    group by store_places.pc4, areas.latitude, areas.longitude
),
places as (
    select
        places.pc4,
        radians(cast(areas.latitude as double)) as north,
        radians(cast(areas.longitude as double)) as east
    from (select distinct pc4 from homes) as places
    inner join areas on areas.pc4 = places.pc4
    where areas.latitude is not null and areas.longitude is not null
),
pairs as (
    select
        places.pc4,
        open_stores.store_id,
        pow(sin((open_stores.north - places.north) * 0.5), 2)
        + cos(places.north) * cos(open_stores.north)
        * pow(sin((open_stores.east - places.east) * 0.5), 2) as haversine
    from places
    cross join open_stores
),
nearest as (
    select
        pc4,
        store_id,
        2 * 6371.0088 * asin(sqrt(least(haversine, 1))) as distance_km
    from pairs
    qualify row_number() over (partition by pc4 order by haversine, store_id) = 1
)
select
    homes.customer_id,
    homes.pc4,
    substring(homes.pc4, 1, 2) as postal_area,
    areas.municipality,
    coalesce(areas.province, ranges.province) as region,
    case
        when areas.province_from = 'reference' then 'referentiebestand'
        when ranges.province is not null then 'postcodereeksen'
    end as region_from,
    areas.urbanity,
    areas.area_type,
    nearest.distance_km as distance_store_km,
    nearest.store_id as store_nearest
from homes
left join areas on areas.pc4 = homes.pc4
left join postcode_provinces as ranges on ranges.pc4 = homes.pc4
left join nearest on nearest.pc4 = homes.pc4
