-- categories: what kinds of products each customer buys, as of $as_of; returns are left out.
-- One row per customer with a purchase of which the category is known.
with per_category as (
    select
        customer_id,
        category,
        sum(n_lines) as n_lines,
        sum(bought_eur) as bought_eur
    from category_days
    where booked_on <= $as_of
    group by customer_id, category
),
shares as (
    select
        customer_id,
        category,
        bought_eur,
        cast(bought_eur as double) / nullif(sum(bought_eur) over (partition by customer_id), 0) as spend_share,
        row_number() over (
            partition by customer_id
            order by coalesce(bought_eur, 0) desc, n_lines desc, category
        ) as category_rank
    from per_category
)
select
    customer_id,
    max(category) filter (where category_rank = 1) as category_main,
    count(*) as n_categories,
    max(spend_share) filter (where category_rank = 1) as category_main_share,
    cast(sum(bought_eur) filter (where category_rank <= 3) as double)
    / nullif(sum(bought_eur), 0) as category_top3_share,
    -- Rounded terms add up exactly, so that the sum is the same in any order of the rows.
    cast(
        sum(case when spend_share > 0 then cast(-spend_share * ln(spend_share) as decimal(18, 12)) end) as double
    ) as category_entropy
from shares
group by customer_id
