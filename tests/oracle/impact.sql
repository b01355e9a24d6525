-- Each work is ranked by counting those above it and those beside it, one work at a time.
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
                        AND w.year BETWEEN 1500 AND 2025
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
),

score AS (
    SELECT
        definition_id, register, work,
        sum(weight * CASE WHEN mean = 0 THEN 1 ELSE citations / mean END) AS ncs,
        sum(weight * least(1, greatest(0, (n_all / 10 - n_above) / n_equal))) AS top_10,
        sum(weight * least(1, greatest(0, (n_all / 100 - n_above) / n_equal))) AS top_1
    FROM compared
    GROUP BY ALL
),

unit_place AS (
    SELECT u.*, p.* EXCLUDE (definition_id, register, work)
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
),

weighed AS (
    SELECT *, 'full' AS counting, 1.0::DOUBLE AS a FROM unit_place
    UNION ALL
    SELECT *, 'fractional', credit FROM unit_place
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
    LEFT JOIN score AS s USING (definition_id, register, work)
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
    INNER JOIN score USING (definition_id, register, work)
    GROUP BY ALL
),

lost AS (
    SELECT definition_id, register, scheme, field_id, year, sum(credit) AS lost
    FROM unit_place
    WHERE unit_type = 'unknown'
    GROUP BY ALL
),

whole AS (
    SELECT definition_id, register, scheme, field_id, year, count(*) AS n_world
    FROM place_of_work
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
    1 - coalesce(lost, 0) / n_world AS coverage,
    coalesce(year + citation_window - 1 > 2023, true) AS has_open_window,
    NULL AS not_computable
FROM effective AS m
INNER JOIN oracle_definitions USING (definition_id)
INNER JOIN whole USING (definition_id, register, scheme, field_id, year)
LEFT JOIN lost USING (definition_id, register, scheme, field_id, year);
