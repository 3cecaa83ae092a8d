-- region: where each customer lives, as far as a postal code tells: province and the first two digits.
-- One row per customer with a Dutch postal code. Provinces by ranges of postal codes; exceptions are not covered.
with dutch_codes as (
    select customer_id, regexp_extract(upper(trim(postal_code)), '^([1-9][0-9]{3}) ?([A-Z]{2})?$', 1) as pc4
    from identity.golden_record
    where
        postal_code is not null
        and (country is null or upper(trim(country)) in ('NL', 'NLD', 'NEDERLAND', 'NETHERLANDS', 'THE NETHERLANDS'))
)
select
    dutch_codes.customer_id,
    provinces.province as region,
    substring(dutch_codes.pc4, 1, 2) as postal_area
from dutch_codes
left join postcode_provinces as provinces on provinces.pc4 = dutch_codes.pc4
where dutch_codes.pc4 <> ''
order by dutch_codes.customer_id
