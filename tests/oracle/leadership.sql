-- Who holds each lead, by country and by organization: the two are known or not apart.
WITH author_unit AS (
    SELECT
        definition_id, register, work, position, country AS unit_id, share, is_first, is_last,
        is_corresponding, 'country' AS unit_type
    FROM author_country
    UNION ALL
    SELECT
        a.definition_id, a.register, a.work, a.position, o.organization, o.share, a.is_first,
        a.is_last, a.is_corresponding, 'organization'
    FROM (SELECT DISTINCT ON (definition_id, register, work, position) * FROM author_country) AS a
    LEFT JOIN (
        SELECT definition_id, register, work, position, organization, sum(share) AS share
        FROM address
        WHERE organization IS NOT NULL
        GROUP BY ALL
    ) AS o USING (definition_id, register, work, position)
),

role_of_author AS (
    SELECT *, 'first' AS role FROM author_unit WHERE is_first
    UNION ALL
    SELECT *, 'last' FROM author_unit WHERE is_last
    UNION ALL
    SELECT *, 'corresponding' FROM author_unit WHERE is_corresponding
),

known_lead AS (
    SELECT definition_id, register, work, role, unit_type, count(DISTINCT position) AS n_holders
    FROM role_of_author
    GROUP BY ALL
    HAVING bool_and(unit_id IS NOT NULL)
),

author_whole AS (
    SELECT definition_id, register, work, position, unit_type, sum(share) AS whole
    FROM author_unit
    GROUP BY ALL
),

held_lead AS (
    SELECT definition_id, register, work, role, unit_type, unit_id, sum(share / whole / n_holders) AS led
    FROM role_of_author
    INNER JOIN known_lead USING (definition_id, register, work, role, unit_type)
    INNER JOIN author_whole USING (definition_id, register, work, position, unit_type)
    GROUP BY ALL
),

unit_lead AS (
    SELECT definition_id, register, work, role, unit_type, unit_id, led FROM held_lead
    UNION ALL
    SELECT l.definition_id, l.register, l.work, l.role, 'group', m.group_id, sum(l.led)
    FROM held_lead AS l
    INNER JOIN world_works AS w USING (register, work)
    INNER JOIN world_members AS m
        ON l.unit_id = m.country AND w.year BETWEEN m.first_year AND m.last_year
    WHERE l.unit_type = 'country'
    GROUP BY ALL
    UNION ALL
    SELECT definition_id, register, work, role, 'world', 'WORLD', 1
    FROM known_lead
    WHERE unit_type = 'country'
),

credit_of_all AS (
    SELECT definition_id, register, work, unit_type AS known_by, sum(credit) AS of_all
    FROM unit_work
    WHERE unit_type IN ('country', 'organization')
    GROUP BY ALL
),

asked AS (
    SELECT
        *, CASE unit_type WHEN 'organization' THEN 'organization' ELSE 'country' END AS known_by
    FROM unit_in_place
    CROSS JOIN (VALUES ('first'), ('last'), ('corresponding')) AS r (role)
    WHERE class = 'international' AND unit_type <> 'unknown'
),

sums AS (
    SELECT
        u.definition_id, u.register, u.unit_type, u.unit_id, u.scheme, u.field_id, u.year,
        u.is_provisional, u.role,
        count(*)::DOUBLE AS n,
        coalesce(sum(l.led), 0) AS p_led,
        count(k.work)::DOUBLE AS p_role_known,
        coalesce(sum(CASE u.unit_type WHEN 'world' THEN 1 ELSE u.credit / c.of_all END)
            FILTER (k.work IS NOT NULL), 0) AS expected
    FROM asked AS u
    LEFT JOIN credit_of_all AS c USING (definition_id, register, work, known_by)
    LEFT JOIN known_lead AS k
        ON (u.definition_id, u.register, u.work, u.role, u.known_by)
        = (k.definition_id, k.register, k.work, k.role, k.unit_type)
    LEFT JOIN unit_lead AS l
        ON (u.definition_id, u.register, u.work, u.role, u.unit_type, u.unit_id)
        = (l.definition_id, l.register, l.work, l.role, l.unit_type, l.unit_id)
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
            THEN format(
                'of no international work here is the {} of the {} author known',
                CASE unit_type WHEN 'organization' THEN 'organization' ELSE 'country' END, role
            )
    END AS not_computable
FROM sums;
