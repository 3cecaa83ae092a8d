-- reviewing: what each customer wrote in reviews up to and including $as_of.
-- One row per customer, once the sources tell of any review: who wrote none has 0 reviews and an unknown rating.
with reviews_by_now as (
    select customer_id, n_reviews, n_ratings, rating_sum
    from review_days
    where reviewed_on <= $as_of
),
per_customer as (
    select
        customer_id,
        sum(n_reviews) as n_reviews,
        cast(sum(rating_sum) as double) / nullif(sum(n_ratings), 0) as review_rating_mean
    from reviews_by_now
    group by customer_id
),
sources_tell as (
    select count(*) as n_days
    from reviews_by_now
)
select
    customers.customer_id,
    coalesce(per_customer.n_reviews, 0) as n_reviews,
    per_customer.review_rating_mean
from customers
inner join sources_tell on sources_tell.n_days > 0
left join per_customer on per_customer.customer_id = customers.customer_id
