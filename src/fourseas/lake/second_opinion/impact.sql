WITH weighed AS (
    SELECT *, 'full' AS counting, 1.0::DOUBLE AS a FROM unit_in_place
    UNION ALL
    SELECT *, 'fractional', credit FROM unit_in_place
),

sums AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional, counting,
        count(*)::DOUBLE AS n,
        sum(a) FILTER (s.work IS NOT NULL) AS p_scored,
        sum(a * ncs) AS tncs,
        sum(a * top_10) AS p_top_10,
        sum(a * top_1) AS p_top_1
    FROM weighed
    LEFT JOIN score_of_work AS s USING (definition_id, register, work)
    GROUP BY ALL
),

means AS (
    SELECT *, tncs / p_scored AS mncs, p_top_10 / p_scored AS pp_top_10, p_top_1 / p_scored AS pp_top_1
    FROM sums
    WHERE p_scored > 1e-12
),

-- How far the mean moves when works are drawn again: squares of what each work adds to it.
spread AS (
    SELECT
        m.definition_id, m.register, m.unit_type, m.unit_id, m.scheme, m.field_id, m.year, m.counting,
        sum((a * (ncs - mncs) / p_scored) ** 2) AS ncs_2,
        sum((a * (top_10 - pp_top_10) / p_scored) ** 2) AS top_10_2,
        sum((a * (top_1 - pp_top_1) / p_scored) ** 2) AS top_1_2,
        sum(a) ** 2 / sum(a * a) AS kish
    FROM means AS m
    INNER JOIN weighed
        USING (definition_id, register, unit_type, unit_id, scheme, field_id, year, counting)
    INNER JOIN score_of_work USING (definition_id, register, work)
    GROUP BY ALL
),

-- How many works of weight one would be as stable; where nothing varies, Kish's number.
effective AS (
    SELECT
        * REPLACE (
            CASE WHEN unit_type <> 'world' AND ncs_2 > 1e-18 THEN ncs_2 END AS ncs_2,
            CASE
                WHEN unit_type = 'world' THEN NULL
                WHEN top_10_2 > 1e-18 THEN pp_top_10 * (1 - pp_top_10) / top_10_2
                ELSE kish
            END AS top_10_2,
            CASE
                WHEN unit_type = 'world' THEN NULL
                WHEN top_1_2 > 1e-18 THEN pp_top_1 * (1 - pp_top_1) / top_1_2
                ELSE kish
            END AS top_1_2
        )
    FROM means
    INNER JOIN spread USING (definition_id, register, unit_type, unit_id, scheme, field_id, year, counting)
)

SELECT
    m.* EXCLUDE (ncs_2, top_10_2, top_1_2, kish),
    CASE WHEN ncs_2 > 0 THEN greatest(mncs - 1.959963984540054 * sqrt(ncs_2), 0) END AS mncs_low,
    mncs + 1.959963984540054 * sqrt(ncs_2) AS mncs_high,
    wilson(pp_top_10, top_10_2, -1) AS pp_top_10_low,
    wilson(pp_top_10, top_10_2, 1) AS pp_top_10_high,
    wilson(pp_top_1, top_1_2, -1) AS pp_top_1_low,
    wilson(pp_top_1, top_1_2, 1) AS pp_top_1_high,
    CASE unit_type WHEN 'organization' THEN of_organizations ELSE of_countries END AS coverage,
    coalesce(year + citation_window - 1 > last_complete_year(m.register), true) AS has_open_window,
    NULL AS not_computable
FROM effective AS m
INNER JOIN oracle_definitions USING (definition_id)
INNER JOIN coverage_of_place USING (definition_id, register, scheme, field_id, year);
