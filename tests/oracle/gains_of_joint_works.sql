-- Health sciences, 2015-2020 in two periods: mean by which the joint works of the third of economies
-- with the highest own level stand above that level, in points of the top 1%. What full and
-- fractional counting differ by is of joint works alone.
with cells as (
    select country_code, (year - 2003) // 3 as period,
        sum(o.articles) filter (where o.counting = 'whole') as works,
        sum(o.articles) filter (where o.counting = 'fractional') as credit,
        sum(o.articles) filter (where o.counting = 'whole' and t.share_in_top_1_percent is not null)
            as works_scored,
        sum(o.articles) filter (
            where o.counting = 'fractional' and t.share_in_top_1_percent is not null
        ) as credit_scored,
        sum(o.articles * t.share_in_top_1_percent) filter (where o.counting = 'whole') as top_works,
        sum(o.articles * t.share_in_top_1_percent) filter (where o.counting = 'fractional')
            as top_credit
    from read_parquet('{embedded}/output.parquet') as o
    left join (
        select * replace (
            case when not isnan(share_in_top_1_percent) then share_in_top_1_percent end
                as share_in_top_1_percent
        ) from read_parquet('{embedded}/top_1_percent.parquet')
    ) as t using (country_code, field, counting, year)
    where field = 'health sciences' and country_code is not null and year between 2015 and 2020
    group by all
), levels as (
    select period, top_credit / credit_scored as own,
        (top_works - top_credit) / (works_scored - credit_scored) as joint
    from cells where credit >= 300
), ranked as (
    select own, joint,
        rank() over (partition by period order by own) as place,
        count(*) over (partition by period) as n
    from levels where own > 0 and joint > 0
)
select avg(joint - own), count(*) from ranked where place > 2 * n / 3
