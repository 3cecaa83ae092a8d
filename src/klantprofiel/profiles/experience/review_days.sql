-- review_days: the reviews that each customer wrote, by the day in UTC, with their stars from 1 to 5.
-- One row per customer and day.
select
    registry.customer_id,
    cast(reviews.reviewed_at as date) as reviewed_on,
    count(*) as n_reviews,
    count(reviews.rating) as n_ratings,
    sum(reviews.rating) as rating_sum
from identity.reviews as reviews
inner join identity.customer_records as registry on registry.record_id = reviews.record_id
where reviews.reviewed_at is not null
group by registry.customer_id, cast(reviews.reviewed_at as date)
