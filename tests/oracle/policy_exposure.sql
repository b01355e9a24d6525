-- What two rules touch of the standards of a country, written from works and their addresses.
-- named: an author in China or Germany is reviewed; four: four countries or more get conditions.
WITH counted AS (
    SELECT
        work_id,
        n_authors_unknown > 0 OR is_authors_truncated OR n_authors = 0 AS is_open
    FROM works
    WHERE register = 'rfc' AND kind = 'standard' AND year BETWEEN $first AND $last
),

country AS (
    SELECT DISTINCT a.work_id, a.country_code
    FROM affiliations AS a
    INNER JOIN counted USING (work_id)
    WHERE a.country_code IS NOT NULL
),

without_country AS (
    SELECT a.work_id, count(DISTINCT a.organization_id) AS n
    FROM affiliations AS a
    INNER JOIN counted USING (work_id)
    WHERE a.country_code IS NULL AND a.organization_id IS NOT NULL
    GROUP BY ALL
),

described AS (
    SELECT
        c.work_id,
        c.is_open,
        count(k.country_code) AS n,
        coalesce(any_value(w.n), 0) AS n_nameless,
        coalesce(bool_or(k.country_code IN ('CN', 'DE')), false) AS has_named,
        coalesce(bool_or(k.country_code = $owner), false) AS is_own
    FROM counted AS c
    LEFT JOIN country AS k USING (work_id)
    LEFT JOIN without_country AS w USING (work_id)
    GROUP BY ALL
),

own_case AS (
    SELECT
        *,
        n > 1 AS is_sure,
        CASE WHEN has_named THEN 2 WHEN is_open OR n_nameless > 0 THEN 1 ELSE 0 END AS named,
        CASE WHEN n >= 4 THEN 2 WHEN is_open OR n + n_nameless >= 4 THEN 1 ELSE 0 END AS four
    FROM described
    WHERE is_own AND (n > 1 OR is_open)
),

truth AS (
    SELECT work_id, is_sure, 'touched' AS measure, greatest(named, four) AS truth FROM own_case
    UNION ALL
    SELECT work_id, is_sure, 'rule:named', named FROM own_case
    UNION ALL
    SELECT work_id, is_sure, 'rule:four', four FROM own_case
    UNION ALL
    SELECT work_id, is_sure, 'alone:named', least(named, 2 - four) FROM own_case
    UNION ALL
    SELECT work_id, is_sure, 'alone:four', least(four, 2 - named) FROM own_case
    UNION ALL
    SELECT work_id, is_sure, 'review', named FROM own_case
),

touched_country AS (
    SELECT DISTINCT k.country_code
    FROM truth AS t
    INNER JOIN country AS k USING (work_id)
    WHERE t.measure = 'touched' AND t.truth > 0 AND k.country_code <> $owner
),

output AS (
    SELECT
        (SELECT count(*) FROM described WHERE is_own) AS owner_output,
        (
            SELECT count(DISTINCT k.work_id)
            FROM country AS k
            INNER JOIN touched_country USING (country_code)
        ) AS partner_output
),

counts AS (
    SELECT
        measure,
        count(*) AS n_joint,
        count(*) FILTER (truth = 2 AND is_sure) AS n_least,
        count(*) FILTER (truth > 0) AS n_most,
        count(*) FILTER (truth > 0 AND NOT is_sure) AS n_undecided
    FROM truth
    GROUP BY measure
)

SELECT
    c.*,
    o.*,
    c.n_least / o.owner_output AS owner_share_least,
    c.n_most / o.owner_output AS owner_share_most,
    c.n_least / nullif(o.partner_output, 0) AS partner_share_least,
    (c.n_most - c.n_undecided) / nullif(o.partner_output, 0) AS partner_share_most
FROM counts AS c
CROSS JOIN output AS o
