-- contract_courses: how far each subscription has come by $as_of, in whole months.
-- One row per customer, first and last day. An end that was announced is still to come, after n_months_left.
-- Of one that ended, the month at whose end it did, from 1; of one that runs, the months after which it was renewed.
with periods as (
    select
        customer_id,
        started_on,
        n_subscriptions,
        amount_eur,
        ended_on,
        coalesce(ended_on <= $as_of, false) as is_ended,
        case when ended_on <= $as_of then ended_on else cast($as_of as date) end as reached_on
    from subscription_periods
    where started_on <= $as_of
),
courses as (
    select
        *,
        (year(reached_on) - year(started_on)) * 12
        + month(reached_on) - month(started_on)
        - case when day(reached_on) < day(started_on) then 1 else 0 end as n_whole,
        (year(ended_on) - year(cast($as_of as date))) * 12
        + month(ended_on) - month(cast($as_of as date))
        - case when day(ended_on) < day(cast($as_of as date)) then 1 else 0 end as n_until_end
    from periods
)
select
    customer_id,
    n_subscriptions,
    amount_eur,
    is_ended,
    case
        when not is_ended then n_whole
        when n_whole > 0 and day(reached_on) = day(started_on) then n_whole
        else n_whole + 1
    end as n_months,
    case when is_ended then 0 else least(coalesce(n_until_end, $horizon_months), $horizon_months) end as n_months_left
from courses
