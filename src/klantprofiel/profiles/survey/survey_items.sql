-- survey_items: what each item of the surveys measures, and on which scale, as delivered last.
-- One row per source and item. score_of is what its answers count towards; null when no profile holds a score of it.
with latest as (
    select
        source,
        item_id,
        construct,
        measures,
        measures in ('motive', 'value', 'attitude') as is_statement,
        coalesce(item_text, item_id) as item_text,
        lowest,
        highest,
        coalesce(is_reversed, false) as is_reversed,
        coalesce(is_special, false) as is_special,
        brand
    from identity.survey_items
    where lowest < highest
    qualify row_number() over (
        partition by source, item_id
        order by delivered_on desc, batch_id desc, line_number desc
    ) = 1
)
select
    source,
    item_id,
    construct,
    measures,
    -- Statements about one thing form a scale; a need, an expectation or a medium is asked about by itself.
    case
        when is_statement then construct
        when measures in ('need', 'expectation', 'media') then item_id
    end as score_of,
    is_statement,
    item_text,
    lowest,
    highest,
    is_reversed,
    is_special,
    brand
from latest
order by source, item_id
