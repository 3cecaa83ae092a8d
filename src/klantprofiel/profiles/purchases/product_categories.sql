-- product_categories: what kind of product each product is, as it was delivered last.
-- One row per product of which the category is known.
select product_id, category
from identity.products
where category is not null
qualify row_number() over (partition by product_id order by delivered_on desc, source, category) = 1
