-- areas: the postal areas as reference files describe them: where they lie, how urban they are and who live there.
-- One row per area (pc4, the four digits of a postal code) that a reference file holds. Unknown is null.
-- CBS writes -99997 for what is secret or unknown and -99995 for what is not known yet: no count is negative here.
-- Of each source only its latest file counts, so that a new year's file leaves no area of the old one behind. Where
-- sources describe one area, each fills in what those of later days leave open.
-- Urbanity is the CBS class by addresses per square km: 1 from 2500, 2 from 1500, 3 from 1000, 4 from 500, 5 below.
-- The type of area is the one delivered, or else follows from urbanity as CBS groups its classes: 1 and 2 are urban,
-- 4 and 5 rural. Without a province, that of the postal ranges counts; province_from tells which.
with dated as (
    select
        *,
        max(delivered_on) over (partition by source) as latest_on
    from identity.areas
    where regexp_matches(trim(pc4), '^[1-9][0-9]{3}$')
),
delivered as (
    select
        trim(pc4) as pc4,
        source,
        delivered_on,
        nullif(trim(municipality), '') as municipality,
        nullif(case when trim(province) = 'Fryslân' then 'Friesland' else trim(province) end, '') as province,
        case when urbanity between 1 and 5 then urbanity end as urbanity,
        nullif(trim(area_type), '') as area_type,
        case when population >= 0 then population end as population,
        case when households >= 0 then households end as households,
        case when latitude between -90 and 90 and longitude between -180 and 180 then latitude end as latitude,
        case when latitude between -90 and 90 and longitude between -180 and 180 then longitude end as longitude,
        nullif(trim(origin), '') as origin
    from dated
    where delivered_on = latest_on
),
per_area as (
    select
        pc4,
        first_value(municipality ignore nulls) over by_source as municipality,
        first_value(province ignore nulls) over by_source as province,
        first_value(urbanity ignore nulls) over by_source as urbanity,
        first_value(area_type ignore nulls) over by_source as area_type,
        first_value(population ignore nulls) over by_source as population,
        first_value(households ignore nulls) over by_source as households,
        first_value(latitude ignore nulls) over by_source as latitude,
        first_value(longitude ignore nulls) over by_source as longitude,
        first_value(origin ignore nulls) over by_source as origin
    from delivered
    window by_source as (
        partition by pc4
        order by delivered_on desc, source
        rows between unbounded preceding and unbounded following
    )
    qualify row_number() over (partition by pc4 order by delivered_on desc, source) = 1
)
select
    per_area.pc4,
    per_area.municipality,
    coalesce(per_area.province, ranges.province) as province,
    case
        when per_area.province is not null then 'reference'
        when ranges.province is not null then 'postal ranges'
    end as province_from,
    per_area.urbanity,
    case
        when per_area.area_type is not null then per_area.area_type
        when per_area.urbanity <= 2 then 'stedelijk gebied'
        when per_area.urbanity = 3 then 'overgangsgebied'
        when per_area.urbanity >= 4 then 'landelijk gebied'
    end as area_type,
    per_area.population,
    per_area.households,
    per_area.latitude,
    per_area.longitude,
    per_area.origin
from per_area
left join postcode_provinces as ranges on ranges.pc4 = per_area.pc4
order by per_area.pc4
