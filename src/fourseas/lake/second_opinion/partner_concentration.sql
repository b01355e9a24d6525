-- Links written out one by one: each joint work once for each partner, weighed or not.
WITH placed AS (
    SELECT u.definition_id, u.register, u.work, u.unit_id, p.scheme, p.field_id, p.year, p.is_provisional
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    WHERE u.unit_type = 'country'
),

link AS (
    SELECT
        a.definition_id, a.register, a.scheme, a.field_id, a.year, a.unit_id, b.unit_id AS partner_id,
        1.0 AS full_link,
        1.0 / (s.n_countries - 1) AS fractional_link
    FROM placed AS a
    INNER JOIN placed AS b USING (definition_id, register, work, scheme, field_id, year)
    INNER JOIN spread AS s USING (definition_id, register, work)
    WHERE a.unit_id <> b.unit_id
),

weighed AS (
    SELECT * EXCLUDE (full_link, fractional_link), 'full' AS counting, full_link AS w FROM link
    UNION ALL
    SELECT * EXCLUDE (full_link, fractional_link), 'fractional', fractional_link FROM link
),

partner AS (
    SELECT definition_id, register, scheme, field_id, year, unit_id, counting, partner_id, sum(w) AS w
    FROM weighed
    GROUP BY ALL
),

-- The probability that two links drawn at random have one partner, and the surprise of a link.
drawn AS (
    SELECT
        definition_id, register, scheme, field_id, year, unit_id, counting,
        sum(w)::DOUBLE AS n_links,
        count(*) AS n_partners,
        sum(w * w) / sum(w) ** 2 AS hhi,
        log2(sum(w)) - sum(w * log2(w)) / sum(w) AS bits,
        max(w) / sum(w) AS top_partner_share,
        list(partner_id ORDER BY round(w, 9) DESC, partner_id)[1] AS top_partner_id
    FROM partner
    GROUP BY ALL
),

has_pairs AS (
    SELECT DISTINCT definition_id, register, scheme, field_id, year FROM link
),

lost AS (
    SELECT u.definition_id, u.register, p.scheme, p.field_id, p.year, sum(u.credit) AS lost
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    WHERE u.unit_type = 'unknown'
    GROUP BY ALL
),

whole AS (
    SELECT definition_id, register, scheme, field_id, year, count(*) AS n_world
    FROM place_of_work
    GROUP BY ALL
)

SELECT
    u.*,
    'country' AS unit_type,
    d.n_links, d.n_partners::DOUBLE AS n_partners,
    2 ** d.bits AS hill_1,
    1 / d.hhi AS hill_2,
    d.hhi, d.top_partner_id, d.top_partner_share,
    1 - coalesce(lost, 0) / n_world AS coverage,
    CASE WHEN d.n_links IS NULL THEN 'the country has no joint work with another here' END AS not_computable
FROM (
    SELECT DISTINCT p.* EXCLUDE (work), c.counting
    FROM placed AS p
    INNER JOIN has_pairs USING (definition_id, register, scheme, field_id, year)
    CROSS JOIN (VALUES ('full'), ('fractional')) AS c (counting)
) AS u
LEFT JOIN drawn AS d USING (definition_id, register, scheme, field_id, year, unit_id, counting)
INNER JOIN whole USING (definition_id, register, scheme, field_id, year)
LEFT JOIN lost USING (definition_id, register, scheme, field_id, year);
