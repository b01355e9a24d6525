-- Joint works one by one, and the part of each lead that either side or anybody else has.
WITH income AS (
    SELECT
        country,
        group_id,
        list_position(['WB_LOW_2021', 'WB_LOWER_MIDDLE_2021', 'WB_UPPER_MIDDLE_2021', 'WB_HIGH_2021'], group_id)
            AS rung
    FROM world_members
    WHERE group_id LIKE 'WB_%'
),

-- Who leads in each role; several who share a lead have equal parts of it.
leader AS (
    SELECT definition_id, register, work, 'first' AS role, position, country, share
    FROM author_country
    WHERE is_first
    UNION ALL
    SELECT definition_id, register, work, 'last', position, country, share FROM author_country WHERE is_last
    UNION ALL
    SELECT definition_id, register, work, 'corresponding', position, country, share
    FROM author_country
    WHERE is_corresponding
),

-- Led by a country with the part of it; a lead is known where each leader has a country.
led AS (
    SELECT
        definition_id, register, work, role, country,
        sum(share / within) / any_value(n_leaders) AS part
    FROM (
        SELECT
            *,
            sum(share) OVER (PARTITION BY definition_id, register, work, role, position) AS within
        FROM leader
        WHERE country IS NOT NULL
    )
    INNER JOIN (
        SELECT definition_id, register, work, role, count(DISTINCT position) AS n_leaders
        FROM leader
        GROUP BY ALL
        HAVING bool_and(country IS NOT NULL)
    ) USING (definition_id, register, work, role)
    GROUP BY definition_id, register, work, role, country
),

joint AS (
    SELECT
        p.definition_id, p.register, p.work, p.scheme, p.field_id, p.year, p.is_provisional,
        a.unit_id, b.unit_id AS partner_id, a.credit, b.credit AS partner_credit,
        i.group_id AS income_group, r.role,
        exists(
            SELECT 1 FROM led AS l
            WHERE (l.definition_id, l.register, l.work, l.role) = (p.definition_id, p.register, p.work, r.role)
        ) AS is_known,
        coalesce((
            SELECT part FROM led AS l
            WHERE
                (l.definition_id, l.register, l.work, l.role, l.country)
                = (p.definition_id, p.register, p.work, r.role, a.unit_id)
        ), 0) AS own,
        coalesce((
            SELECT part FROM led AS l
            WHERE
                (l.definition_id, l.register, l.work, l.role, l.country)
                = (p.definition_id, p.register, p.work, r.role, b.unit_id)
        ), 0) AS theirs,
        coalesce((
            SELECT sum(part) FROM led AS l
            WHERE
                (l.definition_id, l.register, l.work, l.role) = (p.definition_id, p.register, p.work, r.role)
                AND l.country NOT IN (a.unit_id, b.unit_id)
        ), 0) AS third
    FROM place_of_work AS p
    INNER JOIN unit_work AS a USING (definition_id, register, work)
    INNER JOIN unit_work AS b USING (definition_id, register, work)
    INNER JOIN income AS i ON a.unit_id = i.country
    INNER JOIN income AS k ON b.unit_id = k.country
    CROSS JOIN (VALUES ('first'), ('last'), ('corresponding')) AS r (role)
    WHERE a.unit_type = 'country' AND b.unit_type = 'country' AND i.rung <= 2 AND k.rung > i.rung
),

sums AS (
    SELECT
        definition_id, register, scheme, field_id, year, is_provisional, unit_id, partner_id, income_group, role,
        count(*)::DOUBLE AS p,
        count(*) FILTER (is_known)::DOUBLE AS known,
        sum(own) AS own, sum(theirs) AS theirs, sum(third) AS third,
        avg(credit) AS pp_credit_unit, avg(partner_credit) AS pp_credit_partner
    FROM joint
    GROUP BY ALL
)

SELECT
    * EXCLUDE (known, own, theirs, third),
    'country' AS unit_type,
    'full' AS counting,
    known AS p_role_known,
    own / nullif(known, 0) AS pp_led_unit,
    wilson(own / nullif(known, 0), known, -1) AS pp_led_unit_low,
    wilson(own / nullif(known, 0), known, 1) AS pp_led_unit_high,
    own / p AS pp_led_unit_min,
    (own + p - known) / p AS pp_led_unit_max,
    theirs / nullif(known, 0) AS pp_led_partner,
    wilson(theirs / nullif(known, 0), known, -1) AS pp_led_partner_low,
    wilson(theirs / nullif(known, 0), known, 1) AS pp_led_partner_high,
    third / nullif(known, 0) AS pp_led_third,
    wilson(third / nullif(known, 0), known, -1) AS pp_led_third_low,
    wilson(third / nullif(known, 0), known, 1) AS pp_led_third_high,
    known / p AS coverage_role,
    CASE WHEN known = 0 THEN 'of no joint work here is the country of the ' || role || ' author known' END
        AS not_computable
FROM sums;
