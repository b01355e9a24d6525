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

-- Forms of companies at the end of names, and the country whose law has them; '' is any.
CREATE OR REPLACE TABLE legal_form AS
SELECT place, law, unnest(string_split(forms, ',')) AS form
FROM (
    VALUES
    (1, 'IN', 'private limited,private ltd,pvt limited,pvt ltd'),
    (2, 'AU', 'pty limited,pty ltd,pty'),
    (3, 'SG', 'pte limited,pte ltd,pte'),
    (4, 'US', 'inc,incorporated,corp,corporation,llc,l l c,lp,l p,g p'),
    (5, 'GB', 'ltd,limited,plc,llp'),
    (6, 'DE', 'gmbh,mbh,ag,kg,ohg,e v,eg'),
    (7, 'FI', 'oy,oyj,oy ab'),
    (8, 'SE', 'ab'),
    (9, 'NL', 'bv,b v,nv,n v'),
    (10, 'FR', 'sa,s a,sas,s a s,sarl,s a r l,s c r l'),
    (11, 'IT', 'spa,s p a,srl,s r l'),
    (12, 'NO', 'as,a s,asa,aps'),
    (13, 'CZ', 'sro,s r o'),
    (14, 'JP', 'kk,k k,gk,g k'),
    (99, '', 'co,company,& co,and co,& company,and company')
) AS t (place, law, forms);

-- Keys that are names: words, without the most words at the end that are forms alone.
CREATE OR REPLACE TABLE named_key AS
WITH written AS (
    SELECT register, organization_key AS organization, organization_name AS name, true AS is_told, 0 AS n
    FROM staged_organizations
    UNION ALL
    SELECT register, organization_key, organization_name, false, 1
    FROM staged_affiliations
    WHERE organization_key IS NOT NULL
),

spelled AS (
    SELECT
        register, organization, greatest(sum(n), 1) AS n,
        regexp_extract_all(organization, '[\p{L}\p{M}\p{N}&+]+') AS words
    FROM written
    GROUP BY ALL
    HAVING
        lower(regexp_replace(coalesce(min(name) FILTER (is_told), min(name)), '\s+', ' ', 'g'))
        = organization
),

cut AS (
    SELECT s.register, s.organization, min(k.kept) AS kept
    FROM spelled AS s, unnest(range(1, len(s.words))) AS k (kept)
    WHERE
        regexp_full_match(
            array_to_string(s.words[k.kept + 1:], ' ') || ' ',
            (SELECT format('(({}) )+', string_agg(form, '|')) FROM legal_form)
        )
    GROUP BY ALL
),

shortened AS (
    SELECT
        s.*, array_to_string(s.words[:c.kept], ' ') AS bare,
        ' ' || array_to_string(s.words[c.kept + 1:], ' ') AS forms
    FROM spelled AS s
    LEFT JOIN cut AS c USING (register, organization)
),

kept AS (
    SELECT
        *,
        length(bare) >= 2 AND NOT list_contains(
            string_split(
                'aerospace associates association center communication communications computer '
                || 'computers computing consultant consultants consulting cyber data department '
                || 'dept design digital education electronics energy engineering enterprise '
                || 'enterprises foundation general global group health holding holdings '
                || 'independent industries industry information infrastructure innovation '
                || 'institute international internet laboratories laboratory labs management media '
                || 'medical mobile national net network networking networks office online '
                || 'organization partners power project research science sciences security service '
                || 'services software solution solutions standards system systems tech '
                || 'technologies technology telecom telecommunications the university web wireless',
                ' '
            ),
            bare
        ) AS is_shortened
    FROM shortened
)

SELECT
    k.register, k.organization, k.n,
    CASE WHEN k.is_shortened THEN k.bare ELSE array_to_string(k.words, ' ') END AS name,
    CASE
        WHEN k.is_shortened THEN (
            SELECT arg_min(f.law, f.place)
            FROM legal_form AS f
            WHERE
                f.law <> '' AND suffix(
                    regexp_replace(k.forms, '( (& co|and co|co|& company|and company|company))+$', ''),
                    ' ' || f.form
                )
        )
    END AS law
FROM kept AS k;

-- Of one name under several laws, the one that most mentions of a form bear is also the plain one's.
CREATE OR REPLACE TABLE one_name AS
WITH main AS (
    SELECT name, arg_max(law, n) AS law
    FROM (SELECT name, law, sum(n) AS n FROM named_key WHERE law IS NOT NULL GROUP BY ALL)
    GROUP BY name
    HAVING max(n) > sum(n) / 2
)

SELECT
    k.register, k.organization,
    CASE WHEN k.law IS NULL OR k.law IS NOT DISTINCT FROM m.law THEN k.name
    ELSE format('{} ({})', k.name, k.law) END AS one_name
