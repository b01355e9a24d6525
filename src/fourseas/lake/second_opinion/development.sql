-- Inequality by mean differences and by means of groups, over countries one by one.
WITH placed AS (
    SELECT
        u.definition_id, u.register, u.unit_id, p.scheme, p.field_id, p.year, p.is_provisional,
        u.credit, u.class, s.top_10, s.top_1,
        coalesce(
            (
                SELECT sum(CASE WHEN f.is_first THEN f.share END)
                FROM author_country AS f
                WHERE
                    (f.definition_id, f.register, f.work, f.country)
                    = (u.definition_id, u.register, u.work, u.unit_id)
            ), 0
        )
        / (
            SELECT nullif(sum(CASE WHEN f.is_first THEN f.share END), 0)
            FROM author_country AS f
            WHERE
                (f.definition_id, f.register, f.work) = (u.definition_id, u.register, u.work)
                AND f.country IS NOT NULL
        ) AS first
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    LEFT JOIN score_of_work AS s USING (definition_id, register, work)
    WHERE u.unit_type = 'country'
),

held AS (
    SELECT
        definition_id, register, scheme, field_id, year, is_provisional, unit_id,
        unnest(['output', 'top_10', 'top_1', 'leads']) AS measure,
        unnest([
            sum(credit),
            coalesce(sum(credit * top_10) FILTER (credit > 0), -1),
            coalesce(sum(credit * top_1) FILTER (credit > 0), -1),
            coalesce(sum(coalesce(first, 0)) FILTER (class = 'international'), -1)
        ]) AS x
    FROM placed
    GROUP BY ALL
),

every AS (
    SELECT
        h.*, c.unit_id,
        coalesce((
            SELECT m.group_id FROM world_members AS m WHERE m.country = c.unit_id AND m.group_id LIKE 'WB_%'
        ), 'none') AS income
    FROM (
        SELECT DISTINCT definition_id, register, scheme, field_id, year, is_provisional, measure
        FROM held
        WHERE x >= 0
    ) AS h
    INNER JOIN (SELECT DISTINCT definition_id, register, unit_id FROM placed) AS c
        USING (definition_id, register)
),

spread AS (
    SELECT e.*, greatest(coalesce(h.x, 0), 0)::DOUBLE AS x
    FROM every AS e
    LEFT JOIN held AS h USING (definition_id, register, scheme, field_id, year, measure, unit_id)
),

part AS (
    SELECT
        definition_id, register, scheme, field_id, year, is_provisional, measure,
        count(*) AS n, avg(x) AS mean, sum(x) AS total, count(*) FILTER (x = 0) AS n_without,
        sum(x) FILTER (income = 'WB_LOW_2021') AS low
    FROM spread
    GROUP BY ALL
),

income_group AS (
    SELECT definition_id, register, scheme, field_id, year, measure, income, count(*) AS n_g, avg(x) AS mean_g
    FROM spread
    GROUP BY ALL
),

apart AS (
    SELECT a.definition_id, a.register, a.scheme, a.field_id, a.year, a.measure, sum(abs(a.x - b.x)) AS differences
    FROM spread AS a
    INNER JOIN spread AS b USING (definition_id, register, scheme, field_id, year, measure)
    GROUP BY ALL
),

total_theil AS (
    SELECT
        s.definition_id, s.register, s.scheme, s.field_id, s.year, s.measure,
        sum(CASE WHEN x > 0 THEN x / mean * ln(x / mean) ELSE 0 END) / any_value(n) AS theil
    FROM spread AS s
    INNER JOIN part USING (definition_id, register, scheme, field_id, year, measure)
    WHERE total > 0
    GROUP BY ALL
),

group_theil AS (
    SELECT
        s.definition_id, s.register, s.scheme, s.field_id, s.year, s.measure, s.income,
        sum(CASE WHEN x > 0 THEN x / mean_g * ln(x / mean_g) ELSE 0 END) / any_value(n_g) AS theil_g
    FROM spread AS s
    INNER JOIN income_group USING (definition_id, register, scheme, field_id, year, measure, income)
    GROUP BY ALL
),

decomposed AS (
    SELECT
        g.definition_id, g.register, g.scheme, g.field_id, g.year, g.measure,
        sum(CASE WHEN mean_g > 0 THEN n_g * mean_g / total * ln(mean_g / mean) ELSE 0 END) AS theil_between,
        sum(CASE WHEN mean_g > 0 THEN n_g * mean_g / total * theil_g ELSE 0 END) AS theil_within
    FROM income_group AS g
    INNER JOIN part USING (definition_id, register, scheme, field_id, year, measure)
    INNER JOIN group_theil USING (definition_id, register, scheme, field_id, year, measure, income)
    WHERE total > 0
    GROUP BY ALL
)

SELECT
    p.definition_id, p.register, p.scheme, p.field_id, p.year, p.is_provisional, p.measure,
    'fractional' AS counting,
    n AS n_countries, n_without, total,
    CASE WHEN total > 0 THEN differences / (2.0 * n * n * mean) END AS gini,
    theil, theil_between, theil_within,
    CASE WHEN total > 0 THEN coalesce(low, 0) / total END AS low_income_share,
    CASE WHEN total = 0 THEN 'no country has anything of it here' END AS not_computable
FROM part AS p
INNER JOIN apart USING (definition_id, register, scheme, field_id, year, measure)
LEFT JOIN total_theil USING (definition_id, register, scheme, field_id, year, measure)
LEFT JOIN decomposed USING (definition_id, register, scheme, field_id, year, measure);
