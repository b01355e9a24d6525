WITH of_fields AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional,
        count(*)::DOUBLE AS n,
        sum(credit) AS credit
    FROM unit_in_place
    WHERE scheme <> 'all'
    GROUP BY ALL
),

counted_twice AS (
    SELECT * EXCLUDE (n, credit), 'full' AS counting, n AS p FROM of_fields
    UNION ALL
    SELECT * EXCLUDE (n, credit), 'fractional', credit FROM of_fields
),

wholes AS (
    SELECT
        *,
        sum(p) OVER (
            PARTITION BY definition_id, register, unit_type, unit_id, scheme, year, counting
        ) AS p_unit
    FROM counted_twice
)

SELECT
    u.*,
    u.p / u.p_unit AS pp_field,
    w.p / w.p_unit AS pp_field_world,
    (u.p * w.p_unit) / (u.p_unit * w.p) AS activity_index,
    CASE u.counting WHEN 'full' THEN wilson(u.p / u.p_unit, u.p_unit, -1) * w.p_unit / w.p END
        AS activity_index_low,
    CASE u.counting WHEN 'full' THEN wilson(u.p / u.p_unit, u.p_unit, 1) * w.p_unit / w.p END
        AS activity_index_high,
    (u.p * w.p_unit - u.p_unit * w.p) / (u.p * w.p_unit + u.p_unit * w.p)
        AS activity_index_symmetric,
    NULL AS not_computable
FROM wholes AS u
INNER JOIN wholes AS w
    ON (u.definition_id, u.register, u.scheme, u.field_id, u.year, u.counting)
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.counting)
    AND w.unit_type = 'world'
WHERE u.unit_type <> 'unknown' AND u.p > 0;
