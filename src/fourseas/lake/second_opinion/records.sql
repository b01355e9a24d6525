-- From staged records to works, authors and addresses, as every second opinion reads them.
-- Written from the meaning of the staged columns; no step of a build is used.

CREATE OR REPLACE VIEW latest_record AS
SELECT register, work_key AS work, last.part_key AS part_key, last.record AS record
FROM (
    SELECT
        register, work_key,
        max({'updated_on': coalesce(updated_on, ''), 'part_key': part_key, 'record': record}) AS last
    FROM staged_works
    GROUP BY register, work_key
);

CREATE OR REPLACE VIEW withdrawn AS
SELECT doi
FROM staged_retractions
GROUP BY doi
HAVING
    coalesce(max(coalesce(noted_on, '')) FILTER (nature = 'reinstatement'), '')
    <= max(coalesce(noted_on, '')) FILTER (nature = 'retraction');

CREATE OR REPLACE TABLE world_works AS
SELECT
    l.register, l.work, s.publication_year AS year, s.kind, s.language, s.is_xpac,
    s.is_retracted OR coalesce(s.doi IN (FROM withdrawn), false) AS is_retracted,
    s.is_authors_truncated AS is_truncated, s.n_authors, s.n_references, s.cited_by_count, s.is_oa
FROM staged_works AS s
INNER JOIN latest_record AS l USING (register, part_key, record);

CREATE OR REPLACE TABLE world_addresses AS
SELECT
    l.register, l.work, a.position, a.country_code AS country,
    a.organization_key AS organization, a.share
FROM staged_affiliations AS a
INNER JOIN latest_record AS l USING (register, part_key, record);

CREATE OR REPLACE TABLE world_authors AS
SELECT
    l.register, l.work, p.position, c.country, c.share, p.is_first, p.is_last,
    coalesce(p.is_corresponding, false) AS is_corresponding, p.person_key AS person
FROM staged_authorships AS p
INNER JOIN latest_record AS l USING (register, part_key, record)
LEFT JOIN (
    SELECT register, work, position, country, sum(share) AS share
    FROM world_addresses
    WHERE country IS NOT NULL
    GROUP BY ALL
) AS c USING (register, work, position);

CREATE OR REPLACE TABLE world_fields AS
SELECT l.register, l.work, f.scheme, f.field_id AS field, f.weight
FROM staged_work_fields AS f
INNER JOIN latest_record AS l USING (register, part_key, record);

CREATE OR REPLACE TABLE world_references AS
SELECT l.register, l.work AS citing, c.cited_work_key AS cited
FROM staged_citations AS c
INNER JOIN latest_record AS l USING (register, part_key, record);

-- ROR's word on a DOI of the Funder Registry goes first, then what is preferred, then active.
CREATE OR REPLACE TABLE ror_of_doi AS
WITH claim AS (
    SELECT
        d.funder_doi, o.ror_id,
        {
            'is_ror': o.register = 'ror',
            'is_preferred': d.is_preferred,
            'is_active': coalesce(o.status, 'active') = 'active'
        } AS weight
    FROM staged_funder_dois AS d
    INNER JOIN staged_organizations AS o USING (register, organization_key)
    WHERE o.ror_id IS NOT NULL
)

SELECT funder_doi, any_value(ror_id) AS ror_id
FROM claim
INNER JOIN (SELECT funder_doi, max(weight) AS weight FROM claim GROUP BY ALL)
    USING (funder_doi, weight)
GROUP BY funder_doi
HAVING count(DISTINCT ror_id) = 1;

CREATE OR REPLACE VIEW doi_of_key AS
SELECT register, organization_key AS organization, min(funder_doi) AS funder_doi
FROM staged_funder_dois
WHERE is_preferred AND register <> 'ror'
GROUP BY ALL;

CREATE OR REPLACE VIEW asserted_key AS
SELECT
    register, organization_key AS organization,
    CASE
        WHEN bool_or(is_described) THEN max(ror_id)
        WHEN organization_key LIKE 'ror:_%' THEN substr(organization_key, 5)
    END AS ror_id
