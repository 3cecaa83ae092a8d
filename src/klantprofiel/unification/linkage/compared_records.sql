-- compared_records: the records that a pair may hold, with what is compared derived from what is known of them.
-- One row per source record in `numbers`, which numbers them in the order of record_id.
with known as (
    select
        numbered.number,
        records.record_id,
        source,
        given_name,
        initials,
        surname,
        coalesce(surname_long, surname) as surname_long,
        other_surname,
        birth_date,
        sex,
        email,
        email_user,
        phone,
        id_number,
        iban,
        street,
        house_number,
        house_number_addition,
        postal_code,
        place,
        coalesce(given_name, initials) as any_given_name,
        coalesce(street, postal_code, house_number, place) as any_address,
        strpos(email, '@') as at_sign,
        regexp_extract(email, '([0-9]+)@', 1) as email_number
    from identity.link_records as records
    inner join numbers as numbered on numbered.record_id = records.record_id
),
with_year as (
    select
        *,
        case
            when length(email_number) = 2 then email_number
            when length(email_number) = 4 and substring(email_number, 1, 2) in ('19', '20')
                then substring(email_number, 3, 2)
        end as email_year
    from known
)
select
    number,
    record_id,
    source,
    given_name,
    initials,
    any_given_name,
    substring(any_given_name, 1, 1) as first_letter,
    substring(given_name, 1, 3) as given_start,
    nullif(substring(initials, 2, 1), '') as second_initial,
    surname,
    surname_long,
    other_surname,
    substring(surname, 1, 4) as surname_start,
    substring(surname, greatest(length(surname) - 3, 1), 4) as surname_end,
    birth_date,
    strftime(birth_date, '%Y%m%d') as birth_digits,
    year(birth_date) as birth_year,
    month(birth_date) as birth_month,
    day(birth_date) as birth_day,
    sex,
    email,
    email_user,
    substring(email, 1, 1) as email_start,
    substring(email, at_sign + 1, 100) as email_domain,
    email is not null
    and (
        coalesce(length(surname) >= 3 and strpos(email_user, surname) > 0, false)
        or coalesce(length(other_surname) >= 3 and strpos(email_user, other_surname) > 0, false)
        or coalesce(length(given_name) >= 3 and strpos(email_user, given_name) > 0, false)
    ) as is_named_email,
    email_year,
    coalesce(substring(strftime(birth_date, '%Y'), 3, 2), email_year) as told_year,
    phone,
    id_number,
    iban,
    street,
    house_number,
    house_number_addition,
    postal_code,
    place,
    any_address,
    street || ' ' || house_number as street_and_number
from with_year
