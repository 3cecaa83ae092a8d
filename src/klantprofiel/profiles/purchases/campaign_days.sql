-- campaign_days: which campaigns reached each customer, by the day, and what followed.
-- One row per customer and day.
select
    registry.customer_id,
    cast(contacts.contacted_at as date) as contacted_on,
    count(*) as n_contacts,
    count(*) filter (where contacts.response is not null) as n_followed,
    count(*) filter (where contacts.response in ('clicked', 'redeemed')) as n_responses,
    count(*) filter (where contacts.response = 'redeemed') as n_redeemed
from identity.campaign_contacts as contacts
inner join identity.customer_records as registry on registry.record_id = contacts.record_id
where contacts.contacted_at is not null
group by registry.customer_id, cast(contacts.contacted_at as date)
