-- Works of five years up to each year, one by one, weighed by the credit of either side.
WITH placed AS (
    SELECT
        u.definition_id, u.register, u.work, u.unit_id, u.credit, u.class,
        p.scheme, p.field_id, p.year AS written, s.ncs, s.work IS NOT NULL AS is_scored
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    LEFT JOIN score_of_work AS s USING (definition_id, register, work)
    WHERE u.unit_type = 'country'
),

last_year AS (
    SELECT DISTINCT definition_id, register, scheme, field_id, year, is_provisional FROM place_of_work
),

joint AS (
    SELECT
        y.*,
        a.unit_id, b.unit_id AS partner_id, a.work, a.written, a.credit, a.ncs, a.is_scored
    FROM placed AS a
    INNER JOIN placed AS b USING (definition_id, register, work, scheme, field_id)
    INNER JOIN last_year AS y
        ON (a.definition_id, a.register, a.scheme, a.field_id) = (y.definition_id, y.register, y.scheme, y.field_id)
        AND a.written BETWEEN y.year - 4 AND y.year
    WHERE a.unit_id <> b.unit_id
),

pair AS (
    SELECT
        definition_id, register, scheme, field_id, year, is_provisional, unit_id, partner_id,
        count(*) AS p,
        count(*) FILTER (is_scored) AS p_scored,
        coalesce(sum(credit) FILTER (is_scored), 0) AS volume
    FROM joint
    GROUP BY ALL
),

-- Each scored work of the unit in the years of the row, and what it is beside the partner.
compared AS (
    SELECT
        r.definition_id, r.register, r.scheme, r.field_id, r.year, r.unit_id, r.partner_id,
        CASE
            WHEN w.class = 'domestic' THEN 'domestic'
            WHEN w.class <> 'international' THEN 'neither'
            WHEN exists(
                SELECT 1 FROM placed AS q
                WHERE
                    (q.definition_id, q.register, q.work, q.scheme, q.field_id, q.unit_id)
                    = (w.definition_id, w.register, w.work, w.scheme, w.field_id, r.partner_id)
            )
                THEN 'joint'
            ELSE 'other'
        END AS kind,
        w.credit AS a,
        w.ncs AS y
    FROM pair AS r
    INNER JOIN placed AS w
        ON (r.definition_id, r.register, r.scheme, r.field_id, r.unit_id)
        = (w.definition_id, w.register, w.scheme, w.field_id, w.unit_id)
        AND w.written BETWEEN r.year - 4 AND r.year
    WHERE w.is_scored AND w.credit > 0
),

mean AS (
    SELECT * EXCLUDE (a, y), sum(a * y) / sum(a) AS m FROM compared GROUP BY ALL
),

spread AS (
    SELECT c.* EXCLUDE (a, y), m.m, sum((a * (y - m.m)) ** 2) / sum(a) ** 2 AS v
    FROM compared AS c
    INNER JOIN mean AS m USING (definition_id, register, scheme, field_id, year, unit_id, partner_id, kind)
    GROUP BY ALL
),

side AS (
    SELECT
        r.*,
        j.m AS joint, d.m AS domestic, o.m AS other,
        j.m - d.m AS lift,
        1.959963984540054 * sqrt(CASE WHEN j.v > 1e-18 AND d.v > 1e-18 THEN j.v + d.v END) AS e,
        j.m - o.m AS lift_other,
        1.959963984540054 * sqrt(CASE WHEN j.v > 1e-18 AND o.v > 1e-18 THEN j.v + o.v END) AS e_other
    FROM pair AS r
    LEFT JOIN spread AS j
        ON (r.definition_id, r.register, r.scheme, r.field_id, r.year, r.unit_id, r.partner_id, 'joint')
        = (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.unit_id, j.partner_id, j.kind)
    LEFT JOIN spread AS d
        ON (r.definition_id, r.register, r.scheme, r.field_id, r.year, r.unit_id, r.partner_id, 'domestic')
        = (d.definition_id, d.register, d.scheme, d.field_id, d.year, d.unit_id, d.partner_id, d.kind)
    LEFT JOIN spread AS o
        ON (r.definition_id, r.register, r.scheme, r.field_id, r.year, r.unit_id, r.partner_id, 'other')
        = (o.definition_id, o.register, o.scheme, o.field_id, o.year, o.unit_id, o.partner_id, o.kind)
),

both_sides AS (
    SELECT
        i.*,
        i.volume * i.lift AS g, i.volume * i.e AS ge,
        j.volume * j.lift AS h, j.volume * j.e AS he,
        i.p_scored >= 30 AS is_enough,
        i.p_scored >= 30 AND i.lift IS NOT NULL AND j.lift IS NOT NULL AS is_told
    FROM side AS i
    INNER JOIN side AS j
        ON (i.definition_id, i.register, i.scheme, i.field_id, i.year, i.unit_id, i.partner_id)
        = (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.partner_id, j.unit_id)
)

SELECT
    definition_id, register, scheme, field_id, year, unit_id, partner_id, is_provisional,
    'country' AS unit_type,
    'fractional' AS counting,
    p::DOUBLE AS p, p_scored::DOUBLE AS p_scored, volume,
    CASE WHEN is_enough THEN joint END AS mncs_joint,
    domestic AS mncs_domestic,
    other AS mncs_other,
    CASE WHEN is_enough THEN lift END AS uplift,
    lift - e AS uplift_low,
    lift + e AS uplift_high,
    CASE WHEN is_enough THEN lift_other END AS uplift_other,
    lift_other - e_other AS uplift_other_low,
    lift_other + e_other AS uplift_other_high,
    CASE WHEN is_enough THEN g END AS gain,
    g - ge AS gain_low,
    g + ge AS gain_high,
    CASE WHEN is_enough THEN h END AS partner_gain,
    h - he AS partner_gain_low,
    h + he AS partner_gain_high,
    CASE WHEN is_told AND g > 0 AND h > 0 THEN least(g, h) / greatest(g, h) END AS balance,
    CASE WHEN is_told THEN coalesce(g > ge AND h > he, false) END AS is_win_win,
    CASE
        WHEN NOT is_told THEN NULL
        WHEN g > ge AND h > he THEN 'win-win'
        WHEN g > 0 AND h > 0 THEN 'both gain'
        WHEN g > 0 OR h > 0 THEN 'one-sided'
        ELSE 'neither gains'
    END AS benefit
FROM both_sides;
