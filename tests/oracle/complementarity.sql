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

met AS (
    SELECT
        i.unit,
        j.unit AS partner,
        i.field,
        greatest(1 - i.ai, 0) AS need,
        CASE WHEN j.works * 0.01 >= 5 THEN greatest(j.ai - 1, 0) * j.in_top / 0.01 END AS strength
    FROM grid AS i
    INNER JOIN grid AS j ON i.field = j.field AND i.unit <> j.unit
),

summed AS (
    SELECT
        unit, partner, sum(need * strength) AS gain, count(strength)::DOUBLE AS known,
        count(*)::DOUBLE AS n
    FROM met
    GROUP BY ALL
)

SELECT
    a.unit AS unit_id, a.partner AS partner_id, 'all' AS field_id, 'fractional' AS counting,
    NULL AS need, NULL AS strength,
    a.gain, b.gain AS partner_gain,
    CASE WHEN a.gain + b.gain > 0 THEN least(a.gain, b.gain) / greatest(a.gain, b.gain) END AS balance,
    a.known AS n_fields_known, a.n AS n_fields,
    CASE WHEN a.known = 0 THEN 'the level of the partner is known in no field' END AS not_computable
FROM summed AS a
INNER JOIN summed AS b ON (a.unit, a.partner) = (b.partner, b.unit)
UNION ALL
SELECT
    unit, partner, field, 'fractional', need, strength, need * strength, 0, NULL, 1, 1, NULL
FROM met
WHERE need * strength > 0;
