WITH in_place AS (
    SELECT u.definition_id, u.register, u.work, u.unit_type, u.unit_id, u.credit, p.scheme, p.field_id, p.year
    FROM unit_work AS u
    INNER JOIN place_of_work AS p USING (definition_id, register, work)
    WHERE u.class = 'international' AND u.unit_type IN ('country', 'world')
),

total AS (
    SELECT definition_id, register, unit_type, unit_id, scheme, field_id, year, count(*) AS c
    FROM in_place
    GROUP BY ALL
),

joint AS (
    SELECT
        a.definition_id, a.register, a.scheme, a.field_id, a.year, a.unit_id,
        b.unit_id AS partner_id,
        count(*)::DOUBLE AS p,
        sum(1 / (s.n_countries - 1)) AS p_newman,
        sum(CASE WHEN a.credit + b.credit > 0 THEN 2 * a.credit * b.credit / (a.credit + b.credit) ELSE 0 END)
            AS p_harmonic
    FROM in_place AS a
    INNER JOIN in_place AS b USING (definition_id, register, work, scheme, field_id, year, unit_type)
    INNER JOIN spread AS s USING (definition_id, register, work)
    WHERE unit_type = 'country' AND a.unit_id <> b.unit_id
    GROUP BY ALL
),

link AS (
    SELECT definition_id, register, scheme, field_id, year, unit_id, sum(p) AS links FROM joint GROUP BY ALL
),

every AS (
    SELECT definition_id, register, scheme, field_id, year, sum(links) AS links FROM link GROUP BY ALL
)

SELECT
    j.*,
    'country' AS unit_type,
    'full' AS counting,
    u.c::DOUBLE AS p_int_unit,
    v.c::DOUBLE AS p_int_partner,
    w.c::DOUBLE AS p_int_world,
    j.p / sqrt(u.c * v.c) AS salton,
    j.p / (u.c + v.c - j.p) AS jaccard,
    j.p / least(u.c, v.c) AS inclusion,
    j.p ** 2 / (u.c * v.c) AS equivalence,
    j.p / (u.c * v.c) AS association,
    j.p * w.c / (u.c * v.c) AS collaboration_index,
    j.p * every.links / (mine.links * theirs.links) AS probabilistic_affinity,
    CASE
        WHEN theirs.links > j.p
            THEN (j.p / mine.links) / ((theirs.links - j.p) / (every.links - mine.links))
    END AS relative_intensity,
    NULL AS artifact
FROM joint AS j
INNER JOIN link AS mine
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.unit_id)
    = (mine.definition_id, mine.register, mine.scheme, mine.field_id, mine.year, mine.unit_id)
INNER JOIN link AS theirs
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.partner_id)
    = (theirs.definition_id, theirs.register, theirs.scheme, theirs.field_id, theirs.year, theirs.unit_id)
INNER JOIN every
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year)
    = (every.definition_id, every.register, every.scheme, every.field_id, every.year)
INNER JOIN total AS u
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.unit_id, 'country')
    = (u.definition_id, u.register, u.scheme, u.field_id, u.year, u.unit_id, u.unit_type)
INNER JOIN total AS v
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.partner_id, 'country')
    = (v.definition_id, v.register, v.scheme, v.field_id, v.year, v.unit_id, v.unit_type)
INNER JOIN total AS w
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, 'world')
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.unit_type);
