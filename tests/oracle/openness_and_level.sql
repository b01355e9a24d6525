-- Published tables of NCSES as they are embedded: for each economy of SPBS-33 and three years, the
-- international share, and the share in the top 1% by either counting.
with output as (
    select country_code, year,
        sum(articles) filter (where counting = 'whole') as whole,
        sum(articles) filter (where counting = 'fractional') as fractional
    from read_parquet('{embedded}/output.parquet')
    where field = 'all' and country_code is not null group by all
), excellent as (
    select country_code, year,
        sum(share_in_top_1_percent) filter (where counting = 'whole') as whole_share,
        sum(share_in_top_1_percent) filter (where counting = 'fractional') as fractional_share
    from read_parquet('{embedded}/top_1_percent.parquet')
    where field = 'all' and country_code is not null group by all
), abroad as (
    select country_code, year, sum(articles) as international
    from read_parquet('{embedded}/coauthorship_attributes.parquet')
    where attribute = 'With international institutions' group by all
)
select country_code, (year - 2003) // 3 as period,
    sum(international) / sum(whole) as openness,
    sum(whole_share * whole) / sum(whole) as full_level,
    sum(fractional_share * fractional) / sum(fractional) as fractional_level
from output join excellent using (country_code, year) join abroad using (country_code, year)
where year <= 2020 group by all order by all
