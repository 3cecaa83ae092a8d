-- identity.touched_records: the source records that came, changed or went since the release before.
-- One row per source record; all of them when $anew.
select coalesce(records.record_id, before.record_id) as record_id
from identity.record_lines as records
full join identity.record_prints as before on before.record_id = records.record_id
where
    $anew
    or records.record_id is null
    or before.record_id is null
    or coalesce(records.lines, '') <> coalesce(before.lines, '')
