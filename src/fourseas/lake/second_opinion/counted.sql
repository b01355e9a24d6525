-- What every oracle reads: which works each definition counts, for which units, in which fields.
-- Written from the words of the definitions, work by work. There are no cells here.

-- Of a snapshot, the year before it is the last complete one, and works are dated up to one year ahead.
-- A macro is text: a name used in it must be no alias of a statement that calls it.
CREATE OR REPLACE MACRO last_complete_year(asked) AS (
    SELECT any_value(macro_register.last_complete_year)
    FROM world_registers AS macro_register
    WHERE macro_register.register = asked
);

CREATE OR REPLACE VIEW oracle_definitions AS
SELECT * FROM (
    VALUES
        ('openalex', false, 'decided', NULL, 'openalex_subfield'),
        ('ncses-like', false, 'all', 3, 'openalex_subfield'),
        ('cwts-like', true, 'all', 5, 'openalex_subfield'),
        ('standards', false, 'decided', 5, NULL)
) AS d (definition_id, is_hong_kong_in_china, denominator, citation_window, impact_scheme);

CREATE OR REPLACE VIEW has_country AS
SELECT register, work, bool_or(country IS NOT NULL) AS is_placed
FROM world_authors
GROUP BY register, work;

CREATE OR REPLACE VIEW counted AS
SELECT d.*, w.*, w.year > last_complete_year(w.register) AS is_provisional
FROM world_works AS w
LEFT JOIN has_country AS h USING (register, work)
CROSS JOIN oracle_definitions AS d
WHERE
    w.year BETWEEN 1500 AND last_complete_year(w.register) + 2
    AND NOT w.is_xpac
    AND CASE d.definition_id
        WHEN 'openalex'
            THEN w.kind IN (
                'article', 'book', 'book-chapter', 'conference-paper', 'dataset', 'dissertation',
                'editorial', 'erratum', 'letter', 'other', 'preprint', 'report', 'review', 'software'
            )
        WHEN 'standards' THEN w.kind = 'standard'
        WHEN 'ncses-like'
            THEN w.kind IN ('article', 'review', 'conference-paper') AND coalesce(h.is_placed, false)
        WHEN 'cwts-like'
            THEN
                w.kind IN ('article', 'review')
                AND w.language = 'en'
                AND NOT w.is_retracted
                AND w.n_references > 0
                AND coalesce(h.is_placed, false)
    END;

-- One row per definition, work, author and country under the definition's territories.
CREATE OR REPLACE VIEW author_country AS
SELECT
    c.definition_id,
    a.register,
    a.work,
    a.position,
    CASE
        WHEN c.is_hong_kong_in_china AND a.country IN ('HK', 'MO') THEN 'CN'
        ELSE a.country
    END AS country,
    sum(a.share) AS share,
    any_value(a.is_first) AS is_first,
    any_value(a.is_last) AS is_last,
    any_value(a.is_corresponding) AS is_corresponding,
    any_value(a.person) AS person
FROM counted AS c
INNER JOIN world_authors AS a USING (register, work)
GROUP BY ALL;

-- One row per definition and work: how many countries, and whether one may be missing.
CREATE OR REPLACE VIEW spread AS
SELECT
    c.definition_id,
    c.register,
    c.work,
    count(DISTINCT a.country) AS n_countries,
    c.is_truncated OR c.n_authors = 0 OR bool_or(a.country IS NULL) AS is_open
FROM counted AS c
LEFT JOIN author_country AS a USING (definition_id, register, work)
GROUP BY c.definition_id, c.register, c.work, c.is_truncated, c.n_authors;

-- One row per definition, work and address, with its organization as cells name it.
CREATE OR REPLACE VIEW address AS
SELECT
    c.definition_id, a.register, a.work, a.position, a.country, a.share, o.latitude, o.longitude,
    coalesce(o.unit, format('{}:{}', a.register, a.organization)) AS organization
FROM counted AS c
INNER JOIN world_addresses AS a USING (register, work)
LEFT JOIN world_organizations AS o USING (register, organization);

-- One row per definition, work and unit that it counts for, with the unit's part of it.
CREATE OR REPLACE VIEW unit_work AS
WITH country_work AS (
    SELECT c.definition_id, c.register, c.work, c.year, a.country, sum(a.share) / c.n_authors AS credit
    FROM counted AS c
    INNER JOIN author_country AS a USING (definition_id, register, work)
    WHERE a.country IS NOT NULL
    GROUP BY c.definition_id, c.register, c.work, c.year, a.country, c.n_authors
),

class_of_work AS (
    SELECT
        *,
        CASE
            WHEN n_countries >= 2 THEN 'international'
            WHEN is_open OR n_countries = 0 THEN 'unknown'
            ELSE 'domestic'
        END AS class
    FROM spread
),

group_work AS (
    SELECT
        cw.definition_id,
        cw.register,
        cw.work,
        m.group_id,
        sum(cw.credit) AS credit,
        count(*) AS n_members
    FROM country_work AS cw
    INNER JOIN world_members AS m
        ON cw.country = m.country AND cw.year >= m.first_year AND cw.year <= m.last_year
    GROUP BY ALL
)

