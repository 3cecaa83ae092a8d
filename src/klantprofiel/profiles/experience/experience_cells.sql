-- experience_cells: what the experience measures of the 365 days up to and including $as_of are computed from.
-- One row per measure and cell: the total, a channel of service, or a subject; of what customers went through.
-- The NPS counts the last answer of each customer, in the channel that he used most; answers that were given carelessly
-- are left out. p90 is the lowest waiting time that at least 90% of the contacts did not exceed; the median lies between
-- lower_middle and upper_middle.
with contacts as (
    select customer_id, channel, subject, is_repeat, is_complaint, is_resolved, waiting_seconds, ease, satisfaction
    from contact_days
    where contacted_on <= $as_of and contacted_on > cast($as_of as date) - interval 365 day
),
recommending as (
    select answers.customer_id, answers.answer
    from survey_answers as answers
    inner join survey_items as items on items.source = answers.source and items.item_id = answers.item_id
    anti join (select * from survey_quality where is_careless) as careless
        on
            careless.customer_id = answers.customer_id
            and careless.source = answers.source
            and careless.survey_id = answers.survey_id
            and careless.wave = answers.wave
    where
        items.measures = 'recommendation'
        and items.lowest = 0
        and items.highest = 10
        and answers.answered_on <= $as_of
        and answers.answered_on > cast($as_of as date) - interval 365 day
    qualify
        row_number() over (
            partition by answers.customer_id
            order by answers.answered_on desc, answers.wave desc, answers.source, answers.survey_id, answers.item_id
        ) = 1
),
observations as (
    select 'nps' as measure, recommending.customer_id, service.service_channel_main as channel, null as subject, answer
    from recommending
    left join service_experience as service on service.customer_id = recommending.customer_id
    union all
    select 'csat_share' as measure, customer_id, channel, subject, satisfaction as answer
    from contacts
    where satisfaction is not null
    union all
    select 'ces' as measure, customer_id, channel, subject, ease as answer
    from contacts
    where ease is not null
    union all
    select
        'first_contact_resolution_share' as measure,
        customer_id,
        channel,
        subject,
        case when is_resolved then 1 else 0 end as answer
    from contacts
    where is_resolved is not null and not is_repeat
    union all
    select 'waiting_seconds' as measure, customer_id, channel, subject, waiting_seconds as answer
    from contacts
    where waiting_seconds is not null
    union all
    select 'complaints' as measure, customer_id, channel, subject, 1 as answer
    from contacts
    where is_complaint
),
customers_seen as (
    select measure, channel, subject, customer_id
    from observations
    group by measure, channel, subject, customer_id
),
in_cells as (
    select measure, 'total' as dimension, 'total' as category, customer_id
    from customers_seen
    union all
    select measure, 'channel' as dimension, channel as category, customer_id
    from customers_seen
    where channel is not null
    union all
    select measure, 'subject' as dimension, subject as category, customer_id
    from customers_seen
    where subject is not null
),
cells as (
    select measure, dimension, category, count(distinct customer_id) as n_customers
    from in_cells
    group by measure, dimension, category
),
answers as (
    select measure, channel, subject, answer, count(*) as n
    from observations
    group by measure, channel, subject, answer
),
answers_in_cells as (
    select measure, 'total' as dimension, 'total' as category, answer, n
    from answers
    union all
    select measure, 'channel' as dimension, channel as category, answer, n
    from answers
    where channel is not null
    union all
    select measure, 'subject' as dimension, subject as category, answer, n
    from answers
    where subject is not null
),
per_answer as (
    select measure, dimension, category, answer, sum(n) as n
    from answers_in_cells
    group by measure, dimension, category, answer
),
ranked as (
    select
        *,
        sum(n) over (partition by measure, dimension, category order by answer) as n_at_most,
        sum(n) over (partition by measure, dimension, category) as n_in_all
    from per_answer
),
orders as (
    select sum(n_orders) as n_orders
    from purchase_days
    where booked_on <= $as_of and booked_on > cast($as_of as date) - interval 365 day
)
select
    ranked.measure,
    ranked.dimension,
    ranked.category,
    sum(ranked.n) as n,
    max(cells.n_customers) as n_customers,
    max(orders.n_orders) as n_orders,
    sum(case when ranked.answer = 1 then ranked.n else 0 end) as n_1,
    sum(case when ranked.answer = 2 then ranked.n else 0 end) as n_2,
    sum(case when ranked.answer = 3 then ranked.n else 0 end) as n_3,
    sum(case when ranked.answer = 4 then ranked.n else 0 end) as n_4,
    sum(case when ranked.answer = 5 then ranked.n else 0 end) as n_5,
    sum(case when ranked.answer = 6 then ranked.n else 0 end) as n_6,
    sum(case when ranked.answer = 7 then ranked.n else 0 end) as n_7,
    sum(case when ranked.answer <= 6 then ranked.n else 0 end) as n_at_most_6,
    sum(case when ranked.answer >= 9 then ranked.n else 0 end) as n_at_least_9,
    min(ranked.answer) filter (where 2 * ranked.n_at_most >= ranked.n_in_all) as lower_middle,
    min(ranked.answer) filter (where 2 * ranked.n_at_most > ranked.n_in_all) as upper_middle,
    min(ranked.answer) filter (where 10 * ranked.n_at_most >= 9 * ranked.n_in_all) as p90
from ranked
inner join cells
    on
        cells.measure = ranked.measure
        and cells.dimension = ranked.dimension
        and cells.category = ranked.category
cross join orders
group by ranked.measure, ranked.dimension, ranked.category
