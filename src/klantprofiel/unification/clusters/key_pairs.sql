-- identity.key_pairs: which records hold an equal value of an exact key that not too many records hold.
-- One row per pair of records and rule; each pair once, the lower record first.
select
    firsts.record_id as first_record_id,
    others.record_id,
    firsts.rule
from identity.match_keys as firsts
inner join identity.match_keys as others
    on
        others.rule = firsts.rule
        and others.key_value = firsts.key_value
        and others.record_id > firsts.record_id
where firsts.n_records > 1 and not firsts.is_withdrawn and others.n_records > 1 and not others.is_withdrawn
group by firsts.record_id, others.record_id, firsts.rule
