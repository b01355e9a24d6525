-- Documents one by one: each counts in its own year, and in the periods that it falls into.
WITH document AS (
    SELECT c.register, c.work, c.year, p.scheme, p.field_id, s.n_countries, s.is_open
    FROM counted AS c
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    INNER JOIN spread AS s USING (definition_id, register, work)
    WHERE c.definition_id = 'standards' AND c.register IN ('rfc', '3gpp')
),

-- There is one first author: whoever holds the lead holds it by the parts of the addresses.
held AS (
    SELECT 'country' AS unit_type, register, work, country AS unit_id, share
    FROM author_country
    WHERE definition_id = 'standards' AND is_first AND country IS NOT NULL
    UNION ALL
    SELECT 'organization', register, work, organization, sum(share)
    FROM address
    WHERE definition_id = 'standards' AND position = 1 AND organization IS NOT NULL
    GROUP BY ALL
),

lead AS (
    SELECT *, share / sum(share) OVER (PARTITION BY unit_type, register, work) AS led FROM held
),

resolving AS (
    SELECT DISTINCT r.register
    FROM world_references AS r
    INNER JOIN world_works AS w ON r.register = w.register AND r.cited = w.work
    WHERE r.citing <> r.cited
),

is_adopted AS (
    SELECT
        c.register, c.work,
        c.register IN (FROM resolving) AS is_scored,
        EXISTS (
            SELECT 1
            FROM world_references AS r
            INNER JOIN world_works AS w ON r.register = w.register AND r.citing = w.work
            WHERE
                r.register = c.register
                AND r.cited = c.work
                AND r.citing <> r.cited
                AND NOT w.is_xpac
                AND w.year BETWEEN 1500 AND last_complete_year(w.register) + 2
                AND w.year <= c.year + 4
        ) AND c.register IN (FROM resolving) AS is_cited
    FROM counted AS c
    WHERE c.definition_id = 'standards'
),

part AS (
    SELECT
        d.*, u.unit_type, u.unit_id, u.credit, a.is_scored, a.is_cited,
        CASE u.unit_type
            WHEN 'group' THEN coalesce((
                SELECT sum(l.led) FROM lead AS l
                INNER JOIN world_members AS m
                    ON l.unit_id = m.country AND d.year BETWEEN m.first_year AND m.last_year
                WHERE
                    l.unit_type = 'country'
                    AND (l.register, l.work, m.group_id) = (d.register, d.work, u.unit_id)
            ), 0)
            WHEN 'world' THEN (
                SELECT count(DISTINCT l.work) FROM lead AS l
                WHERE l.unit_type = 'country' AND (l.register, l.work) = (d.register, d.work)
            )
            ELSE coalesce((
                SELECT sum(l.led) FROM lead AS l
                WHERE
                    (l.unit_type, l.register, l.work, l.unit_id)
                    = (u.unit_type, d.register, d.work, u.unit_id)
            ), 0)
        END AS led
    FROM document AS d
    INNER JOIN unit_in_place AS u
        ON u.definition_id = 'standards'
        AND (u.register, u.work, u.scheme, u.field_id) = (d.register, d.work, d.scheme, d.field_id)
    INNER JOIN is_adopted AS a ON (a.register, a.work) = (d.register, d.work)
),

period AS (
    SELECT DISTINCT d.register, d.scheme, d.field_id, d.year, y.years
    FROM document AS d
    CROSS JOIN (VALUES (1), (5)) AS y (years)
),

body AS (
    SELECT
        p.*,
        count(*) AS n_documents,
        count(*) FILTER (d.n_countries >= 2) AS n_joint,
        count(*) FILTER (d.n_countries = 1 AND NOT d.is_open) AS n_single
    FROM period AS p
    INNER JOIN document AS d USING (register, scheme, field_id)
    WHERE d.year BETWEEN p.year - p.years + 1 AND p.year
    GROUP BY ALL
),

