-- survey_reliability: how well the statements about one thing hang together, as of $as_of: Cronbach's alpha (1951).
-- One row per source, survey, wave, construct and item. Over who answered all its items, and not carelessly.
with limits as (
    select
        -- For groups, as segments are: .70 is the least that Nunnally (1978) advises; .60 is common to explore with.
        cast(0.60 as double) as alpha_sufficient,
        cast(0.70 as double) as alpha_good,
        -- Items that say the same twice (Tavakol and Dennick 2011).
        cast(0.95 as double) as alpha_redundant,
        -- An item that has less in common with the others measures something else (Nunnally and Bernstein 1994).
        cast(0.30 as double) as r_fitting,
        -- With fewer, alpha differs too much from sample to sample. Yurdugül (2008) finds 30 enough where items share
        -- most of what they measure, and asks more elsewhere: the interval tells how much alpha leaves open.
        30 as n_enough,
        -- 95% of a normal distribution.
        cast(1.959964 as double) as z
),
answers as (
    select
        answers.customer_id,
        source,
        survey_id,
        wave,
        items.measures,
        items.construct,
        item_id,
        answers.scored,
        count(*) over person as n_answered,
        sum(answers.scored) over person as total
    from survey_answers as answers
    inner join survey_items as items using (source, item_id)
    inner join survey_quality as quality using (customer_id, source, survey_id, wave)
    where answers.answered_on <= $as_of and items.is_statement and not quality.is_careless
    window person as (partition by customer_id, source, survey_id, wave, items.measures, items.construct)
),
constructs as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        count(distinct item_id) as n_items
    from answers
    group by source, survey_id, wave, measures, construct
),
complete as (
    select
        customer_id,
        source,
        survey_id,
        wave,
        measures,
        construct,
        item_id,
        scored,
        total,
        n_items
    from answers
    inner join constructs using (source, survey_id, wave, measures, construct)
    where n_answered = n_items and n_items > 1
),
-- A sum of squares or products is here n (n - 1) times a variance or covariance: a whole number, so exact.
items as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        item_id,
        n_items,
        count(*) as n_complete,
        sum(scored) as sum_item,
        count(*) * sum(scored * scored) - sum(scored) * sum(scored) as ss_item,
        count(*) * sum(total * total) - sum(total) * sum(total) as ss_total,
        count(*) * sum(scored * total) - sum(scored) * sum(total) as sp_total
    from complete
    group by source, survey_id, wave, measures, construct, item_id, n_items
),
pairs as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        cast(count(*) * sum(one.scored * other.scored) - sum(one.scored) * sum(other.scored) as double) as sp_pair,
        cast(count(*) * sum(one.scored * one.scored) - sum(one.scored) * sum(one.scored) as double)
        * cast(count(*) * sum(other.scored * other.scored) - sum(other.scored) * sum(other.scored) as double)
            as ss_product
    from complete as one
    inner join complete as other using (customer_id, source, survey_id, wave, measures, construct)
    where one.item_id < other.item_id
    group by source, survey_id, wave, measures, construct, one.item_id, other.item_id
),
correlations as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        -- Rounded terms add up exactly, so that their sum is the same in any order of the rows.
        cast(cast(sp_pair as double) / nullif(sqrt(ss_product), 0) as decimal(18, 12)) as r
    from pairs
),
agreement as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        case when count(r) = count(*) then cast(sum(r) as double) / nullif(count(*), 0) end as mean_r
    from correlations
    group by source, survey_id, wave, measures, construct
),
sums as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        item_id,
        n_items,
        n_complete,
        sum_item,
        ss_item,
        ss_total,
        sp_total - ss_item as sp_rest,
        ss_total + ss_item - 2 * sp_total as ss_rest,
        sum(ss_item) over (partition by source, survey_id, wave, measures, construct) as ss_items
    from items
),
coefficients as (
    select
        source,
        survey_id,
        wave,
        measures,
        construct,
        sums.item_id,
        sums.n_items,
        sums.n_complete,
        cast(sums.n_items as double) / nullif(sums.n_items - 1, 0)
        * (1 - cast(sums.ss_items as double) / nullif(sums.ss_total, 0)) as alpha,
        cast(sums.n_items as double) * agreement.mean_r
        / nullif(1 + (sums.n_items - 1) * agreement.mean_r, 0) as alpha_standardised,
        agreement.mean_r as inter_item_r,
        cast(2 * sums.n_items as double) / nullif((sums.n_items - 1) * (sums.n_complete - 2), 0) as log_variance,
        cast(sums.sum_item as double) / nullif(sums.n_complete, 0) as item_mean,
        sqrt(cast(sums.ss_item as double) / nullif(sums.n_complete * (sums.n_complete - 1), 0)) as item_sd,
        cast(sums.sp_rest as double)
        / nullif(sqrt(cast(sums.ss_item as double) * cast(sums.ss_rest as double)), 0) as item_rest_r,
        cast(sums.n_items - 1 as double) / nullif(sums.n_items - 2, 0)
        * (1 - cast(sums.ss_items - sums.ss_item as double) / nullif(sums.ss_rest, 0)) as alpha_without_item
    from sums
    inner join agreement using (source, survey_id, wave, measures, construct)
)
select
    source,
    survey_id,
    wave,
    measures,
    construct,
    item_id,
    n_items,
    n_complete,
    alpha,
    -- Bonett (2002): ln(1 - alpha) is nearly normal, with variance 2k / ((k - 1)(n - 2)).
    case
        when alpha < 1
            then 1 - exp(ln(1 - alpha) + limits.z * sqrt(log_variance))
    end as alpha_low,
    case
        when alpha < 1
            then 1 - exp(ln(1 - alpha) - limits.z * sqrt(log_variance))
    end as alpha_high,
    alpha_standardised,
    inter_item_r,
    case
        when n_complete < limits.n_enough or alpha is null then 'unknown'
        when alpha < limits.alpha_sufficient then 'low'
        when alpha < limits.alpha_good then 'sufficient'
        when alpha <= limits.alpha_redundant then 'good'
        else 'redundant'
    end as verdict,
    item_mean,
    item_sd,
    item_rest_r,
    alpha_without_item,
    case
        when n_complete < limits.n_enough or item_rest_r is null then 'unknown'
        when item_rest_r < 0 then 'opposed'
        when item_rest_r < limits.r_fitting then 'weak'
        else 'fitting'
    end as item_verdict
from coefficients
cross join limits
order by
    source,
    survey_id,
    wave,
    measures,
    construct,
    item_id
