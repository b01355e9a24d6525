WITH apart AS (
    SELECT
        a.definition_id, a.register, a.work,
        max(
            12742.02 * asin(sqrt(
                sin(radians(b.latitude - a.latitude) / 2) ** 2
                + cos(radians(a.latitude)) * cos(radians(b.latitude))
                * sin(radians(b.longitude - a.longitude) / 2) ** 2
            ))
        ) AS km
    FROM address AS a
    INNER JOIN address AS b USING (definition_id, register, work)
    WHERE a.latitude IS NOT NULL AND b.latitude IS NOT NULL
    GROUP BY ALL
),

-- A work is whole where every author has addresses and every address has coordinates.
whole AS (
    SELECT c.definition_id, c.register, c.work
    FROM counted AS c
    INNER JOIN address AS a USING (definition_id, register, work)
    WHERE NOT c.is_truncated
    GROUP BY c.definition_id, c.register, c.work, c.n_authors
    HAVING count(DISTINCT a.position) = c.n_authors AND bool_and(a.latitude IS NOT NULL)
),

weighed AS (
    SELECT *, 'full' AS counting, 1.0::DOUBLE AS a FROM unit_in_place
    UNION ALL
    SELECT *, 'fractional', credit FROM unit_in_place
),

sums AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional, counting,
        count(*)::DOUBLE AS n,
        sum(a) AS p,
        coalesce(sum(a) FILTER (is_whole), 0) AS p_distance,
        coalesce(sum(a * km) FILTER (is_whole), 0) AS all_km,
        coalesce(sum(a) FILTER (is_whole AND km >= 5000), 0) AS p_long,
        coalesce(sum(a) FILTER (km >= 5000), 0) AS p_certain,
        coalesce(sum(a) FILTER (is_whole AND km < 5000), 0) AS p_near
    FROM weighed
    LEFT JOIN apart USING (definition_id, register, work)
    LEFT JOIN (SELECT *, true AS is_whole FROM whole) USING (definition_id, register, work)
    GROUP BY ALL
),

based AS (
    SELECT *, CASE WHEN p_distance > 1e-12 THEN p_distance END AS known, nullif(p, 0) AS total
    FROM sums
)

SELECT
    * EXCLUDE (all_km, p_certain, p_near, known, total),
    all_km / known AS mgcd,
    p_long / known AS pp_long,
    CASE counting WHEN 'full' THEN wilson(p_long / known, known, -1) END AS pp_long_low,
    CASE counting WHEN 'full' THEN wilson(p_long / known, known, 1) END AS pp_long_high,
    p_certain / total AS pp_long_min,
    1 - p_near / total AS pp_long_max,
    p_distance / total AS coverage_distance,
    CASE WHEN known IS NULL THEN 'of no work here are all organizations known with their coordinates' END
        AS not_computable
FROM based;
