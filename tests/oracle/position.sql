-- Positions of 2020 from what NCSES publishes and RFCs print, without cells. Reads the views
-- ncses_top_1, ncses_output, ncses_citations and rfc_documents.
WITH level AS (
    SELECT
        t.country_code AS unit_id,
        trim(regexp_replace(lower(t.field), '[^a-z0-9]+', '-', 'g'), '-') AS field_id,
        t.share_in_top_1_percent / 100 AS share,
        o.articles
    FROM ncses_top_1 AS t
    INNER JOIN ncses_output AS o USING (country_code, field, counting, year)
    WHERE t.year = 2020 AND t.counting = 'fractional' AND t.country_code IS NOT NULL AND o.articles > 0
        AND NOT isnan(t.share_in_top_1_percent)
),

flow AS (
    SELECT
        citing_code, cited_code, rci,
        trim(regexp_replace(lower(field), '[^a-z0-9]+', '-', 'g'), '-') AS field_id
    FROM ncses_citations
),

author AS (
    SELECT d.rfc, len(d.authors) AS n_authors, unnest(d.authors).country AS country
    FROM rfc_documents AS d
    WHERE d.year BETWEEN 2016 AND 2020
),

standards AS (
    SELECT country, sum(1.0 / n_authors) AS credit FROM author WHERE country IS NOT NULL GROUP BY country
),

whole AS (
    SELECT sum(credit) AS known, (SELECT count(*) FROM rfc_documents WHERE year BETWEEN 2016 AND 2020) AS n
    FROM standards
)

SELECT
    a.unit_id,
    b.unit_id AS partner_id,
    a.field_id,
    a.share AS level,
    b.share AS partner_level,
    a.articles AS p_scored,
    b.share - a.share AS level_gap,
    CASE
        WHEN a.share = 0 AND b.share = 0 THEN NULL
        WHEN abs(a.share - b.share) - greatest(a.share, b.share) / 4 > 0.000001
            THEN CASE WHEN a.share < b.share THEN 'ahead' ELSE 'behind' END
        WHEN a.share > 0.01 AND b.share > 0.01 THEN 'close and high'
        ELSE 'close'
    END AS standing,
    there.rci AS cites_partner,
    back.rci AS cited_by_partner,
    coalesce((SELECT credit FROM standards WHERE country = a.unit_id), 0) / known AS standards_share,
    coalesce((SELECT credit FROM standards WHERE country = b.unit_id), 0) / known AS partner_standards_share,
    known / n AS standards_coverage
FROM level AS a
INNER JOIN level AS b ON a.field_id = b.field_id AND a.unit_id <> b.unit_id
INNER JOIN flow AS there
    ON (there.citing_code, there.cited_code, there.field_id) = (a.unit_id, b.unit_id, a.field_id)
INNER JOIN flow AS back
    ON (back.citing_code, back.cited_code, back.field_id) = (b.unit_id, a.unit_id, a.field_id)
CROSS JOIN whole;
