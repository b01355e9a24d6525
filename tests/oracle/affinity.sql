WITH in_place AS (
    SELECT u.definition_id, u.register, u.work, u.unit_type, u.unit_id, p.scheme, p.field_id, p.year
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
        count(*)::DOUBLE AS p
    FROM in_place AS a
    INNER JOIN in_place AS b USING (definition_id, register, work, scheme, field_id, year, unit_type)
    WHERE unit_type = 'country' AND a.unit_id <> b.unit_id
    GROUP BY ALL
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
    j.p
    * (
        SELECT sum(x.p) FROM joint AS x
        WHERE (x.definition_id, x.register, x.scheme, x.field_id, x.year)
        = (j.definition_id, j.register, j.scheme, j.field_id, j.year)
    )
    / (
        SELECT sum(x.p) FROM joint AS x
        WHERE (x.definition_id, x.register, x.scheme, x.field_id, x.year, x.unit_id)
        = (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.unit_id)
    )
    / (
        SELECT sum(x.p) FROM joint AS x
        WHERE (x.definition_id, x.register, x.scheme, x.field_id, x.year, x.unit_id)
        = (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.partner_id)
    ) AS probabilistic_affinity
FROM joint AS j
INNER JOIN total AS u
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.unit_id, 'country')
    = (u.definition_id, u.register, u.scheme, u.field_id, u.year, u.unit_id, u.unit_type)
INNER JOIN total AS v
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, j.partner_id, 'country')
    = (v.definition_id, v.register, v.scheme, v.field_id, v.year, v.unit_id, v.unit_type)
INNER JOIN total AS w
    ON (j.definition_id, j.register, j.scheme, j.field_id, j.year, 'world')
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.unit_type);
