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

CREATE OR REPLACE TABLE world_funders AS
SELECT l.register, l.work, f.funder_name AS funder
FROM staged_fundings AS f
INNER JOIN latest_record AS l USING (register, part_key, record);

CREATE OR REPLACE VIEW organization_key AS
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

-- Keys of one ROR id are described alike: by ROR's record, else by the first register's.
CREATE OR REPLACE TABLE world_organizations AS
WITH identified AS (
    SELECT *, coalesce(ror_id, format('{}:{}', register, organization)) AS identity
    FROM organization_key
),

description AS (
    SELECT DISTINCT ON (i.identity)
        i.identity, s.organization_name, s.country_code, s.latitude, s.longitude
    FROM identified AS i
    INNER JOIN staged_organizations AS s
        ON i.register = s.register AND i.organization = s.organization_key
    ORDER BY
        i.identity, s.register <> 'ror', s.register, s.organization_key, s.part_key, s.record
)

SELECT
    i.register, i.organization, i.ror_id, d.organization_name AS name, d.country_code AS country,
    d.latitude, d.longitude
FROM identified AS i
LEFT JOIN description AS d USING (identity);

CREATE OR REPLACE TABLE world_members AS
SELECT group_id, country_code AS country, first_year, last_year FROM group_memberships;
