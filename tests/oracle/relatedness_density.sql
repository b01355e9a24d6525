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
,

near AS (
    SELECT
        g.unit,
        g.field,
        sum(m.n_both * m.t / (m.s_f * m.s_g)) AS whole,
        coalesce(sum(m.n_both * m.t / (m.s_f * m.s_g)) FILTER (s.unit IS NOT NULL), 0) AS reached
    FROM grid AS g
    INNER JOIN meeting AS m ON m.field = g.field
    LEFT JOIN strong AS s ON (s.unit, s.field) = (g.unit, m.other)
    GROUP BY ALL
)

SELECT
    g.unit AS unit_id,
    g.field AS field_id,
    'fractional' AS counting,
    g.ai AS activity_index,
    g.ai >= 1 - 1e-9 AS is_specialized,
    n.reached / n.whole AS relatedness_density,
    CASE WHEN n.whole IS NULL THEN 'no country is specialized in this field and another at once' END
        AS not_computable
FROM grid AS g
LEFT JOIN near AS n USING (unit, field);
