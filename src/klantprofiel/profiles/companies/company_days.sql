-- company_days: what each company ordered, by the day; amounts in euro, without VAT.
-- One row per company and day. An order counts on the day of its first line, and a line on its own day.
with order_days as (
    select
        source || '/' || company_id as record_id,
        source,
        order_id,
        ordered_on,
        count(*) as n_lines,
        sum(net_amount_eur) as net_eur
    from identity.business_orders
    group by source, company_id, order_id, ordered_on
),
numbered as (
    select
        *,
        row_number() over (partition by record_id, order_id order by ordered_on) as day_of_order
    from order_days
)
select
    registry.company_id,
    numbered.ordered_on,
    sum(case when numbered.day_of_order = 1 then 1 else 0 end) as n_orders,
    sum(numbered.n_lines) as n_lines,
    sum(numbered.net_eur) as net_eur
from numbered
inner join identity.company_records as registry on registry.record_id = numbered.record_id
group by registry.company_id, numbered.ordered_on
order by registry.company_id, numbered.ordered_on
