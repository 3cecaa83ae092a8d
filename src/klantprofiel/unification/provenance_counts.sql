-- provenance_counts: from how many values a value in a golden record was chosen, where there was a choice.
-- One row per customer and attribute of which more than one record gave a value.
select
    customer_id,
    attribute,
    count(*) as n_values,
    count(distinct value) as n_distinct
from identity.provenance_values
where n_claims > 1
group by customer_id, attribute
having count(*) > 1
