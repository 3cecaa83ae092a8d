-- identity.provenance_values: every value that the sources gave for an attribute, and which one survived.
-- One row per customer, attribute and source record with a value. survival_rank 1 is the best record.
with claims as (
    select *
    from identity.survivorship
    inner join identity.survivors using (customer_id)
)
select customer_id, attribute, value from claims
