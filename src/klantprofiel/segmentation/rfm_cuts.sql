-- rfm_cuts: the values that divide customers into $n_groups groups of equal size, by one measure.
-- One row per cut, the lowest first; equal values are never divided.
with known as (
    select measure from measured where measure is not null
),
placed as (
    select measure, cume_dist() over (order by measure) as upto_share from known
),
cuts as (
    select unnest(generate_series(1, $n_groups - 1)) as cut
)
select
    cuts.cut,
    min(placed.measure) as measure
from cuts
inner join placed on placed.upto_share * $n_groups >= cuts.cut
group by cuts.cut
order by cuts.cut