SELECT definition_id, register, work, 'country' AS unit_type, country AS unit_id, credit, class
FROM country_work
INNER JOIN class_of_work USING (definition_id, register, work)
UNION ALL
SELECT
    definition_id,
    register,
    work,
    'group',
    group_id,
    credit,
    CASE
        WHEN n_members < n_countries THEN 'international'
        WHEN is_open THEN 'unknown'
        WHEN n_members >= 2 THEN 'intra_group'
        ELSE 'domestic'
    END
FROM group_work
INNER JOIN spread USING (definition_id, register, work)
UNION ALL
SELECT
    c.definition_id, c.register, c.work, 'organization', a.organization,
    sum(a.share) / c.n_authors, any_value(k.class)
FROM counted AS c
INNER JOIN address AS a USING (definition_id, register, work)
INNER JOIN class_of_work AS k USING (definition_id, register, work)
WHERE a.organization IS NOT NULL
GROUP BY c.definition_id, c.register, c.work, a.organization, c.n_authors
UNION ALL
SELECT definition_id, register, work, 'world', 'WORLD', 1.0, class
FROM class_of_work
UNION ALL
SELECT c.definition_id, c.register, c.work, 'unknown', 'UNKNOWN', 1 - coalesce(k.credit, 0), class
FROM counted AS c
INNER JOIN class_of_work USING (definition_id, register, work)
LEFT JOIN (
    SELECT definition_id, register, work, sum(credit) AS credit
    FROM country_work
    GROUP BY ALL
) AS k USING (definition_id, register, work)
WHERE is_open OR coalesce(k.credit, 0) < 1 - 1e-9;

-- One row per definition, work and field that it is shown in; the finest are not.
CREATE OR REPLACE VIEW place_of_work AS
SELECT definition_id, register, work, year, is_provisional, 'all' AS scheme, 'all' AS field_id
FROM counted
UNION ALL
SELECT definition_id, register, work, year, is_provisional, scheme, field
FROM counted
INNER JOIN world_fields USING (register, work)
WHERE scheme NOT IN ('openalex_subfield', 'openalex_topic', 'openalex_other_topic', 'un_sdg');

-- One row per definition and citation that is made within the definition's window.
CREATE OR REPLACE VIEW seen_citation AS
SELECT
    b.definition_id,
    b.register,
    r.citing,
    r.cited,
    coalesce(b.citation_window, 5) AS citation_window
FROM (SELECT DISTINCT * FROM world_references) AS r
INNER JOIN counted AS a ON r.register = a.register AND r.citing = a.work
INNER JOIN counted AS b
    ON r.register = b.register AND r.cited = b.work AND a.definition_id = b.definition_id
WHERE r.citing <> r.cited AND greatest(a.year - b.year, 0) < coalesce(b.citation_window, 5);

-- What each country, or nobody's, cites of each other.
CREATE OR REPLACE VIEW seen_flow AS
SELECT
    s.definition_id, s.register, p.scheme, p.field_id, p.year, s.citation_window,
    i.unit_id AS citing_unit,
    j.unit_id AS cited_unit,
    sum(i.credit * j.credit) AS f,
    count(*)::DOUBLE AS n
FROM seen_citation AS s
INNER JOIN place_of_work AS p
    ON (s.definition_id, s.register, s.cited) = (p.definition_id, p.register, p.work)
INNER JOIN unit_work AS i
    ON (s.definition_id, s.register, s.citing) = (i.definition_id, i.register, i.work)
INNER JOIN unit_work AS j
    ON (s.definition_id, s.register, s.cited) = (j.definition_id, j.register, j.work)
WHERE i.unit_type IN ('country', 'unknown') AND j.unit_type IN ('country', 'unknown')
GROUP BY ALL;

-- Each country's part of what all countries have of the works of a place.
CREATE OR REPLACE VIEW world_presence AS
SELECT
    *,
    credit / sum(credit) OVER (
        PARTITION BY definition_id, register, scheme, field_id, year
    ) AS presence
FROM (
    SELECT
        u.definition_id, u.register, p.scheme, p.field_id, p.year, u.unit_id,
        sum(u.credit) AS credit
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    WHERE u.unit_type = 'country'
    GROUP BY ALL
);

-- How much of what is cited there is between two countries.
CREATE OR REPLACE VIEW flow_coverage AS
SELECT
    definition_id, register, scheme, field_id, year,
    sum(f) FILTER (WHERE citing_unit <> 'UNKNOWN' AND cited_unit <> 'UNKNOWN') / sum(f) AS coverage
FROM seen_flow
GROUP BY ALL;