FROM (
    SELECT register, organization_key, ror_id, true AS is_described FROM staged_organizations
    UNION ALL
    SELECT register, organization_key, NULL, false
    FROM staged_affiliations
    WHERE organization_key IS NOT NULL
)
GROUP BY register, organization_key;

CREATE OR REPLACE VIEW organization_key AS
SELECT
    a.register, a.organization, d.funder_doi,
    coalesce(a.ror_id, r.ror_id) AS ror_id,
    coalesce(
        'ror:' || a.ror_id, 'ror:' || r.ror_id, 'doi:' || d.funder_doi,
        format('{}:{}', a.register, a.organization)
    ) AS identity
FROM asserted_key AS a
LEFT JOIN doi_of_key AS d USING (register, organization)
LEFT JOIN ror_of_doi AS r USING (funder_doi);

-- Keys of one ROR id are described alike: by ROR's record, else by the first register's.
CREATE OR REPLACE TABLE world_organizations AS
WITH identified AS (FROM organization_key),

description AS (
    SELECT DISTINCT ON (i.identity)
        i.identity, s.organization_name, s.country_code, s.latitude, s.longitude
    FROM identified AS i
    INNER JOIN staged_organizations AS s
        ON i.register = s.register AND i.organization = s.organization_key
    ORDER BY
        i.identity, s.register <> 'ror', coalesce(s.organization_kind, '') = 'funder', s.register, s.organization_key, s.part_key, s.record
)

SELECT
    i.register, i.organization, i.ror_id,
    coalesce(d.organization_name, m.name, i.organization) AS name, d.country_code AS country,
    d.latitude, d.longitude, i.identity
FROM identified AS i
LEFT JOIN description AS d USING (identity)
LEFT JOIN (
    -- One that no register describes bears the first of the names that it is mentioned under.
    SELECT register, organization_key AS organization, min(organization_name) AS name
    FROM staged_affiliations
    GROUP BY ALL
) AS m
    ON i.register = m.register AND i.organization = m.organization AND d.identity IS NULL;

CREATE OR REPLACE TABLE world_names AS
SELECT name, country, identity FROM world_organizations
UNION ALL
SELECT n.name, o.country, o.identity
FROM staged_organization_names AS n
INNER JOIN world_organizations AS o
    ON n.register = o.register AND n.organization_key = o.organization;

-- A DOI that ROR does not know stands for the one organization that other registers give it to.
CREATE OR REPLACE TABLE organization_of_doi AS
SELECT r.funder_doi, any_value(o.country) AS country, any_value(o.identity) AS identity
FROM ror_of_doi AS r
INNER JOIN world_organizations AS o USING (ror_id)
GROUP BY ALL
UNION ALL
SELECT k.funder_doi, any_value(o.country) AS country, any_value(k.identity) AS identity
FROM organization_key AS k
INNER JOIN world_organizations AS o USING (register, organization)
WHERE k.funder_doi IS NOT NULL AND k.funder_doi NOT IN (SELECT funder_doi FROM ror_of_doi)
GROUP BY k.funder_doi
HAVING count(DISTINCT k.identity) = 1;

CREATE OR REPLACE TABLE world_funders AS
SELECT
    l.register, l.work, f.funder_name AS funder, coalesce(f.funder_key, f.funder_name) AS payer,
    CASE WHEN o.organization IS NULL THEN d.country ELSE o.country END AS country,
    coalesce(o.identity, d.identity) AS identity
FROM staged_fundings AS f
INNER JOIN latest_record AS l USING (register, part_key, record)
LEFT JOIN world_organizations AS o
    ON l.register = o.register AND f.funder_key = o.organization
LEFT JOIN organization_of_doi AS d ON f.funder_key = d.funder_doi;

CREATE OR REPLACE TABLE world_members AS
SELECT group_id, country_code AS country, first_year, last_year FROM group_memberships;
