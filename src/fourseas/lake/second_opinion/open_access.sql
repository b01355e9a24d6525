WITH asked AS (
    SELECT u.*, w.is_oa, 'all' AS among
    FROM unit_in_place AS u
    INNER JOIN world_works AS w USING (register, work)
    UNION ALL
    SELECT u.*, w.is_oa, 'international'
    FROM unit_in_place AS u
    INNER JOIN world_works AS w USING (register, work)
    WHERE u.class = 'international'
),

counts AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional, among,
        count(*)::DOUBLE AS n,
        (count(*) FILTER (is_oa))::DOUBLE AS p_oa,
        count(is_oa)::DOUBLE AS p_oa_known
    FROM asked
    GROUP BY ALL
)

SELECT
    *,
    'full' AS counting,
    p_oa / nullif(p_oa_known, 0) AS pp_oa,
    wilson(p_oa / nullif(p_oa_known, 0), p_oa_known, -1) AS pp_oa_low,
    wilson(p_oa / nullif(p_oa_known, 0), p_oa_known, 1) AS pp_oa_high,
    p_oa / n AS pp_oa_min,
    1 - (p_oa_known - p_oa) / n AS pp_oa_max,
    p_oa_known / n AS coverage_oa,
    CASE p_oa_known WHEN 0 THEN 'of no work here is it known whether it is free to read' END
        AS not_computable
FROM counts;