-- One row per unit, work and field that the unit has cells in: organizations have fewer.
CREATE OR REPLACE VIEW unit_in_place AS
SELECT u.*, p.* EXCLUDE (definition_id, register, work)
FROM unit_work AS u
INNER JOIN place_of_work AS p USING (definition_id, register, work)
WHERE
    u.unit_type <> 'organization'
    OR p.scheme = 'all'
    OR (
        u.definition_id IN ('openalex', 'standards')
        AND p.scheme IN ('openalex_field', 'ietf_group', '3gpp_group')
    );

-- What part of the credit of a place is of known country, and of known organization.
CREATE OR REPLACE VIEW coverage_of_place AS
SELECT
    definition_id, register, scheme, field_id, year,
    sum(credit) FILTER (unit_type = 'world') AS n_world,
    1 - coalesce(sum(credit) FILTER (unit_type = 'unknown'), 0) / n_world AS of_countries,
    coalesce(sum(credit) FILTER (unit_type = 'organization'), 0) / n_world AS of_organizations
FROM unit_in_place
GROUP BY ALL;

-- Who holds each lead, by country and by organization: the two are known or not apart.
CREATE OR REPLACE VIEW lead_of_unit AS
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
)

SELECT
    u.*,
    k.work IS NOT NULL AS is_known,
    coalesce(l.led, 0) AS led,
    CASE u.unit_type WHEN 'world' THEN 1 ELSE u.credit / c.of_all END AS part,
    u.role <> 'corresponding' AND u.scheme = 'openalex_field' AND u.field_id IN ('20', '26')
        AS is_by_alphabet
FROM asked AS u
LEFT JOIN credit_of_all AS c USING (definition_id, register, work, known_by)
LEFT JOIN known_lead AS k
    ON (u.definition_id, u.register, u.work, u.role, u.known_by)
    = (k.definition_id, k.register, k.work, k.role, k.unit_type)
LEFT JOIN unit_lead AS l
    ON (u.definition_id, u.register, u.work, u.role, u.unit_type, u.unit_id)
    = (l.definition_id, l.register, l.work, l.role, l.unit_type, l.unit_id);

-- The two ends of Wilson's interval as roots of a quadratic; side is -1 or 1.
CREATE OR REPLACE MACRO wilson(s, n, side) AS
(2 * n * s + 3.841458820694124 + side * sqrt(3.841458820694124 * (3.841458820694124 + 4 * n * s * (1 - s))))
/ (2 * (n + 3.841458820694124));

-- Scores of works. Each work is ranked by counting those above it and those beside it, one work at a time.
CREATE OR REPLACE VIEW score_of_work AS
WITH resolving AS (
    SELECT DISTINCT r.register
    FROM world_references AS r
    INNER JOIN world_works AS w ON r.register = w.register AND r.cited = w.work
    WHERE r.citing <> r.cited
),

cited AS (
    SELECT
        c.definition_id, c.register, c.work, c.year, c.citation_window, c.impact_scheme,
        CASE WHEN c.kind IN ('article', 'review') THEN 'journal' ELSE c.kind END AS compared_kind,
        CASE
            WHEN c.citation_window IS NULL THEN c.cited_by_count
            WHEN c.register IN (FROM resolving)
                THEN (
                    SELECT count(*)
                    FROM world_references AS r
                    INNER JOIN world_works AS w ON r.register = w.register AND r.citing = w.work
                    WHERE
                        r.register = c.register
                        AND r.cited = c.work
                        AND r.citing <> r.cited
                        AND NOT w.is_xpac
                        AND w.year BETWEEN 1500 AND last_complete_year(w.register) + 2
                        AND w.year <= c.year + c.citation_window - 1
                )
        END AS citations
    FROM counted AS c
),

in_field AS (
    SELECT cited.*, 'everything' AS field, 1.0 AS weight
    FROM cited
    WHERE citations IS NOT NULL AND impact_scheme IS NULL
    UNION ALL
    SELECT cited.*, f.field, f.weight
    FROM cited
    INNER JOIN world_fields AS f USING (register, work)
    WHERE citations IS NOT NULL AND f.scheme = impact_scheme
),

compared AS (
    SELECT
        me.definition_id, me.register, me.work, me.field, me.weight, me.citations,
        sum(they.weight) AS n_all,
        sum(they.weight * they.citations) / sum(they.weight) AS mean,
        coalesce(sum(they.weight) FILTER (they.citations > me.citations), 0) AS n_above,
        sum(they.weight) FILTER (they.citations = me.citations) AS n_equal
    FROM in_field AS me
    INNER JOIN in_field AS they
        ON (me.definition_id, me.register, me.field, me.year, me.compared_kind)
        = (they.definition_id, they.register, they.field, they.year, they.compared_kind)
    GROUP BY ALL
)

SELECT
    definition_id, register, work,
    sum(weight * CASE WHEN mean = 0 THEN 1 ELSE citations / mean END) AS ncs,
    sum(weight * least(1, greatest(0, (n_all / 10 - n_above) / n_equal))) AS top_10,
    sum(weight * least(1, greatest(0, (n_all / 100 - n_above) / n_equal))) AS top_1
FROM compared
GROUP BY ALL;
