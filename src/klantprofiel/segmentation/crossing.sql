-- crossing: two segmentations of the same customers, such as one by rules and one that was found.
-- One row per two segments with a customer in both; shares from 0 to 1, lift 1 where they have no relation.
with both_known as (
    select one.segment_id as segment_id, other.segment_id as other_segment_id
    from one_members as one
    inner join other_members as other on other.customer_id = one.customer_id
),
counted as (
    select segment_id, other_segment_id, count(*) as n_customers
    from both_known
    group by segment_id, other_segment_id
),
totalled as (
    select
        segment_id,
        other_segment_id,
        n_customers,
        sum(n_customers) over (partition by segment_id) as n_segment,
        sum(n_customers) over (partition by other_segment_id) as n_other,
        sum(n_customers) over () as n_all
    from counted
)
select
    segment_id,
    other_segment_id,
    n_customers,
    cast(n_customers as double) / nullif(n_segment, 0) as segment_share,
    cast(n_customers as double) / nullif(n_other, 0) as other_share,
    cast(n_customers as double) * cast(n_all as double)
        / nullif(cast(n_segment as double) * cast(n_other as double), 0) as lift
from totalled
order by length(segment_id), segment_id, length(other_segment_id), other_segment_id