FROM named_key AS k
LEFT JOIN main AS m USING (name);

-- What one organization with a ROR id alone is called, and what it is called first.
CREATE OR REPLACE TABLE called AS
WITH spelled AS (
    SELECT ror_id, organization_name AS name, true AS is_main
    FROM staged_organizations
    UNION ALL
    SELECT o.ror_id, n.name, false
    FROM staged_organization_names AS n
    INNER JOIN staged_organizations AS o USING (register, organization_key)
)

SELECT
    array_to_string(regexp_extract_all(lower(name), '[\p{L}\p{M}\p{N}&+]+'), ' ') AS one_name,
    any_value(ror_id) AS ror_id
FROM spelled
WHERE ror_id IS NOT NULL
GROUP BY one_name
HAVING count(DISTINCT ror_id) = 1 AND bool_or(is_main) AND length(one_name) >= 8;

CREATE OR REPLACE VIEW organization_key AS
SELECT
    a.register, a.organization, d.funder_doi,
    coalesce(a.ror_id, r.ror_id, g.ror_id, c.ror_id) AS ror_id,
    coalesce(
        'ror:' || a.ror_id, 'ror:' || r.ror_id, 'doi:' || d.funder_doi,
        'ror:' || coalesce(g.ror_id, c.ror_id),
        'name:' || n.one_name, format('{}:{}', a.register, a.organization)
    ) AS identity
FROM asserted_key AS a
LEFT JOIN doi_of_key AS d USING (register, organization)
LEFT JOIN ror_of_doi AS r USING (funder_doi)
LEFT JOIN one_name AS n USING (register, organization)
LEFT JOIN (
    SELECT o.one_name, any_value(k.ror_id) AS ror_id
    FROM one_name AS o
    INNER JOIN asserted_key AS k USING (register, organization)
    GROUP BY ALL
    HAVING count(DISTINCT k.ror_id) = 1
) AS g ON n.one_name = g.one_name
LEFT JOIN called AS c ON n.one_name = c.one_name;

-- Keys of one organization are described alike: by ROR's record, else by the first register's.
CREATE OR REPLACE TABLE world_organizations AS
WITH identified AS (FROM organization_key),

description AS (
    SELECT DISTINCT ON (i.identity)
        i.identity, s.register, s.organization_key, s.organization_name, s.country_code,
        s.latitude, s.longitude
    FROM identified AS i
    INNER JOIN staged_organizations AS s
        ON i.register = s.register AND i.organization = s.organization_key
    ORDER BY
        i.identity, s.register <> 'ror', s.ror_id IS NULL, coalesce(s.organization_kind, '') = 'funder', s.register, s.organization_key, s.part_key, s.record
),

mention AS (
    SELECT
        i.identity, i.register, i.organization, s.organization_name AS name,
        count(s.organization_name) AS n
    FROM identified AS i
    LEFT JOIN staged_affiliations AS s
        ON i.register = s.register AND i.organization = s.organization_key
    WHERE i.identity NOT IN (SELECT identity FROM description)
    GROUP BY ALL
),

-- One that no register describes bears the name that it is mentioned under most.
most_mentioned AS (
    SELECT DISTINCT ON (identity) identity, register, organization, name
    FROM (SELECT *, sum(n) OVER (PARTITION BY identity, name) AS n_of_name FROM mention)
    ORDER BY identity, n_of_name DESC, name NULLS LAST, register, organization
)

SELECT
    i.register, i.organization, i.ror_id,
    coalesce(d.organization_name, m.name, m.organization) AS name, d.country_code AS country,
    d.latitude, d.longitude, i.identity,
    coalesce(
        i.ror_id,
        format('{}:{}', coalesce(d.register, m.register), coalesce(d.organization_key, m.organization))
    ) AS unit
FROM identified AS i
LEFT JOIN description AS d USING (identity)
LEFT JOIN most_mentioned AS m USING (identity);

CREATE OR REPLACE TABLE world_names AS
SELECT name, country, identity FROM world_organizations
UNION ALL
SELECT n.name, o.country, o.identity
FROM staged_organization_names AS n
INNER JOIN world_organizations AS o
    ON n.register = o.register AND n.organization_key = o.organization
UNION ALL
SELECT DISTINCT a.organization_name, o.country, o.identity
FROM staged_affiliations AS a
INNER JOIN world_organizations AS o
    ON a.register = o.register AND a.organization_key = o.organization
INNER JOIN named_key AS k ON a.register = k.register AND a.organization_key = k.organization
WHERE lower(regexp_replace(a.organization_name, '\s+', ' ', 'g')) = a.organization_key;

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
