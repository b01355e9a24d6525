WITH role_of_author AS (
    SELECT *, 'first' AS role FROM author_country WHERE is_first
    UNION ALL
    SELECT *, 'last' FROM author_country WHERE is_last
    UNION ALL
    SELECT *, 'corresponding' FROM author_country WHERE is_corresponding
),

known_lead AS (
    SELECT definition_id, register, work, role, count(DISTINCT position) AS n_holders
    FROM role_of_author
    GROUP BY ALL
    HAVING bool_and(country IS NOT NULL)
),

author_whole AS (
    SELECT definition_id, register, work, position, sum(share) AS whole
    FROM author_country
    GROUP BY ALL
),

country_lead AS (
    SELECT definition_id, register, work, role, country, sum(share / whole / n_holders) AS led
    FROM role_of_author
    INNER JOIN known_lead USING (definition_id, register, work, role)
    INNER JOIN author_whole USING (definition_id, register, work, position)
    GROUP BY ALL
),

unit_lead AS (
    SELECT definition_id, register, work, role, 'country' AS unit_type, country AS unit_id, led
    FROM country_lead
    UNION ALL
    SELECT l.definition_id, l.register, l.work, l.role, 'group', m.group_id, sum(l.led)
    FROM country_lead AS l
    INNER JOIN world_works AS w USING (register, work)
    INNER JOIN world_members AS m
        ON l.country = m.country AND w.year BETWEEN m.first_year AND m.last_year
    GROUP BY ALL
    UNION ALL
    SELECT definition_id, register, work, role, 'world', 'WORLD', 1 FROM known_lead
),

credit_of_countries AS (
    SELECT definition_id, register, work, sum(credit) AS of_countries
    FROM unit_work
    WHERE unit_type = 'country'
    GROUP BY ALL
),

sums AS (
    SELECT
        u.definition_id, u.register, u.unit_type, u.unit_id, p.scheme, p.field_id, p.year,
        p.is_provisional, r.role,
        count(*)::DOUBLE AS n,
        coalesce(sum(l.led), 0) AS p_led,
        count(k.work)::DOUBLE AS p_role_known,
        coalesce(sum(CASE u.unit_type WHEN 'world' THEN 1 ELSE u.credit / c.of_countries END)
            FILTER (k.work IS NOT NULL), 0) AS expected
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    LEFT JOIN credit_of_countries AS c USING (definition_id, register, work)
    CROSS JOIN (VALUES ('first'), ('last'), ('corresponding')) AS r (role)
    LEFT JOIN known_lead AS k
        ON (u.definition_id, u.register, u.work, r.role) = (k.definition_id, k.register, k.work, k.role)
    LEFT JOIN unit_lead AS l
        ON (u.definition_id, u.register, u.work, r.role, u.unit_type, u.unit_id)
        = (l.definition_id, l.register, l.work, l.role, l.unit_type, l.unit_id)
    WHERE u.class = 'international' AND u.unit_type <> 'unknown'
    GROUP BY ALL
)

SELECT
    *,
    'full' AS counting,
    p_led / nullif(p_role_known, 0) AS pp_led,
    wilson(p_led / nullif(p_role_known, 0), p_role_known, -1) AS pp_led_low,
    wilson(p_led / nullif(p_role_known, 0), p_role_known, 1) AS pp_led_high,
    p_led / n AS pp_led_min,
    (p_led + n - p_role_known) / n AS pp_led_max,
    p_led / CASE WHEN expected > 1e-12 THEN expected END AS leadership_index,
    p_role_known / n AS coverage_role,
    CASE
        WHEN p_role_known = 0
            THEN format('of no international work here is the country of the {} author known', role)
    END AS not_computable
FROM sums;