summed AS (
    SELECT
        p.*, x.unit_type, x.unit_id,
        count(*)::DOUBLE AS p,
        sum(x.credit) AS credit,
        sum(x.led) AS led,
        coalesce(sum(x.credit) FILTER (x.is_scored), 0) AS scored,
        coalesce(sum(x.credit) FILTER (x.is_cited), 0) AS cited
    FROM period AS p
    INNER JOIN part AS x USING (register, scheme, field_id)
    WHERE x.year BETWEEN p.year - p.years + 1 AND p.year
    GROUP BY ALL
),

-- A specification that names a site counts there, any other at its company's seat.
sited AS (
    SELECT
        p.*,
        CASE x.field_id WHEN 'not-printed' THEN x.unit_id ELSE x.field_id END AS unit_id,
        sum(x.credit) AS by_site
    FROM period AS p
    INNER JOIN part AS x USING (register)
    WHERE
        p.scheme = 'all' AND x.scheme = '3gpp_site' AND x.unit_type = 'country'
        AND x.year BETWEEN p.year - p.years + 1 AND p.year
    GROUP BY ALL
),

unit AS (
    FROM summed
    UNION ALL
    SELECT register, scheme, field_id, year, years, 'country', unit_id, 0, 0, 0, 0, 0
    FROM sited
    ANTI JOIN (FROM summed WHERE unit_type = 'country') AS s
        USING (register, scheme, field_id, year, years, unit_id)
),

known AS (
    SELECT register, scheme, field_id, year, years, unit_type AS known_by, sum(credit) AS of_known, sum(led) AS leads
    FROM summed
    WHERE unit_type IN ('country', 'organization')
    GROUP BY ALL
),

compared AS (
    SELECT
        s.*, b.* EXCLUDE (register, scheme, field_id, year, years),
        coalesce(k.of_known, 0) AS of_known, coalesce(k.leads, 0) AS n_placed_leads,
        b.n_documents - coalesce(k.of_known, 0) AS lost,
        coalesce(t.by_site, 0) AS by_site
    FROM unit AS s
    INNER JOIN body AS b USING (register, scheme, field_id, year, years)
    LEFT JOIN sited AS t
        ON s.unit_type = 'country'
        AND (t.register, t.scheme, t.field_id, t.year, t.years, t.unit_id)
        = (s.register, s.scheme, s.field_id, s.year, s.years, s.unit_id)
    LEFT JOIN known AS k
        ON (k.register, k.scheme, k.field_id, k.year, k.years)
        = (s.register, s.scheme, s.field_id, s.year, s.years)
        AND k.known_by = CASE s.unit_type WHEN 'organization' THEN 'organization' ELSE 'country' END
    WHERE s.unit_type <> 'unknown'
)

SELECT
    'standards' AS definition_id,
    'fractional' AS counting,
    register, scheme, field_id, year, years, unit_type, unit_id, p, credit,
    CASE WHEN unit_type = 'world' THEN 1 WHEN of_known > 1e-12 THEN credit / of_known END
        AS participation,
    credit / n_documents AS participation_min,
    CASE unit_type WHEN 'world' THEN 1 ELSE (credit + lost) / n_documents END AS participation_max,
    CASE
        WHEN unit_type = 'world' THEN 1
        WHEN register = 'rfc' AND of_known > 1e-12 THEN credit / of_known
        WHEN unit_type = 'country' AND scheme = 'all' AND of_known > 1e-12 THEN by_site / of_known
    END AS participation_by_site,
    CASE WHEN n_placed_leads > 1e-12 THEN led / n_placed_leads END AS leadership,
    led / n_documents AS leadership_min,
    CASE unit_type WHEN 'world' THEN 1 ELSE (led + n_documents - n_placed_leads) / n_documents END
        AS leadership_max,
    CASE WHEN year + 4 <= last_complete_year(register) AND scored > 1e-12 THEN cited / scored END AS adoption,
    CASE WHEN register = 'rfc' THEN n_joint / nullif(n_joint + n_single, 0) END AS openness,
    CASE WHEN register = 'rfc' THEN n_joint / n_documents END AS openness_min,
    CASE WHEN register = 'rfc' THEN (n_documents - n_single) / n_documents END AS openness_max,
    1 - lost / n_documents AS coverage,
    n_placed_leads / n_documents AS coverage_lead,
    year > last_complete_year(register) AS is_provisional
FROM compared;
