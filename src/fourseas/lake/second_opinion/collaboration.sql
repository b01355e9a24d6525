WITH all_authors AS (
    SELECT a.definition_id, a.register, a.work, count(DISTINCT a.position) AS n_all
    FROM author_country AS a
    INNER JOIN counted AS c USING (definition_id, register, work)
    WHERE NOT c.is_truncated
    GROUP BY ALL
),

authors_of_country AS (
    SELECT definition_id, register, work, country, count(DISTINCT position) AS n_here
    FROM author_country
    WHERE country IS NOT NULL
    GROUP BY ALL
),

shared_by_all AS (
    SELECT DISTINCT definition_id, register, work
    FROM all_authors
    INNER JOIN authors_of_country USING (definition_id, register, work)
    WHERE n_here = n_all
),

unit_place AS (
    SELECT u.*, d.denominator, s.work IS NOT NULL AS is_shared
    FROM unit_in_place AS u
    INNER JOIN oracle_definitions AS d USING (definition_id)
    LEFT JOIN shared_by_all AS s USING (definition_id, register, work)
),

measured AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional, denominator,
        counting,
        count(*)::DOUBLE AS n,
        sum(a) AS p,
        coalesce(sum(a) FILTER (class = 'international'), 0) AS p_int_collab,
        coalesce(sum(a) FILTER (class = 'intra_group'), 0) AS p_intra_group,
        coalesce(sum(a) FILTER (class = 'unknown'), 0) AS p_undecided,
        (count(*) FILTER (class = 'international' AND is_shared))::DOUBLE AS n_double
    FROM (
        SELECT *, 'full' AS counting, 1.0::DOUBLE AS a FROM unit_place
        UNION ALL
        SELECT *, 'fractional', credit FROM unit_place
    )
    GROUP BY ALL
),

based AS (
    SELECT
        *,
        CASE WHEN denominator = 'all' OR p - p_undecided > 1e-12 THEN
            nullif(CASE denominator WHEN 'all' THEN p ELSE p - p_undecided END, 0)
        END AS base
    FROM measured
),

-- Of authors without a country nothing is abroad.
shown AS (
    SELECT * REPLACE (
        CASE WHEN unit_type <> 'unknown' THEN base END AS base,
        CASE WHEN unit_type <> 'unknown' THEN p_intra_group END AS p_intra_group,
        CASE WHEN unit_type <> 'unknown' THEN p_undecided END AS p_undecided
    )
    FROM based
)

SELECT
    b.* EXCLUDE (base, denominator, n_double),
    CASE WHEN counting = 'full' AND unit_type NOT IN ('group', 'organization') THEN n_double END AS p_double_affiliation,
    p_int_collab / base AS pp_int_collab,
    CASE counting WHEN 'full' THEN wilson(p_int_collab / base, base, -1) END AS pp_int_collab_low,
    CASE counting WHEN 'full' THEN wilson(p_int_collab / base, base, 1) END AS pp_int_collab_high,
    CASE WHEN unit_type <> 'unknown' THEN p_int_collab / nullif(p, 0) END AS pp_int_collab_min,
    (p_int_collab + p_undecided) / nullif(p, 0) AS pp_int_collab_max,
    CASE unit_type WHEN 'organization' THEN of_organizations ELSE of_countries END AS coverage,
    CASE
        WHEN unit_type = 'unknown' THEN 'authors of unknown country are of no country that could be abroad'
        WHEN base IS NULL THEN 'nothing here has all its countries known'
    END AS not_computable
FROM shown AS b
INNER JOIN coverage_of_place USING (definition_id, register, scheme, field_id, year);
