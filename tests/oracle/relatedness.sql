WITH share AS (
    SELECT *, works / sum(works) OVER (PARTITION BY unit) AS part, sum(works) OVER (PARTITION BY unit) AS size
    FROM world_figures
),

grid AS (
    SELECT c.unit, w.field, coalesce(s.part, 0) / w.part AS ai, s.works, s.in_top
    FROM (SELECT DISTINCT unit FROM share WHERE unit_type = 'country' AND size >= 30) AS c
    CROSS JOIN (SELECT field, part FROM share WHERE unit_type = 'world') AS w
    LEFT JOIN share AS s ON (s.unit, s.field) = (c.unit, w.field)
)
,

strong AS (SELECT unit, field FROM grid WHERE ai >= 1 - 1e-9),

both_strong AS (
    SELECT a.field, b.field AS other, count(*)::DOUBLE AS n_both
    FROM strong AS a
    INNER JOIN strong AS b ON a.unit = b.unit AND a.field <> b.field
    GROUP BY ALL
),

meeting AS (
    SELECT
        *,
        sum(n_both) OVER (PARTITION BY field) AS s_f,
        sum(n_both) OVER (PARTITION BY other) AS s_g,
        sum(n_both) OVER () AS t
    FROM both_strong
)

SELECT
    'WORLD' AS unit_id,
    m.field AS field_id,
    m.other AS other_field_id,
    'fractional' AS counting,
    m.n_both,
    f.n AS n_field,
    g.n AS n_other,
    m.n_both / m.s_f * m.t / m.s_g AS association,
    m.n_both / (
        (m.s_f / m.t * m.s_g / nullif(m.t - m.s_f, 0) + m.s_g / m.t * m.s_f / nullif(m.t - m.s_g, 0))
        * m.t / 2
    ) AS probability,
    m.n_both / sqrt(m.s_f * m.s_g) AS cosine,
    m.n_both / (m.s_f + m.s_g - m.n_both) AS jaccard,
    least(m.n_both / f.n, m.n_both / g.n) AS proximity
FROM meeting AS m
INNER JOIN (SELECT field, count(*)::DOUBLE AS n FROM strong GROUP BY field) AS f ON f.field = m.field
INNER JOIN (SELECT field, count(*)::DOUBLE AS n FROM strong GROUP BY field) AS g ON g.field = m.other;
