-- measures: what the profiles tell of each segment: how many customers, and what they spent. Amounts in euro.
-- One row per segment. Read from `members`, the customers of a segmentation; it is not kept as a table.
select
    members.segment_id,
    count(*) as n_customers,
    count(profiles.monetary_eur) as n_monetary,
    sum(profiles.monetary_eur) as monetary_eur,
    count(profiles.spend_recent_eur) as n_recent,
    sum(profiles.spend_recent_eur) as spend_recent_eur,
    count(profiles.spend_before_eur) as n_before,
    sum(profiles.spend_before_eur) as spend_before_eur
from members
left join profiles on profiles.customer_id = members.customer_id
group by members.segment_id
order by members.segment_id
