-- value: what is to be expected of each customer: still there, how many purchases, and what they are worth today.
-- One row per customer who ever bought something or held a subscription. Null where a model could not be fitted.
with purchases as (
    select
        histories.customer_id,
        futures.p_alive,
        futures.expected_purchases_365,
        cast($p as double) * (cast($gamma as double) + cast(histories.paid_eur as double))
        / nullif(cast($p as double) * histories.n_paid + cast($q as double) - 1, 0)
        * futures.residual_purchases * cast($kept_share as double) as residual_eur
    from purchase_histories as histories
    inner join purchase_futures as futures
        on
            futures.n_repeats = histories.n_repeats
            and futures.last_days = histories.last_days
            and futures.age_days = histories.age_days
),
contracts as (
    select
        courses.customer_id,
        count(*) filter (where not courses.is_ended) as n_running,
        case
            when
                count(*) filter (where not courses.is_ended)
                = count(courses.amount_eur * futures.residual_months) filter (where not courses.is_ended)
                then coalesce(
                    sum(cast(cast(courses.amount_eur as double) * futures.residual_months as decimal(18, 2))) filter (
                        where not courses.is_ended
                    ),
                    0
                )
        end as residual_eur
    from contract_courses as courses
    left join contract_futures as futures
        on futures.n_months = courses.n_months and futures.n_months_left = courses.n_months_left
    group by courses.customer_id
)
select
    coalesce(purchases.customer_id, contracts.customer_id) as customer_id,
    case
        when contracts.n_running > 0 then 'abonnement'
        when purchases.customer_id is null then 'abonnement beëindigd'
        else 'losse aankopen'
    end as customer_setting,
    case
        when contracts.n_running > 0 then 1
        when purchases.customer_id is null then 0
        else purchases.p_alive
    end as p_alive,
    purchases.expected_purchases_365,
    case when purchases.customer_id is null then 0 else purchases.residual_eur end
    + case when contracts.customer_id is null then 0 else contracts.residual_eur end as residual_value_eur
from purchases
full outer join contracts on contracts.customer_id = purchases.customer_id
