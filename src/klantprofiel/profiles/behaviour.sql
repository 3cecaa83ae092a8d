-- behaviour: what each customer bought and brought back up to and including $as_of, as dates, counts and sums.
-- One row per customer with an order line. Amounts in euro, returns negative; an order has a line that is no return.
select
    customer_id,
    min(ordered_on) as first_ordered_on,
    max(ordered_on) as last_ordered_on,
    count(ordered_on) as n_orders,
    sum(n_lines) as n_lines,
    sum(n_return_lines) as n_return_lines,
    sum(net_eur) as net_eur,
    sum(bought_eur) as bought_eur,
    sum(discountable_eur) as discountable_eur,
    sum(discount_eur) as discount_eur,
    sum(recent_eur) as recent_eur,
    sum(before_eur) as before_eur
from identity.customer_orders
group by customer_id
order by customer_id
