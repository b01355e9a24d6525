SELECT
    a.definition_id, a.register, a.unit_type, a.unit_id, b.unit_id AS partner_id, p.scheme,
    p.field_id, p.year,
    count(*)::DOUBLE AS p,
    sum(1 / (s.n_countries - 1)) AS p_newman,
    sum(2 * a.credit * b.credit / (a.credit + b.credit)) AS p_harmonic,
    sum(a.credit) AS credit,
    sum(b.credit) AS partner_credit
FROM unit_work AS a
INNER JOIN unit_work AS b
    ON (a.definition_id, a.register, a.work, a.unit_type)
    = (b.definition_id, b.register, b.work, b.unit_type)
    AND a.unit_id <> b.unit_id
INNER JOIN spread AS s
    ON (a.definition_id, a.register, a.work) = (s.definition_id, s.register, s.work)
INNER JOIN place_of_work AS p
    ON (a.definition_id, a.register, a.work) = (p.definition_id, p.register, p.work)
WHERE a.unit_type = 'country'
GROUP BY ALL;
