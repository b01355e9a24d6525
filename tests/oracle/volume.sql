WITH totals AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional,
        count(*) AS n,
        sum(credit) AS credit
    FROM unit_work
    INNER JOIN place_of_work USING (definition_id, register, work)
    GROUP BY ALL
),

counted_twice AS (
    SELECT * EXCLUDE (n, credit), 'full' AS counting, n::DOUBLE AS p FROM totals
    UNION ALL
    SELECT * EXCLUDE (n, credit), 'fractional', credit FROM totals
)

SELECT
    t.*,
    w.p AS p_world,
    t.p / w.p AS pp_world,
    1 - coalesce(u.credit, 0) / f.credit AS coverage
FROM counted_twice AS t
INNER JOIN counted_twice AS w
    ON (t.definition_id, t.register, t.scheme, t.field_id, t.year, t.counting)
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.counting)
    AND w.unit_type = 'world'
INNER JOIN totals AS f
    ON (t.definition_id, t.register, t.scheme, t.field_id, t.year)
    = (f.definition_id, f.register, f.scheme, f.field_id, f.year)
    AND f.unit_type = 'world'
LEFT JOIN totals AS u
    ON (t.definition_id, t.register, t.scheme, t.field_id, t.year)
    = (u.definition_id, u.register, u.scheme, u.field_id, u.year)
    AND u.unit_type = 'unknown';
