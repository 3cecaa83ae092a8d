-- identity.link_records: what is compared of each source record, every value in standard form; NULL is no evidence.
-- One row per source record in a customer file, of those in identity.touched_records.
-- Placeholders, shared mailboxes, PO boxes and values that too many records hold are NULL. Of a record that two
-- files of one source hold, each part comes from the row that was delivered last, ties broken by value.
with frequent as (
    select kind, standard
    from identity.placeholder_values
    where found_by = 'frequency'
),
birth_dates as (
    select cast(standard as date) as frequent_on
    from identity.placeholder_values
    where kind = 'birth_date'
),
repeated as (
    select known.record_id
    from identity.customers as known
    semi join identity.touched_records as touched on touched.record_id = known.record_id
    group by known.record_id
    having count(*) > 1
),
in_standard_form as (
    select
        known.record_id,
        known.source,
        known.delivered_on,
        repeated.record_id is not null as is_repeated,
        given_names.standard as given_name,
        coalesce(initials.standard, given_names.initials) as initials,
        surnames.standard as surname,
        case
            when surnames.surname_long = surnames.standard
                then coalesce(prefixes.standard, '') || surnames.surname_long
            else surnames.surname_long
        end as surname_long,
        surnames.other_surname,
        case when birth_dates.frequent_on is null then known.birth_date end as birth_date,
        known.sex,
        emails.standard as email,
        emails.email_user,
        phones.standard as phone,
        id_numbers.standard as id_number,
        ibans.standard as iban,
        coalesce(streets.use = 'shared', false) as is_box,
        case
            when streets.use <> 'key' then null
            when house_numbers.standard is null or house_numbers.standard = streets.house_number
                then coalesce(streets.street_alone, streets.standard)
            else streets.standard
        end as street,
        coalesce(house_numbers.standard, streets.house_number) as house_number,
        case
            when house_numbers.standard is null or house_numbers.standard = streets.house_number
                then coalesce(additions.standard, house_numbers.addition, streets.addition)
            when house_numbers.addition = additions.standard then additions.standard
            else nullif(coalesce(house_numbers.addition, '') || coalesce(additions.standard, ''), '')
        end as house_number_addition,
        postal_codes.standard as postal_code,
        places.standard as place,
        countries.standard as country
    from identity.customers as known
    semi join identity.touched_records as touched on touched.record_id = known.record_id
    left join repeated on repeated.record_id = known.record_id
    left join birth_dates on birth_dates.frequent_on = known.birth_date
    left join identity.standard_values as emails
        on emails.kind = 'email' and emails.use = 'key' and emails.delivered = known.email
    left join identity.standard_values as phones
        on phones.kind = 'phone' and phones.use = 'key' and phones.delivered = known.phone
    left join identity.standard_values as ibans
        on ibans.kind = 'iban' and ibans.use = 'key' and ibans.delivered = known.iban
    left join identity.standard_values as id_numbers
        on id_numbers.kind = 'loyalty_number' and id_numbers.use = 'key' and id_numbers.delivered = known.loyalty_number
    left join identity.standard_values as given_names
        on given_names.kind = 'given_name' and given_names.use = 'key' and given_names.delivered = known.given_name
    left join identity.standard_values as initials
        on initials.kind = 'initials' and initials.use = 'key' and initials.delivered = known.initials
    left join identity.standard_values as prefixes
        on prefixes.kind = 'surname_prefix' and prefixes.use = 'key' and prefixes.delivered = known.surname_prefix
    left join identity.standard_values as surnames
        on surnames.kind = 'surname' and surnames.use = 'key' and surnames.delivered = known.surname
    left join identity.standard_values as house_numbers
        on house_numbers.kind = 'house_number' and house_numbers.use = 'key' and house_numbers.delivered = known.house_number
    left join identity.standard_values as additions
        on additions.kind = 'house_number_addition' and additions.use = 'key' and additions.delivered = known.house_number_addition
    left join identity.standard_values as postal_codes
        on postal_codes.kind = 'postal_code' and postal_codes.use = 'key' and postal_codes.delivered = known.postal_code
    left join identity.standard_values as places
        on places.kind = 'place' and places.use = 'key' and places.delivered = known.place
    left join identity.standard_values as countries
        on countries.kind = 'country' and countries.use = 'key' and countries.delivered = known.country
    left join identity.standard_values as streets
        on streets.kind = 'street' and streets.delivered = known.street
),
compared as (
    select
        form.record_id,
        form.source,
        form.delivered_on,
        form.is_repeated,
        form.given_name,
        form.initials,
        form.surname,
        form.surname_long,
        form.other_surname,
        form.birth_date,
        form.sex,
        case when emails.standard is null then form.email end as email,
        case when emails.standard is null then form.email_user end as email_user,
        case when phones.standard is null then form.phone end as phone,
        case when id_numbers.standard is null then form.id_number end as id_number,
        case when ibans.standard is null then form.iban end as iban,
        form.street,
        case when not form.is_box then form.house_number end as house_number,
        case when not form.is_box then form.house_number_addition end as house_number_addition,
        case when not form.is_box then form.postal_code end as postal_code,
        form.place,
        form.country
    from in_standard_form as form
    left join frequent as emails on emails.kind = 'email' and emails.standard = form.email
    left join frequent as phones on phones.kind = 'phone' and phones.standard = form.phone
    left join frequent as id_numbers on id_numbers.kind = 'loyalty_number' and id_numbers.standard = form.id_number
    left join frequent as ibans on ibans.kind = 'iban' and ibans.standard = form.iban
),
ranked as (
    select
        *,
        row_number() over (
            partition by record_id
            order by case when given_name is null then 1 else 0 end, delivered_on desc, given_name
        ) as given_name_rank,
        row_number() over (
            partition by record_id
            order by case when initials is null then 1 else 0 end, delivered_on desc, initials
        ) as initials_rank,
        row_number() over (
            partition by record_id
            order by case when surname is null then 1 else 0 end, delivered_on desc, surname, surname_long, other_surname
        ) as surname_rank,
        row_number() over (
            partition by record_id
            order by case when birth_date is null then 1 else 0 end, delivered_on desc, birth_date
        ) as birth_date_rank,
        row_number() over (
            partition by record_id
            order by case when sex is null then 1 else 0 end, delivered_on desc, sex
        ) as sex_rank,
        row_number() over (
            partition by record_id
            order by case when email is null then 1 else 0 end, delivered_on desc, email, email_user
        ) as email_rank,
        row_number() over (
            partition by record_id
            order by case when phone is null then 1 else 0 end, delivered_on desc, phone
        ) as phone_rank,
        row_number() over (
            partition by record_id
            order by case when id_number is null then 1 else 0 end, delivered_on desc, id_number
        ) as id_number_rank,
        row_number() over (
            partition by record_id
            order by case when iban is null then 1 else 0 end, delivered_on desc, iban
        ) as iban_rank,
        row_number() over (
            partition by record_id
            order by case when coalesce(postal_code, street) is not null then 0 when place is not null then 1 else 2 end, delivered_on desc, postal_code, house_number, house_number_addition, street, place, country
        ) as address_rank
    from compared
    where is_repeated
)
select
    record_id,
    source,
    given_name,
    initials,
    surname,
    surname_long,
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
    country
from compared
where not is_repeated
union all
select
    record_id,
    source,
    max(given_name) filter (where given_name_rank = 1) as given_name,
    max(initials) filter (where initials_rank = 1) as initials,
    max(surname) filter (where surname_rank = 1) as surname,
    max(surname_long) filter (where surname_rank = 1) as surname_long,
    max(other_surname) filter (where surname_rank = 1) as other_surname,
    max(birth_date) filter (where birth_date_rank = 1) as birth_date,
    max(sex) filter (where sex_rank = 1) as sex,
    max(email) filter (where email_rank = 1) as email,
    max(email_user) filter (where email_rank = 1) as email_user,
    max(phone) filter (where phone_rank = 1) as phone,
    max(id_number) filter (where id_number_rank = 1) as id_number,
    max(iban) filter (where iban_rank = 1) as iban,
    max(street) filter (where address_rank = 1) as street,
    max(house_number) filter (where address_rank = 1) as house_number,
    max(house_number_addition) filter (where address_rank = 1) as house_number_addition,
    max(postal_code) filter (where address_rank = 1) as postal_code,
    max(place) filter (where address_rank = 1) as place,
    max(country) filter (where address_rank = 1) as country
from ranked
group by record_id, source
