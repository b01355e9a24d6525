WITH known_name AS (
    SELECT lower(name) AS spelled, any_value(country) AS country
    FROM world_names
    WHERE length(name) >= 8
    GROUP BY ALL
    HAVING count(DISTINCT country) = 1
),

-- A name that one organization alone bears, whatever its country, is that organization.
own_name AS (
    SELECT lower(name) AS spelled, any_value(identity) AS identity
    FROM world_names
    WHERE length(name) >= 8
    GROUP BY ALL
    HAVING count(DISTINCT identity) = 1
),

funder AS (
    SELECT
        register, work, country, identity IS NOT NULL AS is_joined,
        1.0 / count(*) OVER (PARTITION BY register, work) AS part
    FROM (
        SELECT
            f.register, f.work, coalesce(f.identity, o.identity) AS identity,
            CASE WHEN coalesce(f.identity, o.identity) IS NULL THEN f.payer END AS payer,
            min(coalesce(f.country, n.country)) AS country
        FROM world_funders AS f
        LEFT JOIN known_name AS n ON lower(f.funder) = n.spelled
        LEFT JOIN own_name AS o ON lower(f.funder) = o.spelled
        GROUP BY ALL
    )
),

paid AS (
    SELECT
        u.definition_id, u.register, u.unit_type, u.unit_id, u.scheme, u.field_id, u.year,
        coalesce(sum(f.part) FILTER (f.country = u.unit_id), 0) AS p_home,
        coalesce(sum(f.part) FILTER (f.country <> u.unit_id), 0) AS p_abroad,
        coalesce(sum(f.part) FILTER (f.country IS NULL), 0) AS p_unplaced,
        coalesce(sum(f.part) FILTER (f.is_joined), 0) AS p_joined
    FROM unit_in_place AS u
    INNER JOIN funder AS f USING (register, work)
    WHERE u.unit_type = 'country'
    GROUP BY ALL
),

asked AS (
    SELECT
        u.*,
        t.register IS NOT NULL AS is_telling,
        f.work IS NOT NULL AS is_funded
    FROM unit_in_place AS u
    LEFT JOIN (SELECT DISTINCT register FROM world_funders) AS t USING (register)
    LEFT JOIN (SELECT DISTINCT register, work FROM world_funders) AS f USING (register, work)
),

counts AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional,
        count(*)::DOUBLE AS n,
        (count(*) FILTER (is_funded))::DOUBLE AS p_funded
    FROM asked
    WHERE is_telling
    GROUP BY ALL
)

SELECT
    * EXCLUDE (p_joined),
    'full' AS counting,
    p_funded / n AS pp_funded,
    wilson(p_funded / n, n, -1) AS pp_funded_low,
    wilson(p_funded / n, n, 1) AS pp_funded_high,
    p_abroad / nullif(p_home + p_abroad, 0) AS pp_abroad,
    p_abroad / p_funded AS pp_abroad_min,
    1 - p_home / p_funded AS pp_abroad_max,
    (p_home + p_abroad) / p_funded AS coverage_funders,
    p_joined / p_funded AS coverage_joined,
    CASE
        WHEN p_funded = 0 THEN 'no work here names who paid for it'
        WHEN unit_type <> 'country' THEN 'home and abroad are told of countries alone'
        WHEN p_home + p_abroad = 0 THEN 'the country of no funder here is known'
    END AS not_computable
FROM counts
LEFT JOIN paid USING (definition_id, register, unit_type, unit_id, scheme, field_id, year);
