-- orders_account: what became of every order line that the sources delivered.
-- One row per source. A line counts in profiles, or it is after $as_of, or nobody's, or of a day before the birth of its customer.
with delivered as (
    select
        source,
        count(*) as n_lines,
        count(*) filter (where record_id is not null and cast(ordered_at as date) <= $as_of) as n_counted,
        count(*) filter (where cast(ordered_at as date) > $as_of) as n_after,
        count(*) filter (where record_id is null and cast(ordered_at as date) <= $as_of) as n_without_customer,
        sum(case when is_return then -abs(amount_eur) else amount_eur end) as net_eur
    from identity.orders
    group by source
),
unborn as (
    select source, count(*) as n_lines
    from identity.orders_before_birth
    where booked_on <= $as_of
    group by source
)
select
    delivered.source,
    delivered.n_lines,
    delivered.n_counted - coalesce(unborn.n_lines, 0) as n_in_profiles,
    delivered.n_after,
    delivered.n_without_customer,
    coalesce(unborn.n_lines, 0) as n_before_birth,
    delivered.net_eur
from delivered
left join unborn on unborn.source = delivered.source
order by delivered.source
