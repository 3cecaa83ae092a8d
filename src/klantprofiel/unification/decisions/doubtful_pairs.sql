-- doubtful_pairs: the scored pairs nearest to $threshold_bits, weighted by the records that hang on them.
-- One row per pair of records that nobody decided on; of the pairs between two customers only the most doubtful.
with sizes as (
    select customer_id, count(*) as n_records
    from identity.customer_records
    group by customer_id
),
placed as (
    select
        pairs.first_record_id,
        pairs.record_id,
        least(firsts.customer_id, others.customer_id) as low_customer_id,
        greatest(firsts.customer_id, others.customer_id) as high_customer_id,
        coalesce(first_persons.person, pairs.first_record_id) as first_person,
        coalesce(other_persons.person, pairs.record_id) as other_person,
        pow(2, -abs(pairs.score - $threshold_bits)) as odds
    from identity.link_pairs as pairs
    inner join identity.customer_records as firsts on firsts.record_id = pairs.first_record_id
    inner join identity.customer_records as others on others.record_id = pairs.record_id
    left join decided_persons as first_persons on first_persons.record_id = pairs.first_record_id
    left join decided_persons as other_persons on other_persons.record_id = pairs.record_id
    where abs(pairs.score - $threshold_bits) <= $widest_bits
),
-- p (1 - p): a quarter at the threshold, nothing far away from it.
weighed as (
    select
        placed.first_record_id,
        placed.record_id,
        placed.low_customer_id,
        placed.high_customer_id,
        cast(placed.odds as double) / nullif((1 + placed.odds) * (1 + placed.odds), 0)
            * (lows.n_records + case when highs.customer_id = lows.customer_id then 0 else highs.n_records end)
            as worth
    from placed
    inner join sizes as lows on lows.customer_id = placed.low_customer_id
    inner join sizes as highs on highs.customer_id = placed.high_customer_id
    left join decided_apart as apart
        on apart.person = least(placed.first_person, placed.other_person)
        and apart.other_person = greatest(placed.first_person, placed.other_person)
    where placed.first_person <> placed.other_person and apart.person is null
)
select first_record_id, record_id
from weighed
qualify row_number() over (
    partition by low_customer_id, high_customer_id order by worth desc, first_record_id, record_id
) = 1
order by worth desc, first_record_id, record_id
