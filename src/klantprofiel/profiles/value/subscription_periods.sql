-- subscription_periods: when customers held subscriptions, and for how much a month.
-- One row per customer, first and last day. Amounts in euro a month, together; null where one of them is unknown.
select
    registry.customer_id,
    subscriptions.started_on,
    subscriptions.ended_on,
    count(*) as n_subscriptions,
    case when count(*) = count(subscriptions.amount_eur) then sum(subscriptions.amount_eur) end as amount_eur
from identity.subscriptions as subscriptions
inner join identity.customer_records as registry on registry.record_id = subscriptions.record_id
where
    subscriptions.started_on is not null
    and (subscriptions.ended_on is null or subscriptions.ended_on >= subscriptions.started_on)
group by registry.customer_id, subscriptions.started_on, subscriptions.ended_on
