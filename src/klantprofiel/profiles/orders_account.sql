-- orders_account: what became of every order line that the sources delivered.
-- One row per source. A line counts in profiles, or it is after $as_of, or nobody's.
select
    source,
    count(*) as n_lines,
    count(*) filter (where record_id is not null and cast(ordered_at as date) <= $as_of) as n_in_profiles,
    count(*) filter (where cast(ordered_at as date) > $as_of) as n_after,
    count(*) filter (where record_id is null and cast(ordered_at as date) <= $as_of) as n_without_customer,
    sum(case when is_return then -abs(amount_eur) else amount_eur end) as net_eur
from identity.orders
group by source
order by source
