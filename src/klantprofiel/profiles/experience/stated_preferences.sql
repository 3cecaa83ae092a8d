-- stated_preferences: what each customer last said to prefer, up to and including $as_of.
-- One row per customer who stated a preference. What was said of one subject does not change another.
with last_words as (
    select customer_id, subject, preference
    from preference_days
    where stated_on <= $as_of
    qualify row_number() over (partition by customer_id, subject order by stated_on desc) = 1
)
select
    customer_id,
    max(preference) filter (where subject = 'contact_channel') as preferred_channel,
    max(preference) filter (where subject = 'delivery') as preferred_delivery,
    max(preference) filter (where subject = 'interest') as preferred_interest
from last_words
group by customer_id
