-- companies: the business customers, by a number of ours: their sector and where they are; no name, no KvK number.
-- One row per company, which is one customer number of one source, also of one that only orders mention.
-- A sector is a few words in letters, of at most 40 signs; other text may name a person and counts as unknown.
with delivered as (
    select
        source || '/' || company_id as record_id,
        trim(sector) as sector,
        regexp_extract(upper(trim(postal_code)), '^([1-9][0-9]{3}) ?([A-Z]{2})?$', 1) as pc4,
        customer_since_on
    from identity.companies
    qualify
        row_number() over (
            partition by source, company_id
            order by delivered_on desc, batch_id, line_number
        ) = 1
)
select
    registry.company_id,
    case when regexp_matches(delivered.sector, '^\p{L}[\p{L} &,/-]{0,39}$') then delivered.sector end as sector,
    nullif(delivered.pc4, '') as pc4,
    areas.municipality,
    coalesce(areas.province, ranges.province) as region,
    delivered.customer_since_on
from identity.company_records as registry
left join delivered on delivered.record_id = registry.record_id
left join areas on areas.pc4 = delivered.pc4
left join postcode_provinces as ranges on ranges.pc4 = delivered.pc4
order by registry.company_id
