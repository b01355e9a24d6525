WITH totals AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional,
        count(*) AS n,
        sum(credit) AS credit
    FROM unit_in_place
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
    CASE t.unit_type WHEN 'organization' THEN of_organizations ELSE of_countries END AS coverage
FROM counted_twice AS t
INNER JOIN counted_twice AS w
    ON (t.definition_id, t.register, t.scheme, t.field_id, t.year, t.counting)
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.counting)
    AND w.unit_type = 'world'
INNER JOIN coverage_of_place AS c
    ON (t.definition_id, t.register, t.scheme, t.field_id, t.year)
    = (c.definition_id, c.register, c.scheme, c.field_id, c.year);
